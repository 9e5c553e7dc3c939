from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "screening.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        from screening.staff import history, pauses  # noqa: F401 (they listen for sign-ins)
