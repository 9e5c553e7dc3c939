"""Run the image like a container: its own user, no capabilities, a read-only root."""

import json
import os
import subprocess
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from tests.environment import VALUES
from tests.image.building import Image
from tests.served import free_port, wait_for

# In a mount namespace: a read-only root, a host folder for data, then drop to the image's user.
_ENTER = """
mount --bind {root} {root} && mount -o remount,ro,bind {root} \
 && mount --bind {var} {root}/app/var && mount --rbind /dev {root}/dev && mount -t proc proc {root}/proc \
 && exec chroot {root} setpriv --reuid {uid} --regid {gid} --clear-groups --bounding-set=-all --no-new-privs "$@"
"""


class Running:
    def __init__(self, image: Image, folder: Path) -> None:
        self.image, self.port = image, free_port()
        self.uid, self.gid = map(int, image.config["User"].split(":"))
        self.var = folder / "var"
        self.var.mkdir()
        os.chown(self.var, self.uid, self.gid)
        self.log = folder / "log"
        self.environment = dict(pair.split("=", 1) for pair in image.config["Env"]) | VALUES
        self.environment |= {
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "EMAIL_URL": "filemail:////app/var/mail",
            "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{self.port}",
            "WEB_CONCURRENCY": "2",
        }

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *command: str, environment: dict[str, str] | None = None) -> subprocess.Popen:
        entering = _ENTER.format(root=self.image.root, var=self.var, uid=self.uid, gid=self.gid)
        settings = self.environment if environment is None else environment
        inside = ["env", "-i", "-C", self.image.config["WorkingDir"], *(f"{n}={v}" for n, v in settings.items())]
        shell = ["unshare", "--mount", "sh", "-c", entering, "sh", *inside, *command]
        with self.log.open("a") as log:
            return subprocess.Popen(shell, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def run(self, *command: str, environment: dict[str, str] | None = None) -> int:
        return self.start(*command, environment=environment).wait(timeout=120)

    @contextmanager
    def served(self) -> Iterator[tuple[subprocess.Popen, subprocess.Popen]]:
        """Run the image's command and the worker."""
        processes = self.start(*self.image.config["Cmd"]), self.start("python", "manage.py", "work")
        try:
            wait_for(lambda: self.status("/readyz") == 200, 60)
            wait_for(lambda: "worker started" in self.output)
            yield processes
        finally:
            for process in processes:
                if process.poll() is None:
                    process.kill()
                    process.wait()

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.address + path, timeout=20) as answer:
                return answer.status
        except URLError as error:
            return getattr(error, "code", 0)

    def health_check(self) -> Sequence[str]:
        """The image's health check command, at this run's port."""
        kind, *command = self.image.config["Healthcheck"]["Test"]
        command = command if kind == "CMD" else ["sh", "-c", *command]
        return json.loads(json.dumps(command).replace("127.0.0.1:8000", f"127.0.0.1:{self.port}"))


def owners(first: subprocess.Popen) -> set[int]:
    """Return the user ids of a process and its children."""
    listing = ["ps", "-o", "uid=", "--pid", str(first.pid), "--ppid", str(first.pid)]
    return {int(uid) for uid in subprocess.run(listing, capture_output=True, text=True).stdout.split()}
