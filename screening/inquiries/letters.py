"""A letter that is owed becomes a mail: rendered from the sealed inquiry when it is sent, and kept nowhere."""

import re
from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe

from content import blanks
from content.library import library
from content.rendering import render
from screening.inquiries.tokens import copy_token, withdraw_token
from screening.models import Inquiry, Letter

# A greeting repeats a name only when it is plainly one, so that nobody can send words or links to others through us.
_NAME = re.compile(r"^[^\W\d_]{1,30}(?:['’-][^\W\d_]{1,30}){0,3}$")
_AUTOLINK = re.compile(r"<(https?://[^>]+)>")


def compose(letter: Letter) -> EmailMultiAlternatives:
    """The mail, as text and as HTML. Its Message-ID is the letter's own, so that a repeat is seen to be one."""
    inquiry = letter.inquiry
    is_to_staff = letter.name in Letter.TO_STAFF
    language = settings.LANGUAGE_CODE if is_to_staff else _language_of(inquiry)
    text = library().shelf(language).letters[letter.name]
    with translation.override(language):
        values = _staff_values(inquiry) if is_to_staff else _patient_values(inquiry)
        filled = re.sub(r"\n{3,}", "\n\n", blanks.fill(text.source, blanks.site_values() | values))
        mail = EmailMultiAlternatives(
            subject=blanks.fill(text.title, values),
            body=_AUTOLINK.sub(r"\1", filled).strip() + "\n",
            from_email=formataddr((settings.CLINIC_NAME, settings.DEFAULT_FROM_EMAIL)),
            to=settings.STAFF_NOTIFY_TO if is_to_staff else [inquiry.contact["email"]],
            headers={
                "Message-ID": f"<{letter.pk}@{urlsplit(settings.SITE_URL).hostname}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        html = render(filled, language=language, default_language=settings.LANGUAGE_CODE).html
        context = {"html": mark_safe(html), "language": language, "title": mail.subject}
        mail.attach_alternative(render_to_string("letters/letter.html", context), "text/html")
    return mail


def subject_in(language: str, letter: Letter) -> str:
    """What stands above a letter to a patient, in any language the clinic writes in."""
    text = library().shelf(language).letters[letter.name]
    return blanks.fill(text.title, {"reference": letter.inquiry.reference})


def _language_of(inquiry: Inquiry) -> str:
    """The language the patient asked to be answered in, where the clinic has letters in it."""
    wished = inquiry.contact["language"]
    return wished if wished in library().shelves else inquiry.language


def _staff_values(inquiry: Inquiry) -> dict[str, str]:
    path = reverse("admin:screening_inquiry_change", args=[inquiry.pk])
    return {"reference": inquiry.reference, "sign_in_link": settings.SITE_URL + path}


def _patient_values(inquiry: Inquiry) -> dict[str, str]:
    first_name = inquiry.contact["name"].split()[0]
    return {
        "first_name": first_name if _NAME.match(first_name) else "",
        "reference": inquiry.reference,
        "withdraw_link": settings.SITE_URL + reverse("withdraw", args=[withdraw_token(inquiry)]),
        "copy_link": settings.SITE_URL + reverse("copy", args=[copy_token(inquiry)]),
    }
