"""Codes that open the patient's page, and the sessions that they open.

A code has six digits, is derived from the row's id under INDEX_KEY, and is therefore stored nowhere. It is valid for
15 minutes and five tries, in the browser that asked for it: guesses from elsewhere cannot use its tries up. At most
three codes an hour are sent for an inquiry, and two of them for one client address: so somebody who has the link leaves
one to the patient. A browser that has opened the page within a day needs no share of these for its next code.
"""

from datetime import timedelta
from math import ceil
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from screening.inquiries.services.locking import lock_inquiry
from screening.models import Inquiry, Letter, PatientAccess
from screening.models.conversation import PatientAccessQuerySet
from screening.privacy.blind_index import blind_index
from screening.questionnaire import rate_limits

CODES_AN_HOUR = 3
_HOUR = timedelta(hours=1)
IDLE_TIMEOUT = timedelta(minutes=30)


class TooManyCodes(Exception):
    """CODES_AN_HOUR were sent within the last hour, or as many as one address may ask for."""


def access_code(access: PatientAccess) -> str:
    """The six digits of an access."""
    return f"{int(blind_index('access code', access.pk.hex), 16) % 1_000_000:06}"


def request_code(inquiry_id: UUID, previous_id: UUID | None = None, address: str = "") -> PatientAccess | None:
    """Queue a letter with a code, for the browser that asks; the letter has the id of the access.

    ``address``: of the client, for the rate limit. Rejected input and time zone of ``previous_id``, the browser's
    access before, move to the new one. Returns None if the inquiry is withdrawn or has no e-mail address. Raises
    TooManyCodes.
    """
    with transaction.atomic():
        inquiry = lock_inquiry(inquiry_id)
        if inquiry.is_withdrawn or not inquiry.contact.get("email"):
            return None
        access = PatientAccess(inquiry=inquiry)
        previous = find_access(previous_id)
        if previous is not None and previous.inquiry_id != inquiry.pk:
            previous = None
        if previous is None or not previous.is_open:
            _count(inquiry, address)
        if previous is not None:
            access.rejected_input, access.time_zone = previous.rejected_input, previous.time_zone
            access.is_from_reader = previous.is_from_reader or previous.is_open
            end_access(previous.pk)
        access.save(force_insert=True)
        Letter.objects.create(pk=access.pk, inquiry=inquiry, name="code")
    return access


def seconds_until_code(inquiry: Inquiry, address: str) -> int:
    """The seconds until a code can be asked for from this address again, or 0."""
    from_address = rate_limits.seconds_until_free(rate_limits.CODES, _asker(inquiry, address))
    times = list(_recent(inquiry).order_by("-made_at").values_list("made_at", flat=True)[:CODES_AN_HOUR])
    if len(times) < CODES_AN_HOUR:
        return from_address
    return max(from_address, ceil((times[-1] + _HOUR - timezone.now()).total_seconds()))


def _count(inquiry: Inquiry, address: str) -> None:
    """Raise TooManyCodes if there is none left for an inquiry, or for this address."""
    if _recent(inquiry).count() >= CODES_AN_HOUR:
        raise TooManyCodes
    if address:
        try:
            rate_limits.check_rate_limit(rate_limits.CODES, _asker(inquiry, address))
        except rate_limits.RateLimited:
            raise TooManyCodes from None


def _recent(inquiry: Inquiry) -> PatientAccessQuerySet:
    return PatientAccess.objects.filter(inquiry=inquiry, made_at__gt=timezone.now() - _HOUR)


def _asker(inquiry: Inquiry, address: str) -> str:
    return f"{inquiry.pk.hex} {address}"


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
