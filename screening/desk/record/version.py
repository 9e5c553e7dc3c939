"""How much of a record's history a page knew, so that nobody writes over what they have not seen."""

from collections.abc import Mapping
from typing import Any

from screening.inquiries import services
from screening.models import Inquiry


def version_from(data: Mapping[str, Any]) -> int:
    """The newest event that the page knew; none, where it does not say: then everything counts as not seen."""
    said = data.get("version", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 18 else 0


def reload(inquiry: Inquiry) -> tuple[int, Inquiry]:
    """The number of its newest event, and the record read after it, so that a form never claims to have seen more."""
    version = services.current_version(inquiry)
    return version, Inquiry.objects.select_related("assignee", "wording").get(pk=inquiry.pk)
