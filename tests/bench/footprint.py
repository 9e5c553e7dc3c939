"""Resources of the running site: memory of each process after work, start time, size of a first visit."""

import re
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import brotli

from tests.bench.load import requests_per_second
from tests.drills import inside_site
from tests.inside import inside
from tests.report import Result
from tests.served import Served, responds, serve, wait_for

GUIDE = "/guides/rheumatoid-vs-osteoarthritis/"
PAGES = (GUIDE, "/es/candidacy/", "/candidacy/questions/", "/admin/login/")
STARTS = 3
LETTERS = 100
WEB_TARGET, WORK_TARGET, START_TARGET, VISIT_TARGET = 90, 70, 3.0, 30  # MB, MB, seconds, KB


def measure() -> Iterator[Result]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        site = serve(Path(folder), WEB_CONCURRENCY="1")
        try:
            yield first_visit(site)
            yield from memory(site)
        finally:
            site.stop()
        yield start(site)


def memory(site: Served) -> Iterator[Result]:
    """Memory after thousands of pages and a hundred letters: proportional and resident set of each process."""
    for path in PAGES:
        requests_per_second(site.address + path)
    inside(site.environment, inside_site.inquiries, LETTERS // 2, 0)
    wait_for(lambda: not inside(site.environment, inside_site.letters_untried))
    for name, pid, target in (
        ("gunicorn worker", site.web_children()[0], WEB_TARGET),
        ("work", site.worker.pid, WORK_TARGET),
    ):
        resident, own_share = megabytes(pid)
        figure = f"{own_share:.0f} MB, and {resident:.0f} with what it shares"
        yield Result(f"memory of {name}", f"≤ {target} MB", figure, own_share <= target)


def megabytes(pid: int) -> tuple[float, float]:
    """Return the resident and the proportional set size (shared pages divided among processes)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return tuple(int(re.search(rf"^{name}:\s+(\d+) kB", rollup, re.MULTILINE)[1]) / 1024 for name in ("Rss", "Pss"))


def start(site: Served) -> Result:
    """Median time from the command to the first response, including checks."""
    taken = []
    for _ in range(STARTS):
        began = time.monotonic()
        site.start_web()
        wait_for(lambda: responds(f"{site.address}/healthz"))
        taken.append(time.monotonic() - began)
        site.web.terminate()
        site.web.wait()
    seconds = statistics.median(taken)
    return Result("start", f"≤ {START_TARGET:.0f} s", f"{seconds:.1f} s", seconds <= START_TARGET)


class Linked(HTMLParser):
    """Collect the URLs that a browser loads with a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        named = dict(attrs)
        if tag == "img" or tag == "script":
            self.found.add(named.get("src") or "")
        if tag == "link" and named.get("rel") in ("stylesheet", "icon", "preload"):
            self.found.add(named["href"])


def first_visit(site: Served) -> Result:
    """Size of headers and bodies of the main guide and everything it loads."""
    size, page = fetch(site.address + GUIDE)
    linked = {urljoin(site.address + GUIDE, address) for address in Linked(page.decode()).found if address}
    total = size + sum(fetch(address)[0] for address in linked)
    figure = f"{total / 1000:.1f} KB in {1 + len(linked)} requests"
    return Result("first visit to the main guide", f"≤ {VISIT_TARGET} KB", figure, total <= VISIT_TARGET * 1000)


def fetch(address: str) -> tuple[int, bytes]:
    """Return the size of a response on the wire, and its decoded body."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "br"})
    answer = urllib.request.urlopen(request)
    body = answer.read()
    text = brotli.decompress(body) if answer.headers["Content-Encoding"] == "br" else body
    return len(bytes(answer.headers)) + len(body), text
