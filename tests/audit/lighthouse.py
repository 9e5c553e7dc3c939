"""Lighthouse on a phone, on pages that many people see first."""

import json
from collections.abc import Iterator

from tests.audit import npm
from tests.builders import answers
from tests.report import Result
from tests.served import Served
from tests.visitor import Visitor

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAGES = {
    "home": "/",
    "main guide": "/guides/rheumatoid-vs-osteoarthritis/",
    "evidence": "/guides/what-the-evidence-says/",
    "start": "/candidacy/",
    "home in Spanish": "/es/",
}
TRIES = 3
QUESTION = "/candidacy/condition/"
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


def scores(site: Served, chromium: str) -> Iterator[tuple[Result, list[str]]]:
    """The scores of each page, and the audits that cost it points."""
    for name, path in PAGES.items():
        yield _scores(name, site.address + path, chromium, CATEGORIES)
    visitor = Visitor(site.address)
    given = answers()
    visitor.post("/candidacy/consent/", {key: given[key] for key in ("who", "adult", "consent")})
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in visitor.cookies)
    # Questions are kept from search engines, so nothing is asked of them there.
    yield _scores("a question", site.address + QUESTION, chromium, CATEGORIES[:3], Cookie=cookies)


def _scores(
    name: str, address: str, chromium: str, categories: tuple[str, ...], **headers: str
) -> tuple[Result, list[str]]:
    """The best of up to TRIES: a busy machine makes a page look slower, never faster."""
    best = _score(name, address, chromium, categories, headers)
    for _ in range(TRIES - 1):
        if best[0].is_met:
            break
        best = max(best, _score(name, address, chromium, categories, headers), key=_points)
    return best


def _points(scored: tuple[Result, list[str]]) -> int:
    return sum(map(int, scored[0].figure.split()))


def _score(
    name: str, address: str, chromium: str, categories: tuple[str, ...], headers: dict[str, str]
) -> tuple[Result, list[str]]:
    asked = f"--only-categories={','.join(categories)}"
    arguments = [address, asked, "--output=json", "--quiet", f"--chrome-flags={FLAGS}"]
    arguments += [f"--extra-headers={json.dumps(headers)}"] if headers else []
    done = npm.run("lighthouse", *arguments, CHROME_PATH=chromium)
    if done.returncode:
        raise npm.NotInstalled(f"Lighthouse did not run: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")
    report = json.loads(done.stdout)
    if report["finalDisplayedUrl"] != address:
        raise npm.NotInstalled(f"Lighthouse was led from {address} to another page.")
    points = {category: round(100 * (report["categories"][category]["score"] or 0)) for category in categories}
    lost = [
        f"{name}: {audit['id']}: {audit['title']} {audit.get('displayValue', '')}".rstrip()
        for category in categories
        for audit in (
            report["audits"][ref["id"]] for ref in report["categories"][category]["auditRefs"] if ref["weight"]
        )
        if audit["score"] is not None and audit["score"] < 0.9
    ]
    figure = " ".join(str(points[category]) for category in categories)
    return Result(
        f"Lighthouse: {name}", " ".join(["100"] * len(categories)), figure, set(points.values()) == {100}
    ), lost
