"""The main guide, whole and as 304, compared with a bare WSGI page of its size: same gunicorn, same run."""

import statistics
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.bench.baseline import ALIKE, yardstick
from tests.bench.load import requests_per_second
from tests.report import Result
from tests.served import serve

GUIDE = "/guides/rheumatoid-vs-osteoarthritis/"
ROUNDS = 7
TARGET = 0.75


def measure() -> Iterator[Result]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        site = serve(Path(folder), **ALIKE)
        page = site.address + GUIDE
        size, tag = _size_and_tag(page)
        try:
            with yardstick("tests.bench.bare_wsgi:application", site.environment | {"BARE_SIZE": str(size)}) as bare:
                rounds = [_round(number, bare, page, tag) for number in range(1, ROUNDS + 1)]
        finally:
            site.stop()
    for name, column in (("main guide", 1), ("main guide not changed (304)", 2)):
        ratio = statistics.median(rates[column] / rates[0] for rates in rounds)
        rate = statistics.median(rates[column] for rates in rounds)
        figure = f"{ratio:.2f}, {rate:,.0f} a second of {size:,} bytes"
        yield Result(f"{name} to bare WSGI", f"≥ {TARGET}", figure, ratio >= TARGET)


def _round(number: int, bare: str, page: str, tag: str) -> tuple[float, float, float]:
    rates = (
        requests_per_second(bare, "Accept-Encoding: br"),  # same headers
        requests_per_second(page, "Accept-Encoding: br"),
        requests_per_second(page, "Accept-Encoding: br", f"If-None-Match: {tag}"),
    )
    figures = "".join(f"{rate:>8.0f}" for rate in rates)
    sys.stderr.write(f"guide, round {number}: bare, whole, 304: {figures} a second\n")
    return rates


def _size_and_tag(address: str) -> tuple[int, str]:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "br"})
    answer = urllib.request.urlopen(request)
    return len(answer.read()), answer.headers["ETag"]
