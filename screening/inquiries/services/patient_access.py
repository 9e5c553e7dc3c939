"""Codes that open the patient's page, and the sessions that they open.

A code has six digits, is derived from the row's id under INDEX_KEY, and is therefore stored nowhere. It is valid for
15 minutes and five tries, in the browser that asked for it: guesses from elsewhere cannot use its tries up. At most
three codes an hour are sent for an inquiry.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from screening.inquiries.services.locking import lock_inquiry
from screening.models import Letter, PatientAccess
from screening.privacy.blind_index import blind_index

CODES_AN_HOUR = 3
IDLE_TIMEOUT = timedelta(minutes=30)


class TooManyCodes(Exception):
    """CODES_AN_HOUR were sent within the last hour."""


def access_code(access: PatientAccess) -> str:
    """The six digits of an access."""
    return f"{int(blind_index('access code', access.pk.hex), 16) % 1_000_000:06}"


def request_code(inquiry_id: UUID, previous_id: UUID | None = None) -> PatientAccess | None:
    """Queue a letter with a code, for the browser that asks; the letter has the id of the access.

    Rejected input and time zone of ``previous_id``, the browser's access before, move to the new one. Returns None if
    the inquiry is withdrawn or has no e-mail address. Raises TooManyCodes.
    """
    with transaction.atomic():
        inquiry = lock_inquiry(inquiry_id)
        if inquiry.is_withdrawn or not inquiry.contact.get("email"):
            return None
        if inquiry.accesses.filter(made_at__gt=timezone.now() - timedelta(hours=1)).count() >= CODES_AN_HOUR:
            raise TooManyCodes
        access = PatientAccess(inquiry=inquiry)
        previous = find_access(previous_id)
        if previous is not None and previous.inquiry_id == inquiry.pk:
            access.rejected_input, access.time_zone = previous.rejected_input, previous.time_zone
            access.is_from_reader = previous.is_from_reader or previous.is_open
            end_access(previous.pk)
        access.save(force_insert=True)
        Letter.objects.create(pk=access.pk, inquiry=inquiry, name="code")
    return access


def find_access(access_id: UUID | None) -> PatientAccess | None:
    """The access that was not ended. Whether its session timed out is written in its cookie."""
    return PatientAccess.objects.filter(pk=access_id, ended_at=None).first() if access_id else None


def open_access(access: PatientAccess, code: str) -> bool:
    """Open the session if the code is right, once; a wrong code counts as a failure."""
    # Counted before it is compared, so that concurrent guesses share the five tries.
    pending = PatientAccess.objects.pending().filter(pk=access.pk)
    if not pending.update(failures=F("failures") + 1) or not constant_time_compare(code, access_code(access)):
        return False
    unopened = PatientAccess.objects.filter(pk=access.pk, opened_at=None, ended_at=None)
    return bool(unopened.update(opened_at=timezone.now()))


def end_access(access_id: UUID | None) -> None:
    """End the session, so that a copied cookie is useless."""
    if access_id is not None:
        PatientAccess.objects.filter(pk=access_id).update(ended_at=timezone.now(), rejected_input=None)


def save_rejected_input(access: PatientAccess, rejected: dict[str, str] | None) -> None:
    access.rejected_input = rejected
    access.save(update_fields=["rejected_input"])


def save_time_zone(access: PatientAccess, time_zone: str) -> None:
    access.time_zone = time_zone
    access.save(update_fields=["time_zone"])


def delete_expired_accesses() -> int:
    """Delete accesses older than a day; returns how many."""
    return PatientAccess.objects.expired().delete()[0]
