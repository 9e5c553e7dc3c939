"""Django's admin site under the clinic's name."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _
from django_otp.admin import OTPAdminSite


class StaffSite(OTPAdminSite if settings.STAFF_REQUIRE_OTP else AdminSite):
    site_header = _("CRC staff")
    site_title = _("CRC staff")
    index_title = _("Staff desk")
    site_url = "/"
    enable_nav_sidebar = False

    def __init__(self, name: str = "admin"):
        # OTPAdminSite would call itself "otpadmin"; the admin's own addresses are reversed by "admin".
        super().__init__(name)
