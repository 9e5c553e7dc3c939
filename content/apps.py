from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "content"

    def ready(self) -> None:
        from content.imaging import photographs  # noqa: F401 (they register their checks)
