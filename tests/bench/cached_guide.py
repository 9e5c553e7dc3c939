"""The main guide from nginx's cache, compared with a static file of the same bytes: same nginx, same run."""

import statistics
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.bench.baseline import ALIKE
from tests.bench.guide import GUIDE, ROUNDS
from tests.bench.load import requests_per_second
from tests.nginx import nginx, program
from tests.report import Result
from tests.served import serve

TARGET = 0.9


def measure() -> Iterator[Result]:
    if not program():
        sys.exit("make bench needs nginx: apt-get install nginx")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        site = serve(folder, **ALIKE)
        try:
            with nginx(folder / "nginx", f"127.0.0.1:{site.port}", tls=False) as front:
                page, static = (
                    f"http://127.0.0.1:{front.https}{GUIDE}",
                    f"http://127.0.0.1:{front.https}/static/guide.svg",
                )
                request = urllib.request.Request(page, headers={"Accept-Encoding": "br"})
                body = urllib.request.urlopen(request).read()
                static_files = front.folder / "opt" / "static"
                static_files.unlink()
                static_files.mkdir()
                (static_files / "guide.svg").write_bytes(body)
                rounds = [_round(number, static, page) for number in range(1, ROUNDS + 1)]
        finally:
            site.stop()
    ratio = statistics.median(cached / plain for plain, cached in rounds)
    rate = statistics.median(cached for _plain, cached in rounds)
    figure = f"{ratio:.2f}, {rate:,.0f} a second of {len(body):,} bytes"
    yield Result("main guide from nginx's cache to a static file", f"≥ {TARGET}", figure, ratio >= TARGET)


def _round(number: int, static: str, page: str) -> tuple[float, float]:
    rates = requests_per_second(static, "Accept-Encoding: br"), requests_per_second(page, "Accept-Encoding: br")
    sys.stderr.write(f"cached guide, round {number}: static, cached: {rates[0]:>8.0f}{rates[1]:>8.0f} a second\n")
    return rates
