"""Purges inquiries whose retention (RETENTION_DAYS after the last contact) is over."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from screening.models import Inquiry, LedgerEntry, Letter
from screening.privacy import erasure_log

_BATCH = 100  # inquiries that purge erases in one transaction
_DIGEST_RETENTION = timedelta(days=30)  # of letters without an inquiry


def purge() -> int:
    """Delete the inquiries past their retention, in any status, except those on legal hold; returns how many.

    The proof of consent stays. Locked rows are left to the next run.
    """
    now, count = timezone.now(), 0
    while erased := _purge_batch(now):
        count += erased
    Letter.objects.filter(inquiry=None, owed_at__lt=now - _DIGEST_RETENTION).delete()
    return count


def _purge_batch(now: datetime) -> int:
    with transaction.atomic():
        due = Inquiry.objects.due_for_erasure(now).select_for_update(skip_locked=True).only("pk").order_by("pk")
        batch = list(due[:_BATCH])
        if batch:
            erasure_log.log_erasures(batch, LedgerEntry.What.PURGED)
            Inquiry.objects.filter(pk__in=[inquiry.pk for inquiry in batch]).delete()
    return len(batch)
