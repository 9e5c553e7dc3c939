"""Input of a page that could not be accepted. It waits until the page is shown again, after a redirect.

So no address of the questionnaire is the result of a POST: Back, Forward and Refresh ask for pages and repeat nothing.
The input is kept, encrypted, with the draft. Before there is a draft, nothing may be kept on the server: the first
page's choices wait in the signed cookie that will name the draft.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass

from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict

from screening.models import Draft
from screening.questionnaire import drafts

# Why it was not accepted.
INVALID = "invalid"  # the form refuses it
NOT_JUDGED = "not-judged"  # the person asked for the page in another language
OTHER_DRAFT = "other-draft"  # the page was made for other answers than those that this device holds now
RATE_LIMITED = "rate-limited"

_SALT = "screening.first-page"
_LONGEST_IN_COOKIE = 100  # characters; the first page has choices only


@dataclass(frozen=True)
class RejectedInput:
    """``data`` holds every value of each field of the page ``slug``, as it was sent."""

    slug: str
    reason: str
    data: dict[str, list[str]]

    def as_post_data(self) -> QueryDict:
        """The input as it came with the request."""
        post_data = QueryDict(mutable=True)
        for name, values in self.data.items():
            post_data.setlist(name, values)
        return post_data


def from_post(slug: str, reason: str, post_data: QueryDict, names: Collection[str]) -> RejectedInput:
    """The values of the fields ``names``; whatever else was sent is not kept."""
    return RejectedInput(slug, reason, {name: post_data.getlist(name) for name in names if name in post_data})


def store(response: HttpResponse, draft: Draft | None, rejected: RejectedInput) -> None:
    """Keep it with the draft, or in the cookie of ``response`` where there is none."""
    if draft is not None:
        drafts.save_rejected_input(draft.pk, asdict(rejected))
        return
    short = {
        name: values for name, values in rejected.data.items() if all(len(v) <= _LONGEST_IN_COOKIE for v in values)
    }
    drafts.set_cookie(response, signing.dumps([rejected.slug, rejected.reason, short], salt=_SALT), drafts.LIFETIME)


def find(request: HttpRequest, draft: Draft | None, slug: str) -> RejectedInput | None:
    """The input that waits for this page."""
    found = _in_draft(draft) if draft is not None else _in_cookie(request)
    return found if found is not None and found.slug == slug else None


def _in_draft(draft: Draft) -> RejectedInput | None:
    return RejectedInput(**draft.rejected_input) if draft.rejected_input else None


def _in_cookie(request: HttpRequest) -> RejectedInput | None:
    try:
        return RejectedInput(*signing.loads(drafts.cookie_of(request), salt=_SALT, max_age=drafts.LIFETIME))
    except signing.BadSignature:
        return None
