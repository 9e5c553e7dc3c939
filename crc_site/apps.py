"""The staff's admin site: with a one-time code wherever STAFF_REQUIRE_OTP says so."""

from django.contrib.admin.apps import AdminConfig


class StaffAdmin(AdminConfig):
    default_site = "screening.accounts.admin_site.StaffSite"

    def ready(self) -> None:
        from crc_site.middleware import session_timeout  # noqa: F401 (it listens for sign-ins)

        super().ready()
