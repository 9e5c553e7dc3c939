"""Counts up to COUNT_CAP, so that no page of the desk counts a whole table."""

from typing import Any

from django.db.models import QuerySet

COUNT_CAP = 1000


def capped_count(rows: QuerySet[Any]) -> int:
    """The number of rows, at most COUNT_CAP; the database stops there."""
    return rows.order_by()[:COUNT_CAP].count()


def format_count(count: int) -> str:
    return f"{COUNT_CAP - 1}+" if count >= COUNT_CAP else str(count)
