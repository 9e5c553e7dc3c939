"""Django's admin site under the clinic's name, with a one-time code at sign-in wherever STAFF_REQUIRE_OTP says so."""

from django import forms
from django.conf import settings
from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _
from django_otp import devices_for_user
from django_otp.admin import OTPAdminAuthenticationForm, OTPAdminSite


class StaffLoginForm(OTPAdminAuthenticationForm):
    """User name, password and code on one page; a person has one code generator, so nobody chooses a device."""

    otp_token = forms.CharField(
        required=False,
        label=_("One-time code"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 8}),
    )
    otp_error_messages = OTPAdminAuthenticationForm.otp_error_messages | {
        "token_required": _("Enter the code that your authenticator app shows."),
        "device_required": _("This account has no one-time code yet. Ask a manager to set it up."),
        "invalid_token": _("This code is wrong or was used already. Wait for the next one and try again."),
    }

    def _chosen_device(self, user):
        return next(iter(devices_for_user(user, for_verify=True)), None)


class StaffSite(OTPAdminSite if settings.STAFF_REQUIRE_OTP else AdminSite):
    site_header = _("CRC staff")
    site_title = _("CRC staff")
    index_title = _("Staff desk")
    site_url = "/"
    enable_nav_sidebar = False
    if settings.STAFF_REQUIRE_OTP:
        login_form = StaffLoginForm
        login_template = "admin/staff_login.html"

    def __init__(self, name: str = "admin"):
        # OTPAdminSite would call itself "otpadmin"; the admin's own addresses are reversed by "admin".
        super().__init__(name)
