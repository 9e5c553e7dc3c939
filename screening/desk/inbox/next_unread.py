"""The most urgent unread inquiry: the way there from any page of the desk."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from screening.accounts import permissions
from screening.desk.inbox.filters import Listing
from screening.desk.inbox.tabs import TABS

_UNREAD = Listing(TABS["unread"])


@require_GET
def next_unread(request: HttpRequest) -> HttpResponse:
    """Redirect to it, or to the list of unread ones, which is empty. Opens nothing itself."""
    user = permissions.staff_user(request)
    if not permissions.may_open(user):
        raise PermissionDenied
    return redirect_to_next(request, "")


def redirect_to_next(request: HttpRequest, done: str) -> HttpResponse:
    """The same, with the message ``done`` about the inquiry before; ``done`` may be safe HTML."""
    found = _UNREAD.inquiries(permissions.staff_user(request), timezone.now()).only("pk", "turn").first()
    if done:
        messages.success(request, done)
    if found is None:
        messages.info(request, _("No inquiry is unread."))
        return HttpResponseRedirect(_UNREAD.address)
    return HttpResponseRedirect(_UNREAD.address_of(found) + ("#said" if done else ""))
