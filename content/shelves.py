"""The shelves of the list of guides: the way of a reader, from understanding to deciding."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from content.documents import Guide


@dataclass(frozen=True)
class Shelf:
    title: Promise
    text: Promise
    guides: list[Guide]


# By the value of ``shelf:`` in a guide's front matter, in the order of reading.
SHELVES = {
    "understand": (_("Understand"), _("What the two kinds of arthritis are, and why care is not the same for both.")),
    "care": (_("Our care"), _("What we use, how the day goes, what may change and when, and the risks.")),
    "decide": (
        _("Decide"),
        _("What studies show, the points we look at, what to tell us, and what to ask before you travel or pay."),
    ),
}


def shelves_of(guides: Collection[Guide]) -> list[Shelf]:
    """The shelves with their guides, in the order of reading; none that is empty."""
    shelves = [Shelf(*texts, [guide for guide in guides if guide.shelf == name]) for name, texts in SHELVES.items()]
    return [shelf for shelf in shelves if shelf.guides]


def in_reading_order(guides: Collection[Guide]) -> list[Guide]:
    return [guide for shelf in shelves_of(guides) for guide in shelf.guides]


def next_guide(document: Guide, guides: Collection[Guide]) -> Guide | None:
    """The guide to read after ``document``; None after the last one."""
    ordered = in_reading_order(guides)
    return next((after for before, after in pairwise(ordered) if before == document), None)
