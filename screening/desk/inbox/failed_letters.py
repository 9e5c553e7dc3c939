"""Letters that could not be sent: shown above the inbox until somebody has them tried again or sets them aside."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from screening.accounts import permissions
from screening.desk.capped_counts import capped_count, format_count
from screening.desk.inbox.listing import listing_of_form
from screening.desk.labels import letter_titles
from screening.inquiries import services
from screening.models import Letter
from screening.outbox import queue

_SHOWN = 5


@dataclass(frozen=True)
class FailedLetters:
    letters: list[tuple[Letter, str]]
    count: str

    @property
    def has_more(self) -> bool:
        return self.count != str(len(self.letters))


def failed_letters() -> FailedLetters:
    """The earliest few, each with what the letter is called."""
    given_up = Letter.objects.failed()
    first = given_up.select_related("inquiry").defer("inquiry__answers", "inquiry__contact", "free_text")
    called = letter_titles()
    shown = [(letter, called.get(letter.name, letter.name)) for letter in first.order_by("gave_up_at", "pk")[:_SHOWN]]
    return FailedLetters(shown, format_count(capped_count(given_up)) if len(shown) == _SHOWN else str(len(shown)))


@require_POST
def failed_letter_action(request: HttpRequest) -> HttpResponse:
    """Try a letter again, or set it aside."""
    if not permissions.may_edit(request.user):
        raise PermissionDenied
    do, done = _ACTIONS.get(request.POST.get("do"), (None, ""))
    letter = Letter.objects.select_related("inquiry").filter(pk=_id(request.POST.get("letter", ""))).first()
    if letter is None or do is None:
        messages.error(request, gettext("There is no such letter. Nothing was changed."))
        return HttpResponseRedirect(listing_of_form(request).address)
    try:
        do(letter, request.user)
    except queue.NotFailed:
        messages.error(request, gettext("A colleague has seen to this letter meanwhile. Nothing was changed."))
    except services.IsWithdrawn:
        messages.error(request, gettext("The patient has withdrawn this inquiry meanwhile. Nothing was changed."))
    else:
        messages.success(request, str(done))
    return HttpResponseRedirect(listing_of_form(request).address)


_ACTIONS: dict[str, tuple[Callable, str]] = {
    "retry": (queue.retry_letter, _("The letter will be tried again now, and for three days if need be.")),
    "set-aside": (queue.dismiss_letter, _("The letter is set aside. It will not be sent.")),
}


def _id(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
