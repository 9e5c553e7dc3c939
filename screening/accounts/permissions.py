"""Who may what: the three groups of staff, and each right under the name by which the desk asks for it.

A migration makes the groups; a right is one of Django's permissions, and a superuser, the technician, has all.
"""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

READER, REVIEWER, MANAGER = "Reader", "Reviewer", "Manager"

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_READER_PERMISSIONS = {"screening.view_inquiry"}
_REVIEWER_PERMISSIONS = _READER_PERMISSIONS | {"screening.change_inquiry"}
_MANAGER_PERMISSIONS = _REVIEWER_PERMISSIONS | {
    "screening.assign_inquiry",
    "screening.export_inquiry",
    "screening.hold_inquiry",
    "screening.erase_inquiry",
    "screening.view_all_events",
    "staff.view_member",
    "staff.add_member",
    "staff.change_member",
}
GROUP_PERMISSIONS = {READER: _READER_PERMISSIONS, REVIEWER: _REVIEWER_PERMISSIONS, MANAGER: _MANAGER_PERMISSIONS}

# Each group as staff read it: its name, and what it means to be in it.
GROUP_LABELS = {
    READER: (_("Reader"), _("opens inquiries, searches and prints")),
    REVIEWER: (_("Reviewer"), _("also marks, notes, moves, corrects contact details, writes letters and logs calls")),
    MANAGER: (
        _("Manager"),
        _("also assigns to others, exports, holds, erases on request, sees what all staff did, and manages accounts"),
    ),
}


def may_open(user: AbstractBaseUser) -> bool:
    """Open inquiries, search, print."""
    return user.has_perm("screening.view_inquiry")


def may_edit(user: AbstractBaseUser) -> bool:
    """Mark, note, move, correct contact details, send letters, log a call, take an inquiry."""
    return user.has_perm("screening.change_inquiry")


def may_assign_others(user: AbstractBaseUser) -> bool:
    return user.has_perm("screening.assign_inquiry")


def possible_assignees(by: AbstractBaseUser) -> QuerySet:
    """To whom ``by`` may assign an inquiry: a manager to everybody who may work on it, others to themselves."""
    working = get_user_model().objects.with_perm("screening.change_inquiry", backend=_BACKEND).filter(is_staff=True)
    return working.order_by("username") if may_assign_others(by) else working.filter(pk=by.pk)


def may_export(user: AbstractBaseUser) -> bool:
    return user.has_perm("screening.export_inquiry")


def may_hold(user: AbstractBaseUser) -> bool:
    """Put an inquiry on legal hold, lift it, and see one that was withdrawn meanwhile."""
    return user.has_perm("screening.hold_inquiry")


def may_erase(user: AbstractBaseUser) -> bool:
    """Erase an inquiry because the patient asked for it."""
    return user.has_perm("screening.erase_inquiry")


def may_see_all_events(user: AbstractBaseUser) -> bool:
    """See what every member of staff did; others see the patient's and their own."""
    return user.has_perm("screening.view_all_events")


def visible_events(events: QuerySet, user: AbstractBaseUser) -> QuerySet:
    """Those of an inquiry's events that this member of staff may see."""
    return events if may_see_all_events(user) else events.filter(Q(actor=None) | Q(actor=user))


def visible_inquiries(inquiries: QuerySet, user: AbstractBaseUser) -> QuerySet:
    """Without those that were withdrawn while on legal hold, for all but managers."""
    return inquiries if may_hold(user) else inquiries.not_restricted()


def may_manage_staff(user: AbstractBaseUser) -> bool:
    """Make and change accounts of staff, end their one-time codes, make enrolment links."""
    return user.has_perm("staff.change_member")
