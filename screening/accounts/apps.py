from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "screening.accounts"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        from screening.accounts import audit_trail, lockout  # noqa: F401 (signal receivers)
