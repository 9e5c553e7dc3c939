"""Purges inquiries past their retention, with a brake: what a lowered setting or a wrong clock would erase stays."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from screening.models import Inquiry, LedgerEntry, Letter, Schedule
from screening.models.querysets import ERASURE_NOTICE
from screening.privacy import erasure_log

TASK = "purge"  # its schedule tells when inquiries were last purged

_FEW = 20  # inquiries that are purged at once without a question
_SHARE = 4  # above that, at most a quarter of all inquiries
_LEAP = ERASURE_NOTICE  # since the last purge: within it, staff were told of what is erased now
_BATCH = 100  # inquiries that purge erases in one transaction
_DIGEST_RETENTION = timedelta(days=30)  # of letters without an inquiry


class PurgeStopped(Exception):
    """Nothing was erased, because too much would be; the message is one sentence."""


def purge(*, really: bool = False) -> int:
    """Delete the inquiries past their retention, in any status, except those on legal hold; returns how many.

    The proof of consent stays. Locked rows are left to the next run. Raises PurgeStopped, unless ``really``.
    """
    now, count = timezone.now(), 0
    reason = "" if really else stop_reason(now)
    if reason:
        raise PurgeStopped(reason)
    while erased := _purge_batch(now):
        count += erased
    Letter.objects.filter(inquiry=None, owed_at__lt=now - _DIGEST_RETENTION).delete()
    return count


def stop_reason(now: datetime) -> str:
    """Why a purge would not run without a person's word, in one sentence; empty if it would."""
    due = Inquiry.objects.due_for_erasure(now).count()
    last = Schedule.objects.filter(name=TASK).values_list("next_at", flat=True).first() if due else None
    if last and now - last > _LEAP:
        return f"The last purge was due {(now - last).days} days ago: is the clock right? {due} would be erased now."
    if due > _FEW and due * _SHARE > (total := Inquiry.objects.count()):
        return f"{due} of {total} inquiries would be erased at once: are RETENTION_DAYS and the clock right?"
    return ""


def _purge_batch(now: datetime) -> int:
    with transaction.atomic():
        due = Inquiry.objects.due_for_erasure(now).select_for_update(skip_locked=True).only("pk").order_by("pk")
        batch = list(due[:_BATCH])
        if batch:
            erasure_log.log_erasures(batch, LedgerEntry.What.PURGED)
            Inquiry.objects.filter(pk__in=[inquiry.pk for inquiry in batch]).delete()
    return len(batch)
