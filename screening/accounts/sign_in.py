"""Sign-in on one page: user name, password, and the code of the app or a recovery code in one field."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_otp.admin import OTPAdminAuthenticationForm
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice

from screening.accounts import recovery_codes
from screening.accounts.models import Authenticator


@receiver(user_logged_in)
def warn_about_remaining_codes(sender: object, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> None:
    """Who came in by a recovery code may need a new link before the last one is used."""
    if isinstance(getattr(user, "otp_device", None), StaticDevice):
        count = recovery_codes.remaining_codes(user)
        told = ngettext(
            "You used a recovery code; %(count)s is left. If your phone is lost, ask a manager for a new link.",
            "You used a recovery code; %(count)s are left. If your phone is lost, ask a manager for a new link.",
            count,
        )
        messages.warning(request, told % {"count": count}, fail_silently=True)


class CodeInput(forms.PasswordInput):
    """To be seen while typing, and empty again when the page comes back: a code is good once."""

    input_type = "text"


class StaffLoginForm(OTPAdminAuthenticationForm):
    """A person has one app and one set of recovery codes, so nobody chooses a device: the code's length tells."""

    otp_token = forms.CharField(
        label=_("One-time code"),
        max_length=30,
        help_text=_("From your authenticator app, or one of your recovery codes."),
        widget=CodeInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    error_messages = OTPAdminAuthenticationForm.error_messages | {
        "invalid_login": _("User name or password is wrong. Capital and small letters count."),
    }
    otp_error_messages = OTPAdminAuthenticationForm.otp_error_messages | {
        "device_required": _("This account has no one-time code. Ask a manager for an enrolment link."),
        "invalid_token": _("This code is wrong or was used already. Wait for the next one and try again."),
        "n_failed_attempts": _("There were too many wrong codes. Wait a few minutes, then try again."),
    }

    def clean_otp_token(self) -> str:
        return "".join(self.cleaned_data["otp_token"].replace("-", " ").split())

    def clean(self) -> dict:
        """Without a code the password is not even looked at; a wrong code counts like a wrong password."""
        if "otp_token" not in self.cleaned_data:
            return self.cleaned_data
        try:
            return super().clean()
        except forms.ValidationError as error:
            if error.code == "invalid_token":
                tried = {"username": self.cleaned_data["username"]}
                user_login_failed.send(sender=__name__, credentials=tried, request=self.request)
            raise

    def _chosen_device(self, user: AbstractBaseUser) -> Device | None:
        kind = StaticDevice if recovery_codes.is_recovery_code(self.cleaned_data["otp_token"]) else Authenticator
        return kind.objects.select_for_update().filter(user=user).first()

    def _verify_token(self, user: AbstractBaseUser, token: str, device: Device | None = None) -> Device:
        kept = recovery_codes.hash_code(user, token) if isinstance(device, StaticDevice) else token
        return super()._verify_token(user, kept, device)
