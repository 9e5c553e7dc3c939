"""The main guide beside a bare WSGI page of the same size, on the same gunicorn, by turns in one run."""

import statistics
import sys
import tempfile
import urllib.request
from pathlib import Path

from tests.bench.load import requests_per_second
from tests.bench.yardstick import ALIKE, yardstick
from tests.served import serve

GUIDE = "/guides/rheumatoid-vs-osteoarthritis/"
ROUNDS = 7
TARGET = 0.75


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        measure(Path(folder))


def measure(folder: Path) -> None:
    site = serve(folder, **ALIKE)
    page = site.address + GUIDE
    size = _wire_size(page)
    try:
        with yardstick("tests.bench.bare:application", site.environment | {"BARE_SIZE": str(size)}) as bare:
            rows = [
                (requests_per_second(bare), requests_per_second(page, "Accept-Encoding: br")) for _ in range(ROUNDS)
            ]
    finally:
        site.stop()
    ratio = statistics.median(kept / plain for plain, kept in rows)
    sys.stdout.write(f"{'':24}{'bare WSGI':>12}{'main guide':>12}{'ratio':>8}   ({size} bytes, brotli)\n")
    for number, (plain, kept) in enumerate(rows, 1):
        sys.stdout.write(f"requests a second, {number:<5}{plain:>12.0f}{kept:>12.0f}{kept / plain:>8.2f}\n")
    verdict = "met" if ratio >= TARGET else "not met"
    sys.stdout.write(f"median ratio {ratio:.2f}, target {TARGET}: {verdict}\n")


def _wire_size(address: str) -> int:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "br"})
    return len(urllib.request.urlopen(request).read())


if __name__ == "__main__":
    main()
