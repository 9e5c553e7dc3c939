"""Generate load on loopback with wrk (Debian: wrk), and read its result."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

SECONDS = 3
CONNECTIONS = 16
POSTS = Path(__file__).with_name("posts.lua")


def requests_per_second(address: str, *headers: str) -> float:
    """Return responses per second over SECONDS from CONNECTIONS connections. Exits if a response failed."""
    return _run([part for header in headers for part in ("-H", header)], address)


def lines_per_second(address: str, lines: Path, status: int) -> float:
    """The same for different requests, one a line (see posts.lua). Exits if a response has another status."""
    return _run(["-s", str(POSTS)], address, "--", str(lines), str(status))


def _run(options: list[str], *arguments: str) -> float:
    if not shutil.which("wrk"):
        sys.exit("make bench needs wrk: apt-get install wrk")
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *options, *arguments]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output or "Wrong:" in output.replace("Wrong: 0\n", ""):
        sys.exit(f"Not every answer was right:\n{output}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
