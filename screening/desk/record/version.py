"""The version of a record for optimistic concurrency: the id of its newest event."""

from collections.abc import Mapping
from typing import Any

from screening.inquiries import services
from screening.models import Inquiry


def version_from(data: Mapping[str, Any]) -> int:
    """The version in a submitted form; 0 if it is missing or malformed, so that any event counts as a conflict."""
    version = str(data.get("version", ""))
    return int(version) if version.isascii() and version.isdigit() and len(version) <= 18 else 0


def reload(inquiry: Inquiry) -> tuple[int, Inquiry]:
    """Version and record, read in this order, so that a form never claims a version newer than what it shows."""
    version = services.current_version(inquiry)
    return version, Inquiry.objects.select_related("assignee", "wording").get(pk=inquiry.pk)
