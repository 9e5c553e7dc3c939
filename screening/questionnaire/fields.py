"""Django form fields that clean what people type and say what to do when it cannot be used."""

import re

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.mail.message import sanitize_address
from django.core.validators import EmailValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from screening.questionnaire.text_cleaning import clean_text

# Whose national numbers are tried first, by the language of the page.
_OLD_MEXICAN_MOBILE = re.compile(r"^\s*\+?52[\s.-]*1[\s.-]*(?=(?:\d[\s.()-]*){10}$)")
_ABROAD = re.compile(r"^\s*(?:011|00)[\s.-]*(?=[1-9](?:[\s.()-]*\d){9,14}\s*$)")
_TRUNK = re.compile(r"^\s*(?:044|045|01)[\s.-]*(?=(?:\d[\s.()-]*){10}$)")
_REGIONS = {"en": ("US", "MX"), "es": ("MX", "US")}


class CleanCharField(forms.CharField):
    """One line of text, or several."""

    def __init__(self, *, lines: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.lines = lines

    def to_python(self, value) -> str:
        return clean_text(super().to_python(value), lines=self.lines)


class CleanEmailField(forms.EmailField):
    """An address that mail can be sent to over the open network."""

    default_validators = [EmailValidator(allowlist=[])]
    default_error_messages = {"invalid": _("Enter an e-mail address like name@example.com")}

    def to_python(self, value) -> str:
        return clean_text(super().to_python(value))

    def clean(self, value) -> str:
        address = super().clean(value)
        try:
            sanitize_address(address, "utf-8") if address else None
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if address.endswith("]"):  # a bare IP address
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return address


class PhoneField(CleanCharField):
    """A telephone number of any country as people write it, kept in E.164."""

    widget = forms.TelInput

    def to_python(self, value) -> str:
        text = super().to_python(value)
        return e164(text) if text else ""

    def prepare_value(self, value):
        return international_format(value) if value else value


def e164(text: str) -> str:
    """A number in E.164; without a country code, the regions of the page's language are tried in turn."""
    # Mexican mobile numbers were long dialled with a 1 after the country code, and many people still write it.
    text = _OLD_MEXICAN_MOBILE.sub("+52 ", text)
    # As were these in front of a number within Mexico, and 011 or 00 in front of a country code.
    text = _ABROAD.sub("+", _TRUNK.sub("+52 ", text))
    for region in _REGIONS.get(get_language() or "en", _REGIONS["en"]):
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if number.extension:
            continue
        is_international = text.lstrip("( ").startswith("+")
        if phonenumbers.is_valid_number_for_region(number, region) or (
            is_international and phonenumbers.is_valid_number(number)
        ):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise ValidationError(
        _("Enter a phone number with its area code, like 619 555 0123 or +52 664 123 4567"), code="invalid"
    )


def international_format(number: str) -> str:
    """An E.164 number with the spaces that make it readable; anything else as it is."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


class ExclusiveMultipleChoiceField(forms.MultipleChoiceField):
    """Several answers, but an option that stands alone, such as None or Not sure, only by itself."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, alone: dict[str, str], **kwargs):
        super().__init__(**kwargs)
        self.alone = alone

    def clean(self, value) -> list[str]:
        chosen = super().clean(value)
        for option, label in self.alone.items():
            if option in chosen and len(chosen) > 1:
                raise ValidationError(
                    _("Choose “%(option)s” on its own, or the answers that apply"),
                    params={"option": label},
                    code="alone",
                )
        return [choice for choice, _label in self.choices if choice in chosen]
