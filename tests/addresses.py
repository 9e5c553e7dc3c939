"""Every URL of the site, from the resolver, with an example for each."""

from urllib.parse import urlsplit

from django.urls import URLPattern, get_resolver
from django.utils.translation import override

from screening.accounts import calendar_feeds, enrolment
from screening.inquiries.patient_links import copy_token, page_token, withdraw_token
from screening.urls import LINK_AND_MORE
from tests.accounts.people import member
from tests.builders import inquiry

_EXAMPLES = {
    "<guide:document>": "what-we-use",
    "<page:document>": "privacy",
    "<card:document>": "home",
    "<str:name>-<int:width>": "nothing-640",
    "<slug:slug>": "infection",
    "fails/<str:name>": "fails/fault",
    "<path:content_type_id>": "1",
    "^(?P<app_label>staff|screening)/$": "staff/",
    LINK_AND_MORE: "withdraw/0.0/).",
    "(?P<url>.*)$": "nowhere/",
}


def routes(patterns=None, prefix: str = "") -> list[str]:
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        found += [route] if isinstance(pattern, URLPattern) else routes(pattern.url_patterns, route)
    return found


def every_address(languages=("en", "es")) -> list[str]:
    """Return an example URL for each route and language, with ids of existing records, links and members."""
    examples = _examples_of_records()
    found: list[str] = []
    for language in languages:
        with override(language):
            found += [_filled(route, examples) for route in routes()]
    return list(dict.fromkeys(found))


def _examples_of_records() -> dict[str, str]:
    made, colleague = inquiry(), member("Reader", "colleague")
    opened = urlsplit(enrolment.create_link(colleague)).path.split("/")[-2]
    feed = urlsplit(calendar_feeds.make_feed(colleague)).path.split("/")[-1].removesuffix(".ics")
    return {
        "<path:object_id>": str(made.pk),
        "<uuid:object_id>": str(made.pk),
        "<int:object_id>": str(colleague.pk),
        "<uuid:passkey_id>": str(made.pk),
        "withdraw/<str:token>": f"withdraw/{withdraw_token(made)}",
        "copy/<str:token>": f"copy/{copy_token(made)}",
        "inquiry/<str:token>": f"inquiry/{page_token(made)}",
        "enrol/<str:token>": f"enrol/{opened}",
        "calendar/<str:token>": f"calendar/{feed}",
    }


def _filled(route: str, examples: dict[str, str]) -> str:
    for blank, value in (examples | _EXAMPLES).items():
        route = route.replace(blank, value)
    assert "<" not in route, f"tests/addresses.py has no example for {route}"
    return f"/{route}"
