"""The sign-in form: user name, password, and one field for the app's code or a recovery code."""

from typing import Any

from django import forms
from django.conf import settings
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
    """After sign-in with a recovery code, show how many are left."""
    if isinstance(getattr(user, "otp_device", None), StaticDevice):
        count = recovery_codes.remaining_codes(user)
        text = ngettext(
            "You used a recovery code; %(count)s is left. If your phone is lost, ask a manager for a new link.",
            "You used a recovery code; %(count)s are left. If your phone is lost, ask a manager for a new link.",
            count,
        )
        messages.warning(request, text % {"count": count}, fail_silently=True)


class CodeInput(forms.PasswordInput):
    """A visible input that is empty when the form is shown again, since a code is valid once."""

    input_type = "text"


class StaffLoginForm(OTPAdminAuthenticationForm):
    """Admin sign-in with a one-time code. The code's length tells the device, so there is no choice of devices."""

    cleaned_data: dict[str, Any]

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
        "device_required": _(
            "No one-time code opens this account. Ask a manager for an enrolment link, or use a passkey."
        ),
        "invalid_token": _("This code is wrong or was used already. Wait for the next one and try again."),
        "n_failed_attempts": _("There were too many wrong codes. Wait a few minutes, then try again."),
    }

    def clean_otp_token(self) -> str:
        return "".join(self.cleaned_data["otp_token"].replace("-", " ").split())

    def clean(self) -> dict[str, Any]:
        """Check the password only if a code was entered; a wrong code counts as a failed sign-in."""
        if "otp_token" not in self.cleaned_data:
            return self.cleaned_data
        try:
            cleaned: dict[str, Any] = super().clean()
        except forms.ValidationError as error:
            if error.code == "invalid_token":
                credentials = {"username": self.cleaned_data["username"]}
                user_login_failed.send(sender=__name__, credentials=credentials, request=self.request)
            raise
        return cleaned

    def _chosen_device(self, user: AbstractBaseUser) -> Device | None:
        if settings.STAFF_REQUIRE_PASSKEY and not recovery_codes.is_recovery_code(self.cleaned_data["otp_token"]):
            return None
        model = StaticDevice if recovery_codes.is_recovery_code(self.cleaned_data["otp_token"]) else Authenticator
        return model.objects.select_for_update().filter(user_id=user.pk).first()

    def _verify_token(self, user: AbstractBaseUser, token: str, device: Device | None = None) -> Device:
        stored = recovery_codes.hash_code(user, token) if isinstance(device, StaticDevice) else token
        return super()._verify_token(user, stored, device)
