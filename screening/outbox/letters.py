"""A letter that is owed becomes a mail: rendered from the sealed inquiry when it is sent, and kept nowhere.

What staff see before they send and what is sent come from one function, so they are the same.
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
from content.documents import Letter as Text
from content.library import library
from content.rendering import render
from screening.inquiries.greeting import first_name
from screening.inquiries.patient_links import copy_token, withdraw_token
from screening.models import Inquiry, Letter
from screening.outbox import digest
from screening.questionnaire.fields import deliverable

_AUTOLINK = re.compile(r"<(https?://[^>]+)>")


class NoSuchLetter(Exception):
    """There is no letter of this name that staff may choose."""


class NoAddress(Exception):
    """The person has given no e-mail address."""


class PlaceholderMissing(Exception):
    """The letter would go out with a hole in it; ``names`` says which blanks: ``free_text`` is staff's paragraph."""

    def __init__(self, names: set[str]):
        super().__init__(", ".join(sorted(names)))
        self.names = names


@dataclass(frozen=True)
class RenderedLetter:
    """A letter with its blanks filled. ``html`` is what stands in the body, safe to be shown on a page.

    ``to`` has the addresses as people typed them.
    """

    language: str
    to: list[str]
    subject: str
    text: str
    html: SafeString


def letter_choices() -> list[tuple[str, str]]:
    """The letters staff may send: name, and title in the reader's language, in the order of the front matter."""
    return [(text.slug, text.choice) for text in library().shelf().letters.values() if text.choice]


def preview(inquiry: Inquiry, name: str, free_text: str, language: str | None = None) -> RenderedLetter:
    """A letter of staff's choice as it would be sent, in the patient's language, ``free_text`` in its place.

    In another ``language`` it is for staff to read: nothing is sent in it. Raises NoSuchLetter, NoAddress or
    BlankMissing where it could not be sent.
    """
    if inquiry.is_withdrawn:
        raise NoAddress
    text = library().shelf(language or language_of(inquiry)).letters.get(name)
    if text is None or not text.choice:
        raise NoSuchLetter
    return _to_patient(inquiry, text, free_text.strip())


def build_message(letter: Letter) -> EmailMultiAlternatives:
    """The mail, as text and as HTML. Its Message-ID is the letter's own, so that a repeat is seen to be one."""
    written = _render(letter)
    mail = EmailMultiAlternatives(
        subject=written.subject,
        body=written.text,
        from_email=formataddr((settings.CLINIC_NAME, deliverable(settings.DEFAULT_FROM_EMAIL))),
        to=[deliverable(address) for address in written.to],
        headers={"Message-ID": f"<{letter.pk}@{urlsplit(settings.SITE_URL).hostname}>"},
    )
    if not letter.is_from_staff:
        mail.extra_headers["Auto-Submitted"] = "auto-generated"
    context = {"html": written.html, "language": written.language, "title": written.subject}
    mail.attach_alternative(render_to_string("letters/letter.html", context), "text/html")
    return mail


def _render(letter: Letter) -> RenderedLetter:
    if letter.name in Letter.TO_STAFF:
        return _to_staff(letter)
    if letter.is_from_staff:
        return preview(letter.inquiry, letter.name, letter.free_text)
    return _to_patient(letter.inquiry, library().shelf(language_of(letter.inquiry)).letters[letter.name])


def _to_patient(inquiry: Inquiry, text: Text, free_text: str = "") -> RenderedLetter:
    address = inquiry.contact.get("email")
    if not address:
        raise NoAddress
    return _fill(text, [address], _patient_values(inquiry), free_text)


def _to_staff(letter: Letter) -> RenderedLetter:
    text = library().shelf(settings.LANGUAGE_CODE).letters[letter.name]
    with translation.override(text.language):
        values = _staff_values(letter.inquiry) if letter.inquiry_id else digest.placeholder_values(timezone.now())
    return _fill(text, settings.STAFF_NOTIFY_TO, values)


def _fill(text: Text, to: list[str], values: dict[str, str], free_text: str = "") -> RenderedLetter:
    """The text with its blanks filled; staff's own words are put in last, and are never read as blanks or Markdown."""
    known = placeholders.site_values() | values
    _check_placeholders(text, known, free_text)
    if not free_text:
        known[placeholders.FREE_TEXT] = ""  # so that its line goes, where the letter can do without
    subject = placeholders.fill(text.title, known)
    filled = re.sub(r"\n{3,}", "\n\n", placeholders.fill(text.source, known)).strip()
    html = render(filled, language=text.language, default_language=settings.LANGUAGE_CODE).html
    place = f"{{{placeholders.FREE_TEXT}}}"
    return RenderedLetter(
        language=text.language,
        to=to,
        subject=subject,
        text=_AUTOLINK.sub(r"\1", filled).replace(place, free_text) + "\n",
        html=mark_safe(html.replace(f"<p>{place}</p>", _paragraphs(free_text))),
    )


def _paragraphs(typed: str) -> str:
    """Staff's own words as HTML; each paragraph in the direction of its script, whatever the letter's is."""
    return linebreaks(typed, autoescape=True).replace("<p>", '<p dir="auto">')


def _check_placeholders(text: Text, known: dict[str, str], free_text: str) -> None:
    """Every blank must be one that is filled here; those of the subject, which is a single line, must not be empty."""
    named = placeholders.names_in(text.source) | placeholders.names_in(text.title)
    missing = named - set(known) - {placeholders.FREE_TEXT}
    missing |= {name for name in placeholders.names_in(text.title) if not known.get(name)}
    if text.needs_paragraph and not free_text:
        missing.add(placeholders.FREE_TEXT)
    if missing:
        raise PlaceholderMissing(missing)


def language_of(inquiry: Inquiry) -> str:
    """The language the patient asked to be answered in, where the clinic has letters in it."""
    wished = inquiry.contact["language"]
    return wished if wished in library().shelves else inquiry.language


def _staff_values(inquiry: Inquiry) -> dict[str, str]:
    path = reverse("admin:screening_inquiry_change", args=[inquiry.pk])
    return {"reference": inquiry.reference, "sign_in_link": settings.SITE_URL + path}


def _patient_values(inquiry: Inquiry) -> dict[str, str]:
    with translation.override(language_of(inquiry)):
        withdraw = reverse("withdraw", args=[withdraw_token(inquiry)])
        copy = reverse("copy", args=[copy_token(inquiry)])
    return {
        "first_name": first_name(inquiry.contact["name"]),
        "reference": inquiry.reference,
        "withdraw_link": settings.SITE_URL + withdraw,
        "copy_link": settings.SITE_URL + copy,
    }
