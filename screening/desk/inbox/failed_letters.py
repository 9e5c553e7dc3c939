"""Letters that could not be sent: listed above the inbox until staff retry or dismiss them."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from screening.accounts import permissions
from screening.desk.capped_counts import capped_count, format_count
from screening.desk.inbox.filters import listing_of_form
from screening.desk.labels import letter_titles
from screening.inquiries import services
from screening.models import Letter
from screening.outbox import queue
from screening.questionnaire.types import Text

_SHOWN = 5


@dataclass(frozen=True)
class FailedLetters:
    letters: list[tuple[Letter, Text]]
    count: str

    @property
    def has_more(self) -> bool:
        return self.count != str(len(self.letters))


def failed_letters() -> FailedLetters:
    """The earliest few, each with its title."""
    failed = Letter.objects.failed()
    first = failed.select_related("inquiry").defer("inquiry__answers", "inquiry__contact", "free_text")
    titles = letter_titles()
    shown = [(letter, titles.get(letter.name, letter.name)) for letter in first.order_by("gave_up_at", "pk")[:_SHOWN]]
    return FailedLetters(shown, format_count(capped_count(failed)) if len(shown) == _SHOWN else str(len(shown)))


@require_POST
def failed_letter_action(request: HttpRequest) -> HttpResponse:
    """Retry a letter, or dismiss it."""
    user = permissions.staff_user(request)
    if not permissions.may_edit(user):
        raise PermissionDenied
    action = _ACTIONS.get(request.POST.get("do", ""))
    letter = _failed_letter(request.POST.get("letter", ""))
    if letter is None or action is None:
        messages.error(request, gettext("There is no such letter. Nothing was changed."))
        return HttpResponseRedirect(listing_of_form(request).address)
    try:
        action.do(letter, user)
    except queue.NotFailed:
        messages.error(request, gettext("A colleague has seen to this letter meanwhile. Nothing was changed."))
    except services.IsWithdrawn:
        messages.error(request, gettext("The patient has withdrawn this inquiry meanwhile. Nothing was changed."))
    else:
        messages.success(request, str(action.message))
    return HttpResponseRedirect(listing_of_form(request).address)


def _failed_letter(value: str) -> Letter | None:
    """The letter with this id; None for an unknown or malformed one."""
    try:
        return Letter.objects.select_related("inquiry").filter(pk=UUID(value)).first()
    except ValueError:
        return None


@dataclass(frozen=True)
class _Action:
    do: Callable[[Letter, User], None]
    message: Text


_ACTIONS = {
    "retry": _Action(queue.retry_letter, _("The letter will be tried again now, and for three days if need be.")),
    "set-aside": _Action(queue.dismiss_letter, _("The letter is set aside. It will not be sent.")),
}
