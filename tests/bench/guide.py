"""The main guide beside a bare WSGI page of the same size, on the same gunicorn, by turns in one run."""

import os
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from tests.bench.load import requests_per_second
from tests.served import ROOT, free_port, serve, wait_for

GUIDE = "/guides/rheumatoid-vs-osteoarthritis/"
ROUNDS = 7
TARGET = 0.75
# One process each, never renewed: with several, a round measures how the connections happened to fall among them.
ALIKE = {"WEB_CONCURRENCY": "1", "GUNICORN_CMD_ARGS": "--max-requests 0"}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        measure(Path(folder))


def measure(folder: Path) -> None:
    site = serve(folder, **ALIKE)
    page = site.address + GUIDE
    size = _wire_size(page)
    bare, bare_address = _start_bare(size, site.environment)
    try:
        rows = [
            (requests_per_second(bare_address), requests_per_second(page, "Accept-Encoding: br")) for _ in range(ROUNDS)
        ]
    finally:
        bare.terminate()
        bare.wait()
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


def _start_bare(size: int, environment: dict[str, str]) -> tuple[subprocess.Popen, str]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "crc_site/gunicorn.conf.py", "-b", f"127.0.0.1:{port}"]
    bare = subprocess.Popen(
        [*command, "tests.bench.bare:application"],
        cwd=ROOT,
        env=environment | {"BARE_SIZE": str(size), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/"
    wait_for(lambda: _answers(address))
    return bare, address


def _answers(address: str) -> bool:
    try:
        return urllib.request.urlopen(address, timeout=2).status == 200
    except OSError:
        return False


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crc_site.settings")
    main()
