"""The staff's admin site: with a one-time code wherever STAFF_REQUIRE_OTP says so."""

from django.contrib.admin.apps import AdminConfig


class StaffAdmin(AdminConfig):
    default_site = "crc_site.staff.StaffSite"
