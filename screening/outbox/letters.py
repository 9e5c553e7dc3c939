"""Renders letters from the encrypted inquiry when they are sent; the result is not stored.

The preview for staff and the mail come from one function, so they are equal.
"""

import re
from dataclasses import dataclass
from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

from content import placeholders
from content.documents import Letter as LetterText
from content.library import library
from content.rendering import render
from screening.inquiries import clinic_time, services
from screening.inquiries.calendar_files import calendar_file, method_of
from screening.inquiries.greeting import first_name
from screening.inquiries.patient_links import copy_token, page_token, withdraw_token
from screening.models import Appointment, Inquiry, Letter
from screening.outbox import digest
from screening.questionnaire.fields import deliverable

REMINDER = "appointment-reminder"

_TO_ASSIGNEE = ("replied", "appointment")
_AUTOLINK = re.compile(r"<(https?://[^>]+)>")


class NoSuchLetter(Exception):
    """Staff may not choose a letter of this name, or there is none."""


class NoAddress(Exception):
    """There is no e-mail address, or the inquiry is withdrawn."""


class PlaceholderMissing(Exception):
    """Placeholders of the letter have no value: ``names``. ``free_text`` among them stands for staff's paragraph."""

    def __init__(self, names: set[str]):
        super().__init__(", ".join(sorted(names)))
        self.names = names


@dataclass(frozen=True)
class RenderedLetter:
    """A letter with its placeholders filled. ``html`` (safe) is the content of the body; ``to`` is as typed."""

    language: str
    to: list[str]
    subject: str
    text: str
    html: SafeString


def letter_choices() -> list[tuple[str, str]]:
    """The letters staff may send, as (name, title in the active language), in the library's order."""
    return [(text.slug, text.choice) for text in library().texts_in().letters.values() if text.choice]


def preview(inquiry: Inquiry, name: str, free_text: str, language: str | None = None) -> RenderedLetter:
    """Render a letter of staff's choice with their paragraph ``free_text``, in the patient's language.

    Another ``language`` is for staff to read only. Raises NoSuchLetter, NoAddress or PlaceholderMissing.
    """
    if inquiry.is_withdrawn:
        raise NoAddress
    text = library().texts_in(language or language_of(inquiry)).letters.get(name)
    if text is None or not text.choice:
        raise NoSuchLetter
    return _to_patient(inquiry, text, free_text.strip())


def build_message(letter: Letter) -> EmailMultiAlternatives:
    """The mail as text and HTML. The Message-ID is derived from the letter's id, so that a repeat can be recognized."""
    rendered = _render(letter)
    mail = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=formataddr((settings.CLINIC_NAME, deliverable(settings.DEFAULT_FROM_EMAIL))),
        to=[deliverable(address) for address in rendered.to],
        headers={"Message-ID": f"<{letter.pk}@{urlsplit(settings.SITE_URL).hostname}>"},
    )
    if not letter.is_from_staff:
        mail.extra_headers["Auto-Submitted"] = "auto-generated"
    context = {"html": rendered.html, "language": rendered.language, "title": rendered.subject}
    mail.attach_alternative(render_to_string("letters/letter.html", context), "text/html")
    if letter.appointment and letter.name != REMINDER:
        _attach_calendar_file(mail, letter.appointment)
    return mail


def _attach_calendar_file(mail: EmailMultiAlternatives, appointment: Appointment) -> None:
    kind = f"text/calendar; method={method_of(appointment)}"
    mail.attach(f"{appointment.inquiry.reference}.ics", calendar_file(appointment), kind)


def _render(letter: Letter) -> RenderedLetter:
    if letter.name in Letter.TO_STAFF:
        return _to_staff(letter)
    if letter.inquiry is None:
        raise ValueError(f"the letter {letter.name} needs an inquiry")
    if letter.is_from_staff:
        return preview(letter.inquiry, letter.name, letter.free_text)
    texts = library().texts_in(language_of(letter.inquiry)).letters
    if letter.appointment:
        is_cancelled = letter.appointment.state == Appointment.State.CANCELLED
        name = "appointment-cancelled" if is_cancelled else letter.name
        return _to_patient(letter.inquiry, texts[name], **_appointment_values(letter.appointment, texts[name].language))
    text = texts[letter.name]
    if letter.name == "code":
        access = services.find_access(letter.pk)  # None if the patient asked for another one meanwhile
        return _to_patient(letter.inquiry, text, access_code=services.access_code(access) if access else "")
    return _to_patient(letter.inquiry, text)


