"""The admin site of staff."""

from django.contrib.admin.apps import AdminConfig


class StaffAdmin(AdminConfig):
    default_site = "screening.accounts.admin_site.StaffSite"

    def ready(self) -> None:
        from crc_site.middleware import session_timeout  # noqa: F401 (registers its signal receiver)

        super().ready()
