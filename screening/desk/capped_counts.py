"""Counts that stop: no page of the desk ever counts a whole table."""

from django.db.models import QuerySet

COUNT_CAP = 1000


def capped_count(rows: QuerySet) -> int:
    """How many there are, or MOST when there are that many or more; the database stops looking there."""
    return rows.order_by()[:COUNT_CAP].count()


def format_count(count: int) -> str:
    return f"{COUNT_CAP - 1}+" if count >= COUNT_CAP else str(count)
