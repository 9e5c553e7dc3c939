"""The three groups of staff and their permissions, with a function to check each.

A migration creates the groups. A superuser, the technician, has every permission.
"""

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from screening.models import Event, InquiryQuerySet

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

# Name and description of each group, as shown to staff.
GROUP_LABELS = {
    READER: (_("Reader"), _("opens inquiries, searches and prints")),
    REVIEWER: (_("Reviewer"), _("also marks, notes, moves, corrects contact details, writes letters and logs calls")),
    MANAGER: (
        _("Manager"),
        _("also assigns to others, exports, holds, erases on request, sees what all staff did, and manages accounts"),
    ),
}


def staff_user(request: HttpRequest) -> User:
    """The signed-in user of a request. Raises PermissionDenied for an anonymous one."""
    if isinstance(request.user, AnonymousUser):
        raise PermissionDenied
    return request.user


def may_open(user: User) -> bool:
    """Open inquiries, search, print."""
    return user.has_perm("screening.view_inquiry")


def may_edit(user: User) -> bool:
    """Mark, note, change the status, correct contact details, send letters, log a call, take an inquiry."""
    return user.has_perm("screening.change_inquiry")


def may_assign_others(user: User) -> bool:
    return user.has_perm("screening.assign_inquiry")


def possible_assignees(by: User) -> QuerySet[User]:
    """The users to whom ``by`` may assign an inquiry: for managers all who may edit, for others themselves."""
    editors = User.objects.with_perm("screening.change_inquiry", backend=_BACKEND).filter(is_staff=True)
    return editors.order_by("username") if may_assign_others(by) else editors.filter(pk=by.pk)


def may_export(user: User) -> bool:
    return user.has_perm("screening.export_inquiry")


def may_hold(user: User) -> bool:
    """Put an inquiry on legal hold, lift the hold, and see inquiries withdrawn during a hold."""
    return user.has_perm("screening.hold_inquiry")


def may_erase(user: User) -> bool:
    """Erase an inquiry at the patient's request."""
    return user.has_perm("screening.erase_inquiry")


def may_see_all_events(user: User) -> bool:
    """See the events of all staff; without it, only the patient's and one's own."""
    return user.has_perm("screening.view_all_events")


def visible_events(events: QuerySet[Event], user: User) -> QuerySet[Event]:
    """Filter an inquiry's events to those that the user may see."""
    return events if may_see_all_events(user) else events.filter(Q(actor=None) | Q(actor=user))


def visible_inquiries(inquiries: InquiryQuerySet, user: User) -> InquiryQuerySet:
    """Exclude inquiries withdrawn during a legal hold, unless the user may see them."""
    return inquiries if may_hold(user) else inquiries.not_restricted()


def may_manage_staff(user: User) -> bool:
    """Create and change staff accounts, reset their credentials, create enrolment links."""
    return user.has_perm("staff.change_member")
