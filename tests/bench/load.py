"""Bounded load on loopback with wrk (Debian: wrk), and the figure it prints."""

import re
import shutil
import subprocess
import sys

SECONDS = 3
CONNECTIONS = 16


def requests_per_second(address: str, *headers: str) -> float:
    """Answers in a second over SECONDS, from CONNECTIONS connections; ends the run when any answer failed."""
    if not shutil.which("wrk"):
        sys.exit("make bench needs wrk: apt-get install wrk")
    named = [part for header in headers for part in ("-H", header)]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *named, address]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told or "Socket errors" in told:
        sys.exit(f"Not every answer was right:\n{told}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])