def _to_patient(inquiry: Inquiry, text: LetterText, free_text: str = "", **values: str) -> RenderedLetter:
    address = inquiry.contact.get("email")
    if not address:
        raise NoAddress
    return _fill(text, [address], _patient_values(inquiry) | values, free_text)


def _to_staff(letter: Letter) -> RenderedLetter:
    text = library().texts_in(settings.LANGUAGE_CODE).letters[letter.name]
    with translation.override(text.language):
        values = _staff_values(letter.inquiry) if letter.inquiry else digest.placeholder_values(timezone.now())
    if letter.appointment:
        values |= _appointment_values(letter.appointment, text.language, for_patient=False)
    return _fill(text, _staff_addresses(letter), values)


def _staff_addresses(letter: Letter) -> list[str]:
    """The assignee's address for what their patient does, if they have one; else STAFF_NOTIFY_TO."""
    assignee = letter.inquiry.assignee if letter.inquiry and letter.name in _TO_ASSIGNEE else None
    return [assignee.email] if assignee and assignee.email and assignee.is_active else settings.STAFF_NOTIFY_TO


def _fill(text: LetterText, to: list[str], values: dict[str, str], free_text: str = "") -> RenderedLetter:
    """Fill the placeholders. ``free_text`` is inserted last: it is parsed neither for placeholders nor as Markdown."""
    known = placeholders.site_values() | values
    _check_placeholders(text, known, free_text)
    if not free_text:
        known[placeholders.FREE_TEXT] = ""  # removes its line if the paragraph is optional
    subject = placeholders.fill(text.title, known)
    filled = re.sub(r"\n{3,}", "\n\n", placeholders.fill(text.source, known)).strip()
    html = render(filled, language=text.language, default_language=settings.LANGUAGE_CODE).html
    marker = f"{{{placeholders.FREE_TEXT}}}"
    return RenderedLetter(
        language=text.language,
        to=to,
        subject=subject,
        text=_AUTOLINK.sub(r"\1", filled).replace(marker, free_text) + "\n",
        html=mark_safe(html.replace(f"<p>{marker}</p>", _paragraphs(free_text))),
    )


def _paragraphs(free_text: str) -> str:
    """Staff's text as escaped HTML; each paragraph in the text direction of its script."""
    return linebreaks(free_text, autoescape=True).replace("<p>", '<p dir="auto">')


def _check_placeholders(text: LetterText, known: dict[str, str], free_text: str) -> None:
    """Raise PlaceholderMissing for unknown placeholders, empty ones in the subject, and a missing paragraph."""
    used = placeholders.names_in(text.source) | placeholders.names_in(text.title)
    missing = used - set(known) - {placeholders.FREE_TEXT}
    missing |= {name for name in placeholders.names_in(text.title) if not known.get(name)}
    if text.needs_paragraph and not free_text:
        missing.add(placeholders.FREE_TEXT)
    if missing:
        raise PlaceholderMissing(missing)


def language_of(inquiry: Inquiry) -> str:
    """The patient's preferred language if the clinic has letters in it, else the inquiry's."""
    preferred = inquiry.contact["language"]
    return preferred if preferred in library().by_language else inquiry.language


def _staff_values(inquiry: Inquiry) -> dict[str, str]:
    path = reverse("admin:screening_inquiry_change", args=[inquiry.pk])
    return {"reference": inquiry.reference, "sign_in_link": settings.SITE_URL + path}


def _appointment_values(appointment: Appointment, language: str, *, for_patient: bool = True) -> dict[str, str]:
    """The time as the patient chose to read it, and as it is at the clinic if that differs; for staff, the latter."""
    zone = (appointment.time_zone if for_patient else "") or clinic_time.clinic_zone()
    with translation.override(language):
        at_clinic = clinic_time.time_in_words(appointment.starts_at)
        return {
            "appointment_time": clinic_time.time_in_words(appointment.starts_at, zone),
            "appointment_clinic_time": at_clinic if zone != clinic_time.clinic_zone() else "",
            "appointment_kind": str(Appointment.Kind(appointment.kind).label),
            "appointment_state": str(Appointment.State(appointment.state).label),
        }


def _patient_values(inquiry: Inquiry) -> dict[str, str]:
    with translation.override(language_of(inquiry)):
        withdraw = reverse("withdraw", args=[withdraw_token(inquiry)])
        copy = reverse("copy", args=[copy_token(inquiry)])
        page = reverse("inquiry", args=[page_token(inquiry)])
    return {
        "first_name": first_name(inquiry.contact["name"]),
        "reference": inquiry.reference,
        "inquiry_link": settings.SITE_URL + page,
        "withdraw_link": settings.SITE_URL + withdraw,
        "copy_link": settings.SITE_URL + copy,
    }
