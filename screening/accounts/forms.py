"""Forms for enrolment (password, then code) and for a manager's changes to an account."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from screening.accounts.models import Member
from screening.accounts.passkeys import NAME_LENGTH
from screening.accounts.permissions import GROUP_LABELS
from screening.accounts.sign_in import CodeInput


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choose a password")},
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Enter the password a second time")},
    )
    advice = lazy(password_validators_help_texts, list)()

    def __init__(self, member: User, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.member = member

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.member)
        return password

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if {"password", "again"} <= cleaned.keys() and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("The two passwords are not the same. Enter both once more."))
        return cleaned


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The six digits that the app shows now"),
        max_length=20,
        widget=CodeInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Enter the six digits that the app shows")},
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())


class PasskeyForm(forms.Form):
    """The name of a new passkey, and the browser's answer, which `passkeys` verifies."""

    name = forms.CharField(
        label=_("A name for it, such as Clinic laptop"),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Give the passkey a name, so that you tell it from others")},
    )
    passkey = forms.CharField(widget=forms.HiddenInput)


def _groups() -> list[tuple[str, str]]:
    return [(name, f"{label}: {meaning}") for name, (label, meaning) in GROUP_LABELS.items()]


class MemberForm(forms.ModelForm):
    """The fields of an account that a manager may change."""

    group = forms.ChoiceField(
        label=_("Group"),
        choices=_groups,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Member
        fields = ("username", "first_name", "last_name", "email", "is_active")
        field_classes = {"username": UsernameField}
        labels = {"is_active": _("May sign in")}
        help_texts = {
            "username": _("For signing in. It stays as it is, since the records name it."),
            "is_active": _("Without this mark the person cannot sign in. Accounts are never deleted."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["group"] = self.instance.group_name
