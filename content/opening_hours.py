"""The clinic's hours, from schema.org's notation (``Mo-Fr 09:00-17:00``) into words of the active language."""

import datetime

from django.utils.formats import time_format
from django.utils.translation import gettext, gettext_lazy

# Named as they stand within a sentence.
DAYS = {
    "Mo": gettext_lazy("Monday"),
    "Tu": gettext_lazy("Tuesday"),
    "We": gettext_lazy("Wednesday"),
    "Th": gettext_lazy("Thursday"),
    "Fr": gettext_lazy("Friday"),
    "Sa": gettext_lazy("Saturday"),
    "Su": gettext_lazy("Sunday"),
}


def in_words(entries: list[str]) -> str:
    """All entries as one phrase; empty without any."""
    return "; ".join(_phrase(entry) for entry in entries)


def _phrase(entry: str) -> str:
    days, times = entry.split(" ")
    first, _, last = days.partition("-")
    opens, closes = (time_format(datetime.time.fromisoformat(time)) for time in times.split("-"))
    words = {"first": DAYS[first], "last": DAYS[last or first], "opens": opens, "closes": closes}
    if last:
        return gettext("%(first)s to %(last)s, %(opens)s to %(closes)s") % words
    return gettext("%(first)s, %(opens)s to %(closes)s") % words
