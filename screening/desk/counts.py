"""Counts that stop: no page of the desk ever counts a whole table."""

from django.db.models import QuerySet

MOST = 1000


def count_of(rows: QuerySet) -> int:
    """How many there are, or MOST when there are that many or more; the database stops looking there."""
    return rows.order_by()[:MOST].count()


def in_words(count: int) -> str:
    return f"{MOST - 1}+" if count >= MOST else str(count)
