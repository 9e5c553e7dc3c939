"""DATA: the tabs of the inbox, in order. They filter by administrative facts only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from screening.accounts.permissions import visible_inquiries
from screening.models import Inquiry, InquiryQuerySet, Status

OPEN = (Status.NEW, Status.IN_REVIEW, Status.WAITING, Status.OFFERED)


@dataclass(frozen=True)
class Tab:
    """``statuses``: those that its inquiries can have. ``if_empty``: the message when there are none."""

    name: str
    label: LazyText
    statuses: tuple[Status, ...]
    choose: Callable[[InquiryQuerySet, User, datetime], InquiryQuerySet]
    if_empty: LazyText
    is_newest_first: bool = False

    def inquiries(self, user: User, now: datetime) -> InquiryQuerySet:
        """Longest-waiting first; in a tab of closed ones, latest first."""
        rows = self.choose(visible_inquiries(Inquiry.objects.all(), user), user, now).longest_waiting_first()
        return rows.reverse() if self.is_newest_first else rows


ALL = Tab(
    "all",
    _("All"),
    tuple(Status),
    lambda rows, user, now: rows.all(),
    _("No inquiry has come yet. The first one appears here as soon as its patient has sent it."),
)
_TABS = (
    Tab(
        "unread",
        _("Unread"),
        OPEN,
        lambda rows, user, now: rows.unread(),
        _("Every open inquiry has been opened by one of us."),
    ),
    Tab(
        "mine",
        _("Mine"),
        OPEN,
        lambda rows, user, now: rows.assigned_to(user).open(),
        _("Nothing open is assigned to you."),
    ),
    Tab(
        "us",
        _("Waiting for us"),
        (Status.NEW, Status.IN_REVIEW),
        lambda rows, user, now: rows.waiting_for_us(),
        _("Nobody waits for us: every inquiry is closed, or waits for its patient."),
    ),
    Tab(
        "patient",
        _("Waiting for patient"),
        (Status.WAITING, Status.OFFERED),
        lambda rows, user, now: rows.waiting_for_patient(),
        _("We wait for no patient's answer."),
    ),
    Tab(
        "overdue",
        _("Overdue"),
        OPEN,
        lambda rows, user, now: rows.overdue(now),
        _("No promise is broken: every open inquiry has had its first reply, or still has time."),
    ),
    Tab(
        "closed",
        _("Closed"),
        (Status.CLOSED,),
        lambda rows, user, now: rows.closed(),
        _("Nothing has been closed yet."),
        is_newest_first=True,
    ),
    ALL,
)
TABS = {tab.name: tab for tab in _TABS}
