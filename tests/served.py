"""The site as in production, in separate processes: gunicorn, worker, hashed static files, one-time codes."""

import base64
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import psycopg
from django_otp.oath import totp

from tests.environment import VALUES
from tests.mails import Mail, mails_in

ROOT = Path(__file__).resolve().parent.parent
_UNCHECKED = ["--skip-checks"]  # the site checks itself when it starts
HANG = 300.0  # seconds; a wait this long is a fault, however slow the machine


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@dataclass
class Served:
    """A running site that writes only below ``folder``. Web and worker are one process group, led by web."""

    folder: Path
    port: int
    environment: dict[str, str]
    password: str
    secret: bytes
    web: subprocess.Popen = field(init=False)
    worker: subprocess.Popen = field(init=False)
    _last_code: str = field(init=False, default="")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def mails(self) -> list[Mail]:
        return mails_in(self.folder / "mail")

    def code(self) -> str:
        """A one-time code that was not returned before. Each works once, so a second sign-in waits for the next."""
        while (code := f"{totp(self.secret):06d}") == self._last_code:
            time.sleep(0.2)
        self._last_code = code
        return code

    def manage(self, *arguments: str) -> str:
        return manage(self.environment, *arguments)

    def start(self) -> None:
        """Start both processes and wait until the site is ready."""
        self.start_web()
        self.start_worker()
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def start_web(self) -> None:
        address = f"127.0.0.1:{self.port}"
        self.web = self._start("-m", "gunicorn", "-c", "crc_site/gunicorn.conf.py", "-b", address, group=0)

    def start_worker(self) -> subprocess.Popen:
        self.worker = self._start("manage.py", "work", group=self.web.pid)
        return self.worker

    def _start(self, *command: str, group: int, pass_fds: Sequence[int] = ()) -> subprocess.Popen:
        with (self.folder / "log").open("a", encoding="utf-8") as log:
            return subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                process_group=group,
                pass_fds=pass_fds,
            )

    def _wait_until_ready(self) -> None:
        def is_settled() -> bool:
            return self.web.poll() is not None or responds(f"{self.address}/readyz")

        if not wait_for(is_settled) or self.web.poll() is not None:
            raise RuntimeError(self.log)

    def web_children(self) -> list[int]:
        """Return the pids of gunicorn's worker processes."""
        listing = ["ps", "-o", "pid=", "--ppid", str(self.web.pid)]
        return [int(pid) for pid in subprocess.run(listing, capture_output=True, text=True).stdout.split()]

    def stop(self) -> None:
        for process in (self.web, self.worker):
            process.terminate()
        self.wait()

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to all processes of the site and wait until web and worker have ended."""
        os.killpg(self.web.pid, number)
        self.wait()

    def wait(self) -> None:
        for process in (self.web, self.worker):
            process.wait(timeout=HANG)


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


def serve(folder: Path, **changed: str) -> Served:
    """Start a site on a free loopback port; ``changed`` updates its environment."""
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
    login = _make_database(environment["DATABASE_URL"])
    if "PYTEST_XDIST_WORKER" not in os.environ:  # parallel test processes share one folder of static files
        _collect_static_files()
    served = Served(folder, port, environment, login.password, login.secret)
    served.start()
    return served


def database_in(folder: Path) -> str:
    """DATABASE_URL of a new database: on the server that DATABASE_URL names, otherwise a file below ``folder``."""
    server = os.environ.get("DATABASE_URL", "")
    if server.startswith("postgres"):
        return urlsplit(server)._replace(path=f"/{folder.name.replace('-', '_')}").geturl()
    (folder / "data").mkdir()
    return f"sqlite:///{folder}/data/db.sqlite3"


class Login(NamedTuple):
    """Of the account "staff": its password, and the secret of its one-time codes."""

    password: str
    secret: bytes


def _make_database(address: str) -> Login:
    """Create the database of DATABASE_URL as a copy of one that was made once in this process."""
    if address.startswith("sqlite"):
        content, login = _made_in_file()
        Path(address.removeprefix("sqlite:///")).write_bytes(content)
        return login
    server = urlsplit(address)._replace(path="/postgres").geturl()
    template, login = _made_on_server(server)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{urlsplit(address).path[1:]}" TEMPLATE "{template}"')
    return login


@cache
def _collect_static_files() -> None:
    """Once per process: its sites share the folder."""
    manage(os.environ | VALUES, "collectstatic", "--noinput", "--verbosity", "0")


@cache
def _made_in_file() -> tuple[bytes, Login]:
    """Return a migrated SQLite database that holds one account, and how that signs in."""
    with tempfile.TemporaryDirectory(prefix="tables-") as folder:
        file = Path(folder) / "db.sqlite3"
        login = _migrate_and_add_staff(f"sqlite:///{file}")
        return file.read_bytes(), login


@cache
def _made_on_server(server: str) -> tuple[str, Login]:
    """Return the name of such a database on a PostgreSQL server, and how its account signs in."""
    name = f"tables_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return name, _migrate_and_add_staff(urlsplit(server)._replace(path=f"/{name}").geturl())


def _migrate_and_add_staff(address: str) -> Login:
    environment = os.environ | VALUES | {"DATABASE_URL": address}
    manage(environment, "migrate", "--verbosity", "0", *_UNCHECKED)
    output = manage(environment, "serve_login", *_UNCHECKED)
    password, secret = re.search(r"staff / (\S+)\n.*secret: (\S+)", output).groups()
    return Login(password, base64.b32decode(secret))


def responds(address: str) -> bool:
    try:
        return urllib.request.urlopen(address, timeout=HANG).status == 200
    except OSError:
        return False


def wait_for(condition, seconds: float = HANG):
    """Poll ``condition``; return its first true or last false value."""
    end = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(0.1)
    return found
