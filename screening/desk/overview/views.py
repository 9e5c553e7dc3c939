"""Presenter of the desk's front page: tiles with counts, and charts of administrative figures, each with a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.desk.capped_counts import capped_count, format_count
from screening.desk.inbox.filters import Listing
from screening.desk.inbox.tabs import TABS
from screening.desk.overview import charts, statistics
from screening.desk.presenters import language_name
from screening.models import Status

_TILES = ("unread", "mine", "us", "overdue")
_NONE = "–"


@dataclass(frozen=True)
class Tile:
    label: str
    count: str
    address: str


@dataclass(frozen=True)
class Chart:
    """``marks`` pairs each bar or span with its labels; ``head`` and ``rows`` make the table."""

    name: str
    title: str
    summary: str
    marks: list[tuple[Any, ...]]
    lines: list[charts.Line]
    head: list[str]
    rows: list[list[str]]
    width: int = charts.WIDTH
    height: int = charts.HEIGHT


@dataclass(frozen=True)
class Overview:
    tiles: list[Tile]
    came: Chart
    replies: Chart
    by_status: Chart
    by_language: Chart


def overview(user: User) -> Overview:
    now = timezone.now()
    starts = statistics.weeks(now)
    days = [date_format(start, _("M j")) for start in starts]
    weeks = statistics.by_week(starts)
    return Overview(
        _tiles(user, now),
        _came([week.came for week in weeks], days),
        _replies([week.replies for week in weeks], days),
        _by_status(statistics.open_by_status()),
        _by_language(statistics.open_by_language()),
    )


def _tiles(user: User, now: datetime) -> list[Tile]:
    tabs = [TABS[name] for name in _TILES]
    return [
        Tile(str(tab.label), format_count(capped_count(tab.inquiries(user, now))), Listing(tab).address) for tab in tabs
    ]


def _came(counts: list[int], days: list[str]) -> Chart:
    summary = ngettext(
        "%(count)d inquiry in the last 12 weeks; %(last)d this week so far.",
        "%(count)d inquiries in the last 12 weeks; %(last)d this week so far.",
        sum(counts),
    ) % {"count": sum(counts), "last": counts[-1]}
    rows = [[day, number_format(count)] for day, count in zip(days, counts, strict=True)]
    head = [_("Week from"), _("Inquiries")]
    drawn = charts.columns(counts)
    return Chart("came", _("Inquiries a week"), summary, _with_days(drawn.bars, days), drawn.lines, head, rows)


def _replies(weeks: list[statistics.ReplyTimes | None], days: list[str]) -> Chart:
    answered = [week for week in weeks if week]
    summary = _("No inquiry of the last 12 weeks has been answered yet.")
    if answered:
        summary = _(
            "Of the inquiries of the week from %(day)s that have a first reply, half had it within %(median)s days, "
            "nine in ten within %(ninetieth)s. Promised: %(promised)s days on average."
        ) % dict(zip(("day", "median", "ninetieth", "promised"), _last(weeks, days), strict=True))
    head = [_("Week from"), _("Answered"), _("Median"), _("90th percentile"), _("Promised")]
    rows = [[day, *_in_words(week)] for day, week in zip(days, weeks, strict=True)]
    drawn = charts.spans([(week.median, week.ninetieth, week.promised) if week else None for week in weeks])
    return Chart(
        "replies", _("Days to the first reply"), summary, _with_days(drawn.spans, days), drawn.lines, head, rows
    )


def _with_days(places: Sequence[Any], days: list[str]) -> list[tuple[Any, ...]]:
    """Each place with its label: every third day, counted back from the current week, so that labels do not overlap."""
    last = len(days) - 1
    return [
        (place, day if (last - number) % 3 == 0 else "")
        for number, (place, day) in enumerate(zip(places, days, strict=True))
    ]


def _last(weeks: list[statistics.ReplyTimes | None], days: list[str]) -> list[str]:
    """The latest week with an answered inquiry: its day, and its three times."""
    day, week = next((day, week) for day, week in zip(reversed(days), reversed(weeks), strict=True) if week)
    return [day, *_in_words(week)[1:]]


def _in_words(week: statistics.ReplyTimes | None) -> list[str]:
    if week is None:
        return ["0", _NONE, _NONE, _NONE]
    return [number_format(week.answered), *(_one_place(days) for days in (week.median, week.ninetieth, week.promised))]


def _one_place(days: float) -> str:
    return number_format(round(days, 1), 1)


def _by_status(counts: dict[str, int]) -> Chart:
    labels = [str(Status(status).label) for status in counts]
    return _of_rows("status", _("Open, by status"), _("Status"), labels, list(counts.values()))


def _by_language(counts: dict[str, int]) -> Chart:
    labels = [language_name(code) for code, _name in settings.LANGUAGES]
    return _of_rows("language", _("Open, by language"), _("Language"), labels, list(counts.values()))


def _of_rows(name: str, title: str, of: str, labels: list[str], counts: list[int]) -> Chart:
    words = [format_count(count) for count in counts]
    summary = "; ".join(f"{label}: {count}" for label, count in zip(labels, words, strict=True))
    rows = [list(pair) for pair in zip(labels, words, strict=True)]
    marks = list(zip(charts.rows(counts), labels, words, strict=True))
    height = charts.height_of_rows(len(counts))
    return Chart(name, title, summary, marks, [], [of, _("Inquiries")], rows, height=height)
