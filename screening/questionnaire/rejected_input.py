"""Stores the input of a rejected POST until the page is rendered again, after a redirect.

So pages are rendered by GET (except above the STORED_INPUT limit), and Back, Forward and Refresh repeat no POST. The
input is stored encrypted in the draft. Before there is a draft (that is, before consent) nothing is stored on the
server: the choices of the first page are stored in the signed draft cookie.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict

from screening.models import Draft
from screening.questionnaire import drafts

# Reasons; the values are stored.
INVALID = "invalid"  # the form has errors
NOT_VALIDATED = "not-judged"  # the person switched the language of the page
OTHER_DRAFT = "other-draft"  # the page was rendered for another draft than the current one
RATE_LIMITED = "rate-limited"

_SALT = "screening.first-page"
_MAX_IN_COOKIE = 100  # characters of a value; the first page has choices only


@dataclass(frozen=True)
class RejectedInput:
    """``slug`` names the step; ``data`` maps field names to all submitted values."""

    slug: str
    reason: str
    data: dict[str, list[str]]

    def as_post_data(self) -> QueryDict:
        post_data = QueryDict(mutable=True)
        for name, values in self.data.items():
            post_data.setlist(name, values)
        return post_data


def from_post(slug: str, reason: str, post_data: QueryDict, names: Collection[str]) -> RejectedInput:
    """Keep only the fields in ``names``."""
    return RejectedInput(slug, reason, {name: post_data.getlist(name) for name in names if name in post_data})


def store(response: HttpResponse, draft: Draft | None, rejected: RejectedInput) -> None:
    """Store it in the draft, or in the cookie of ``response`` if there is no draft."""
    if draft is not None:
        drafts.save_rejected_input(draft.pk, asdict(rejected))
        return
    short = {name: values for name, values in rejected.data.items() if all(len(v) <= _MAX_IN_COOKIE for v in values)}
    signed = signing.dumps([rejected.slug, rejected.reason, short], salt=_SALT)
    drafts.set_cookie(response, settings.DRAFT_COOKIE_NAME, signed, drafts.LIFETIME)


def find(request: HttpRequest, draft: Draft | None, slug: str) -> RejectedInput | None:
    """The stored input for the step ``slug``."""
    found = _from_draft(draft) if draft is not None else _from_cookie(request)
    return found if found is not None and found.slug == slug else None


def _from_draft(draft: Draft) -> RejectedInput | None:
    return RejectedInput(**draft.rejected_input) if draft.rejected_input else None


def _from_cookie(request: HttpRequest) -> RejectedInput | None:
    try:
        return RejectedInput(*signing.loads(drafts.cookie_of(request), salt=_SALT, max_age=drafts.LIFETIME))
    except signing.BadSignature:
        return None
