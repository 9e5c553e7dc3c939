"""`python -m tests.image` builds and runs the image and prints the checks; exit code 1 if one fails."""

import hashlib
import json
import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.environment import VALUES
from tests.image.building import Image, NotBuilt, built, missing
from tests.image.running import Running, owners
from tests.served import ROOT, wait_for

Check = tuple[str, bool, str]  # name, result, details

PAGES = ("/", "/es/", "/guides/", "/es/guides/", "/candidacy/", "/es/candidacy/", "/admin/login/")
LEFT_OUT = re.compile(r"\.git|.*\.env|.*\.sqlite3|.*\.backup|tests|docs|\.venv|Makefile|Dockerfile")
SETTINGS = {"SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "EMAIL_URL", "DATABASE_URL"}
LONGEST = 10  # seconds in which the processes must end


def main() -> int:
    if os.geteuid() != 0:
        sys.exit("The image is built and run with chroot, which only root may do.")
    if packages := missing():
        sys.exit(f"The image cannot be built here, for want of: {', '.join(packages)} (Debian's names).")
    failed = 0
    try:
        with built() as image, tempfile.TemporaryDirectory(prefix="image-") as folder:
            for name, is_so, found in checks(image, Path(folder)):
                failed += not is_so
                sys.stdout.write(f"{'ok  ' if is_so else 'FAIL'}  {name}{': ' if found else ''}{found}\n")
                sys.stdout.flush()
    except NotBuilt as error:
        sys.exit(f"FAIL  the Dockerfile builds: {error}")
    return 1 if failed else 0


def checks(image: Image, folder: Path) -> Iterator[Check]:
    folder.chmod(0o755)  # the image's user must be able to traverse it
    yield "the Dockerfile builds", True, ""
    yield from content(image)
    yield from parts_and_repetition(image)
    running = Running(image, folder)
    yield from before_it_runs(running)
    with running.served() as (web, worker):
        yield from served(running, web, worker)
        yield from ended(running, web, worker)


def content(image: Image) -> Iterator[Check]:
    app = image.root / "app"
    strange = [str(path.relative_to(app)) for path in app.rglob("*") if LEFT_OUT.fullmatch(path.name)]
    yield "nothing of the workshop is in it", not strange, ", ".join(strange[:5])
    yield "no data is in it", not any((app / "var").iterdir()), ""
    named = SETTINGS & {pair.partition("=")[0] for pair in image.config["Env"]}
    yield "no key is in its settings or its history", not named and not keys_in(image.history), ""
    yield "none of this folder's own keys is in it", not own_keys_in(image), ""
    writable = subprocess.run(
        ["find", "app", "venv", "-perm", "-o+w", "-not", "-type", "l", "-print"],
        cwd=image.root,
        capture_output=True,
        text=True,
    ).stdout.split()
    yield "nobody but root may change the code", not writable, ", ".join(writable[:5])
    tools = [
        name for name in ("pip", "gcc") if any((image.root / one / name).exists() for one in ("venv/bin", "usr/bin"))
    ]
    yield "no installer or compiler is in it", not tools, ", ".join(tools)


def parts_and_repetition(image: Image) -> Iterator[Check]:
    listed = {
        part["name"]: part["version"]
        for part in json.loads((image.root / "app/parts.cdx.json").read_text())["components"]
    }
    pinned = dict(
        re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([^ ;\\]+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    )
    there = {name.lower().replace("_", "-").replace(".", "-"): version for name, version in listed.items()}
    strange = sorted(name for name, version in there.items() if pinned.get(name) != version)
    missing = {"django", "gunicorn", "cryptography"} - set(there)
    yield (
        "its list of parts names what is pinned",
        not strange and not missing,
        ", ".join(strange) or f"{len(there)} parts",
    )
    first, second = contents(image.root), contents(image.again)
    differing = sorted(path for path in first.keys() | second.keys() if first.get(path) != second.get(path))
    yield "built twice, it is the same", not differing, ", ".join(differing[:8]) or f"{len(first)} files"


def contents(root: Path) -> dict[str, tuple]:
    """Mode, owner and content of every file, by path."""
    found = {}
    for path in sorted(root.rglob("*")):
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            content = str(path.readlink())
        elif stat.S_ISREG(status.st_mode):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            content = ""
        found[str(path.relative_to(root))] = (status.st_mode, status.st_uid, status.st_gid, content)
    return found


def keys_in(text: str) -> bool:
    return bool(re.search(r"[\w-]{43}=|(SECRET|INDEX)_KEY=\S{20}", text))


def own_keys_in(image: Image) -> bool:
    key_file = ROOT / "var" / "keys.env"
    keys = re.findall(r":-([^}]+)\}", key_file.read_text()) if key_file.exists() else []
    found = [subprocess.run(["grep", "-rqF", "--", key, "app", "venv"], cwd=image.root) for key in keys]
    return any(done.returncode == 0 for done in found)


def before_it_runs(running: Running) -> Iterator[Check]:
    yield "it runs as a user without rights", running.uid > 0 and running.gid > 0, running.image.config["User"]
    missing_one = {name: value for name, value in running.environment.items() if name not in VALUES}
    refused = running.run(*running.image.config["Cmd"], environment=missing_one)
    yield "without settings it says which is missing", refused != 0 and "SECRET_KEY is missing" in running.output, ""
    yield "its root cannot be written to", running.run("touch", "/app/x", "/venv/x", "/tmp/x") != 0, ""
    yield "the database is made", running.run("python", "manage.py", "migrate", "--verbosity", "0") == 0, ""


def served(running: Running, web: subprocess.Popen, worker: subprocess.Popen) -> Iterator[Check]:
    for path in ("/healthz", "/readyz", *PAGES):
        status = running.status(path)
        yield path, status == 200, str(status)
    page = running.image.root / "app" / ".static" / "staticfiles.json"
    name = re.search(r'"(css/[^"]*\.[0-9a-f]{12}\.css)"', page.read_text())[1]
    yield "static files", running.status(f"/static/{name}") == 200, name
    yield "its own health check", running.run(*running.health_check()) == 0, ""
    found = owners(web) | owners(worker)
    yield "all its processes are that user's", found == {running.uid}, " ".join(map(str, found))
    yield "the worker works", worker.poll() is None and '"worker started"' in running.output, ""


def ended(running: Running, web: subprocess.Popen, worker: subprocess.Popen) -> Iterator[Check]:
    number = getattr(signal, running.image.config.get("StopSignal", "SIGTERM"))
    for name, process in (("web", web), ("worker", worker)):
        started = time.monotonic()
        process.send_signal(number)
        wait_for(lambda process=process: process.poll() is not None, 2 * LONGEST)
        seconds = time.monotonic() - started
        yield f"SIGTERM ends the {name} process", process.poll() == 0 and seconds <= LONGEST, f"{seconds:.1f} s"


if __name__ == "__main__":
    sys.exit(main())
