"""`make serve` starts and answers; SIGTERM ends all its processes within ten seconds."""

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.served import HANG, free_port, responds, wait_for

pytestmark = pytest.mark.server
ROOT = Path(__file__).resolve().parent.parent


def children_of(parent: int) -> set[int]:
    """Return all descendant processes."""
    listing = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listing.splitlines()]
    found, new = set(), {parent}
    while new:
        new = {pid for pid, ppid in pairs if ppid in new} - found
        found |= new
    return found


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def a_copy(folder: Path) -> Path:
    """Copy the project, with the same virtual environment, so that `make serve` changes no other test's site."""
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".*", "var", "tests", "docs", "__pycache__"))
    shutil.copytree(ROOT / ".procfiles", folder / ".procfiles")
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def test_two_first_runs_at_once_both_start(tmp_path):
    copy = a_copy(tmp_path / "site")
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    environment.pop("SITE_URL")
    ports, logs = [free_port(), free_port()], [tmp_path / "first", tmp_path / "second"]
    both = [
        subprocess.Popen(
            ["make", "run", f"PORT={port}"],
            cwd=copy,
            env=environment,
            stdout=log.open("w"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        for port, log in zip(ports, logs, strict=True)
    ]
    try:
        answered = [wait_for(lambda port=port: responds(f"http://127.0.0.1:{port}/readyz")) for port in ports]
    finally:
        for make in both:
            os.killpg(make.pid, signal.SIGTERM)
            make.wait(timeout=HANG)
    output = "".join(log.read_text() for log in logs)
    assert all(answered), output
    assert "Traceback" not in output
    assert output.count("Another make is setting up this folder") == 1


def test_sigterm_ends_web_and_worker(tmp_path):
    """Sent to make alone and to its whole group, as supervisors do; the second start finds what the first made."""
    copy = a_copy(tmp_path / "site")
    port = free_port()
    environment = os.environ | {"PORT": str(port), "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    for name in ("SITE_URL", "STAFF_REQUIRE_OTP", "EMAIL_URL"):
        environment.pop(name, None)
    logs = [tmp_path / "first", tmp_path / "second"]
    for log, send in zip(logs, (os.kill, os.killpg), strict=True):
        with log.open("w") as output:
            make = subprocess.Popen(
                ["make", "serve", f"PORT={port}"],
                cwd=copy,
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        assert wait_for(lambda: responds(f"http://127.0.0.1:{port}/readyz")), log.read_text()
        assert wait_for(lambda log=log: "worker started" in log.read_text())
        assert responds(f"http://127.0.0.1:{port}/guides/")
        processes = children_of(make.pid) | {make.pid}
        assert len(processes) >= 5
        send(make.pid, signal.SIGTERM)
        make.wait(timeout=HANG)
        assert wait_for(lambda processes=processes: not any(is_alive(pid) for pid in processes))
    login = re.compile(r"Staff login \(shown once\): staff / \S+\nOne-time-code secret: [A-Z2-7]+")
    assert [bool(login.search(log.read_text())) for log in logs] == [True, False]
