from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "content"

    def ready(self) -> None:
        from content import checks  # noqa: F401 (registers its check)
        from content.imaging import photographs  # noqa: F401 (registers its check)
