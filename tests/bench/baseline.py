"""Run a small reference application in the same gunicorn as the site."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.served import ROOT, free_port, responds, wait_for

# One process without restarts: with several, results depend on how connections are distributed.
ALIKE = {"WEB_CONCURRENCY": "1", "GUNICORN_CMD_ARGS": "--max-requests 0"}


@contextmanager
def yardstick(application: str, environment: dict[str, str]) -> Iterator[str]:
    """Serve ``application`` ("module:name") for the duration of the block; yield its address."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "crc_site/gunicorn.conf.py", "-b", f"127.0.0.1:{port}", application],
        cwd=ROOT,
        env=environment | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}/"
        wait_for(lambda: responds(address))
        yield address
    finally:
        process.terminate()
        process.wait()
