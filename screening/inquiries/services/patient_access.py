"""Codes that open the patient's page, and the sessions that they open.

A code has six digits, is derived from the row's id under INDEX_KEY, and is therefore stored nowhere. It is valid for
15 minutes and five tries; at most three are sent in an hour.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from screening.inquiries.services.locking import lock_inquiry
from screening.models import Inquiry, Letter, PatientAccess
from screening.privacy.blind_index import blind_index

CODES_AN_HOUR = 3
IDLE_TIMEOUT = timedelta(minutes=30)


class TooManyCodes(Exception):
    """CODES_AN_HOUR were sent within the last hour."""


def access_code(access: PatientAccess) -> str:
    """The six digits of an access."""
    return f"{int(blind_index('access code', access.pk.hex), 16) % 1_000_000:06}"


def request_code(inquiry_id: UUID) -> bool:
    """Queue a letter with a code; False if the inquiry is withdrawn or has no e-mail address. Raises TooManyCodes.

    An earlier code that was not entered becomes invalid.
    """
    with transaction.atomic():
        inquiry = lock_inquiry(inquiry_id)
        if inquiry.is_withdrawn or not inquiry.contact.get("email"):
            return False
        now = timezone.now()
        if inquiry.accesses.filter(made_at__gt=now - timedelta(hours=1)).count() >= CODES_AN_HOUR:
            raise TooManyCodes
        inquiry.accesses.filter(opened_at=None, ended_at=None).update(ended_at=now)
        inquiry.letters.unsent().filter(name="code").delete()
        PatientAccess.objects.create(inquiry=inquiry)
        Letter.objects.create(inquiry=inquiry, name="code")
    return True


def pending_access(inquiry: Inquiry) -> PatientAccess | None:
    """The access whose code can be entered now."""
    return inquiry.accesses.pending().order_by("-made_at").first()


def open_access(inquiry: Inquiry, code: str, previous: PatientAccess | None = None) -> PatientAccess | None:
    """The session that ``code`` opens, once; None for a wrong code, which counts as a failure.

    Rejected input of the ``previous`` session, which timed out, moves to the new one.
    """
    access = pending_access(inquiry)
    if access is None:
        return None
    # Counted before it is compared, so that concurrent guesses share the five tries.
    if not inquiry.accesses.pending().filter(pk=access.pk).update(failures=F("failures") + 1):
        return None
    if not constant_time_compare(code, access_code(access)):
        return None
    with transaction.atomic():
        if not inquiry.accesses.filter(pk=access.pk, opened_at=None, ended_at=None).update(opened_at=timezone.now()):
            return None
        access.refresh_from_db()
        if previous is not None and previous.inquiry_id == inquiry.pk and previous.rejected_input:
            save_rejected_input(access, previous.rejected_input)
            end_access(previous.pk)
    return access


def find_access(access_id: UUID | None) -> PatientAccess | None:
    """The opened access that was not ended; whether it timed out is written in its cookie."""
    if access_id is None:
        return None
    return PatientAccess.objects.filter(pk=access_id, ended_at=None).exclude(opened_at=None).first()


def end_access(access_id: UUID | None) -> None:
    """End the session, so that a copied cookie is useless."""
    if access_id is not None:
        PatientAccess.objects.filter(pk=access_id).update(ended_at=timezone.now(), rejected_input=None)


def save_rejected_input(access: PatientAccess, rejected: dict[str, str] | None) -> None:
    access.rejected_input = rejected
    access.save(update_fields=["rejected_input"])


def delete_expired_accesses() -> int:
    """Delete accesses older than a day; returns how many."""
    return PatientAccess.objects.expired().delete()[0]
