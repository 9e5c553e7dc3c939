"""Django form fields that clean and validate typed input."""

import re
from collections.abc import Sequence
from typing import Any, TypeVar

import idna
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from screening.questionnaire import phones
from screening.questionnaire.text_cleaning import clean_text

_AUTO_DIRECTION = {"dir": "auto"}  # Arabic or Hebrew input runs from the right, on any page
_MAX_LOCAL_PART = 64  # characters before the @, by RFC 5321
_ZERO_WIDTH_IN_ADDRESS = re.compile("(?<=[!-~])[\u200b-\u200d]+|[\u200b-\u200d]+(?=[!-~])")

TOO_LONG = _("Write no more than %(limit_value)d characters. You have written %(show_value)d.")
FieldType = TypeVar("FieldType", bound=forms.Field)


def without_maxlength(field: FieldType) -> FieldType:
    """The field without `maxlength`: browsers cut pasted text silently, the server says what is too long."""
    field.widget.attrs.pop("maxlength", None)
    return field


class CleanCharField(forms.CharField):
    """Text without control characters; of one line unless ``lines``."""

    def __init__(self, *, lines: bool = False, **kwargs: Any):
        super().__init__(**kwargs)
        self.lines = lines

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "", lines=self.lines)

    def widget_attrs(self, widget: forms.Widget) -> dict:
        return super().widget_attrs(widget) | _AUTO_DIRECTION


class CleanEmailField(forms.EmailField):
    """An e-mail address that is deliverable on the internet, stored as typed."""

    default_validators = [EmailValidator(allowlist=[])]
    default_error_messages = {
        "invalid": _("Enter an e-mail address like name@example.com"),
        "too_long_before_at": _(
            "The part before the @ has %(length)d characters, and mail can only have %(most)d there. "
            "Look whether something was typed twice, or enter another address"
        ),
    }

    def widget_attrs(self, widget: forms.Widget) -> dict:
        return super().widget_attrs(widget) | _AUTO_DIRECTION

    def to_python(self, value: Any) -> str:
        return clean_text(_ZERO_WIDTH_IN_ADDRESS.sub("", super().to_python(value) or ""))

    def run_validators(self, value: str) -> None:
        before_at = len(value.rpartition("@")[0])
        if before_at > _MAX_LOCAL_PART:
            params = {"length": before_at, "most": _MAX_LOCAL_PART}
            raise ValidationError(self.error_messages["too_long_before_at"], code="too_long_before_at", params=params)
        super().run_validators(value)

    def clean(self, value: Any) -> str:
        address = str(super().clean(value))
        if address.endswith("]") or not _is_deliverable(address):  # "]": an IP address
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return address


def deliverable(address: str) -> str:
    """The address for SMTP, with its domain in ASCII by IDNA 2008, which distinguishes ß from ss.

    Django's conversion uses IDNA 2003, with which some mail would reach another domain. Raises ValueError for an
    invalid domain.
    """
    local_part, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    return f"{local_part}{at}{idna.encode(domain, uts46=True, std3_rules=True).decode('ascii')}"


def _is_deliverable(address: str) -> bool:
    try:
        deliverable(address)
    except ValueError:
        return False
    return True


class PhoneField(CleanCharField):
    """A phone number of any country, converted to the stored form of `phones`.

    A number that is valid in several countries is rejected, unless the form asks for the country and sets ``country``:
    to the region in lower case, or to "" if none is chosen (the error is then on the country's question).
    """

    widget = forms.TelInput
    country: str | None = None

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return self._select(self.numbers_meant(text)) if text else ""

    def numbers_meant(self, text: str) -> list[str]:
        try:
            return phones.numbers_meant(text)
        except phones.SeveralNumbers:
            raise ValidationError(_("Enter one phone number only"), code="several") from None

    def _select(self, numbers: list[str]) -> str:
        if not numbers:
            raise ValidationError(
                _("Enter a phone number with its area code, like 619 555 0123 or +52 664 123 4567"), code="invalid"
            )
        if len(numbers) == 1:
            return numbers[0]
        if self.country is None:
            choices = get_text_list([phones.with_country(number) for number in numbers], gettext("or"))
            raise ValidationError(
                _("It fits more than one country. Enter it with the country code: %(choices)s"),
                code="country",
                params={"choices": choices},
            )
        return next((number for number in numbers if phones.region_of(number).lower() == self.country), "")

    def prepare_value(self, value: Any) -> Any:
        return phones.spoken(value) if value else value


class ExclusiveMultipleChoiceField(forms.MultipleChoiceField):
    """Multiple choice in which the options in ``alone`` ({value: label}), such as Not sure, exclude all others."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, alone: dict[str, str], choices: Sequence[tuple[str, Any]], **kwargs: Any):
        super().__init__(choices=choices, **kwargs)
        self.alone = alone
        self.values = [value for value, _label in choices]

    def clean(self, value: Any) -> list[str]:
        chosen = super().clean(value)
        for option, label in self.alone.items():
            if option in chosen and len(chosen) > 1:
                raise ValidationError(
                    _("Choose “%(option)s” on its own, or the answers that apply"),
                    params={"option": label},
                    code="alone",
                )
        return [value for value in self.values if value in chosen]
