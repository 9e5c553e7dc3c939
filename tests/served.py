"""The site as in production, in processes of its own: gunicorn, worker, hashed static files, one-time codes."""

import base64
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

from django_otp.oath import totp

from tests.environment import VALUES

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@dataclass
class Served:
    """A running site; everything it writes is below ``folder``."""

    folder: Path
    port: int
    environment: dict[str, str]
    web: subprocess.Popen
    worker: subprocess.Popen
    password: str
    secret: bytes

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def mails(self) -> list[str]:
        return [file.read_text(encoding="utf-8") for file in sorted((self.folder / "mail").glob("*"))]

    def code(self) -> str:
        """A one-time code. Each is good once, so callers that sign in again wait for the next."""
        return f"{totp(self.secret):06d}"

    def manage(self, *arguments: str) -> str:
        return manage(self.environment, *arguments)

    def stop(self) -> None:
        for process in (self.web, self.worker):
            process.terminate()
        for process in (self.web, self.worker):
            process.wait(timeout=10)


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


def serve(folder: Path, **changed: str) -> Served:
    """Start a site on a free loopback port; ``changed`` is put into its environment."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name not in VALUES} | VALUES
    environment |= {
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "EMAIL_URL": f"filemail:///{folder}/mail",
        "STAFF_REQUIRE_OTP": "on",
        "WEB_CONCURRENCY": "2",
        **changed,
    }
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
    told = manage(environment, "serve_login")
    password = re.search(r"staff / (\S+)", told)[1]
    secret = re.search(r"secret: (\S+)", told)[1]
    log = (folder / "log").open("a", encoding="utf-8")

    def start(*command: str) -> subprocess.Popen:
        return subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stdout=log, stderr=log)

    web = start("-m", "gunicorn", "-c", "crc_site/gunicorn.conf.py", "-b", f"127.0.0.1:{port}")
    worker = start("manage.py", "work")
    served = Served(folder, port, environment, web, worker, password, base64.b32decode(secret))
    try:
        _wait_until_ready(served)
    except BaseException:
        served.stop()
        raise
    return served


def _wait_until_ready(served: Served) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{served.address}/readyz").read()
            return
        except URLError:
            time.sleep(0.1)
    raise RuntimeError(served.log)


def wait_for(condition, seconds: float = 20.0):
    """The first true value of ``condition``, or the last false one."""
    end = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(0.1)
    return found
