"""Django form fields that clean what people type and say what to do when it cannot be used."""

import re
from collections.abc import Sequence
from typing import Any

import idna
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from screening.questionnaire import phones
from screening.questionnaire.text_cleaning import clean_text

IN_ITS_OWN_DIRECTION = {"dir": "auto"}  # what is typed in Arabic or Hebrew runs from the right, on any page
_LONGEST_LOCAL_PART = 64  # characters in front of the @, by RFC 5321
_UNSEEN_IN_ADDRESS = re.compile("(?<=[!-~])[\u200b-\u200d]+|[\u200b-\u200d]+(?=[!-~])")


class CleanCharField(forms.CharField):
    """One line of text, or several."""

    def __init__(self, *, lines: bool = False, **kwargs: Any):
        super().__init__(**kwargs)
        self.lines = lines

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "", lines=self.lines)

    def widget_attrs(self, widget: forms.Widget) -> dict:
        return super().widget_attrs(widget) | IN_ITS_OWN_DIRECTION


class CleanEmailField(forms.EmailField):
    """An address that mail can be sent to over the open network, kept as it was typed."""

    default_validators = [EmailValidator(allowlist=[])]
    default_error_messages = {
        "invalid": _("Enter an e-mail address like name@example.com"),
        "too_long_before_at": _(
            "The part before the @ has %(length)d characters, and mail can only have %(most)d there. "
            "Look whether something was typed twice, or enter another address"
        ),
    }

    def widget_attrs(self, widget: forms.Widget) -> dict:
        return super().widget_attrs(widget) | IN_ITS_OWN_DIRECTION

    def to_python(self, value: Any) -> str:
        return clean_text(_UNSEEN_IN_ADDRESS.sub("", super().to_python(value) or ""))

    def run_validators(self, value: str) -> None:
        before_at = len(value.rpartition("@")[0])
        if before_at > _LONGEST_LOCAL_PART:
            params = {"length": before_at, "most": _LONGEST_LOCAL_PART}
            raise ValidationError(self.error_messages["too_long_before_at"], code="too_long_before_at", params=params)
        super().run_validators(value)

    def clean(self, value: Any) -> str:
        address = str(super().clean(value))
        if address.endswith("]") or not _can_be_delivered(address):  # a bare IP address ends in a bracket
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return address


def deliverable(address: str) -> str:
    """The address for mail's envelope and headers: its domain in ASCII by IDNA 2008, which keeps ß apart from ss.

    Django's own conversion follows IDNA 2003, by which some addresses would reach another person's domain. Raises
    ValueError for a domain that cannot exist.
    """
    local_part, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    return f"{local_part}{at}{idna.encode(domain, uts46=True, std3_rules=True).decode('ascii')}"


def _can_be_delivered(address: str) -> bool:
    try:
        deliverable(address)
    except ValueError:
        return False
    return True


class PhoneField(CleanCharField):
    """A telephone number of any country as people write it, kept in the stored form of `phones`.

    A number that fits several countries is refused, unless a form that asks which one sets ``country``: to the
    chosen region in lower case, or to nothing while none is chosen, when its own question has the error.
    """

    widget = forms.TelInput
    country: str | None = None

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return self._chosen(self.numbers_meant(text)) if text else ""

    def numbers_meant(self, text: str) -> list[str]:
        try:
            return phones.numbers_meant(text)
        except phones.SeveralNumbers:
            raise ValidationError(_("Enter one phone number only"), code="several") from None

    def _chosen(self, meant: list[str]) -> str:
        if not meant:
            raise ValidationError(
                _("Enter a phone number with its area code, like 619 555 0123 or +52 664 123 4567"), code="invalid"
            )
        if len(meant) == 1:
            return meant[0]
        if self.country is None:
            choices = get_text_list([phones.with_country(number) for number in meant], gettext("or"))
            raise ValidationError(
                _("It fits more than one country. Enter it with the country code: %(choices)s"),
                code="country",
                params={"choices": choices},
            )
        return next((number for number in meant if phones.region_of(number).lower() == self.country), "")

    def prepare_value(self, value: Any) -> Any:
        return phones.spoken(value) if value else value


class ExclusiveMultipleChoiceField(forms.MultipleChoiceField):
    """Several answers, but an option that stands alone, such as None or Not sure, only by itself."""

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
