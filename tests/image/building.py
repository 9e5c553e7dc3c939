"""Build the image with buildah on a Debian base made by debootstrap; the base is cached for the next build."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.served import ROOT

STORE = Path("/var/tmp/crc-site-image")
BASE, IMAGE, AGAIN = "crc-site-base", "crc-site-tested", "crc-site-again"
SUITE = "bookworm"
PROGRAMS = {"buildah": "buildah", "debootstrap": "debootstrap", "setpriv": "util-linux", "unshare": "util-linux"}


class NotBuilt(Exception):
    """A buildah command failed."""


@dataclass(frozen=True)
class Image:
    config: dict[str, Any]
    history: str
    root: Path  # the image's file system, mounted
    again: Path  # that of the same image, built a second time


def missing() -> list[str]:
    """Return the Debian packages to install first."""
    return sorted({package for program, package in PROGRAMS.items() if not shutil.which(program)})


def buildah(*arguments: str) -> str:
    storage = ["--root", str(STORE / "storage"), "--runroot", str(STORE / "run"), "--storage-driver", "vfs"]
    done = subprocess.run(["buildah", *storage, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise NotBuilt(f"buildah {arguments[0]}: {done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout.strip()


def make_base() -> None:
    """Create the base image: Debian with Python."""
    if buildah("images", "--quiet", "--filter", f"reference={BASE}"):
        return
    with tempfile.TemporaryDirectory(dir=STORE) as folder:
        packages = "--include=python3,python3-venv,ca-certificates"
        command = ["debootstrap", "--variant=minbase", packages, SUITE, f"{folder}/root"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(f"{folder}/root/var/cache/apt")
        container = buildah("from", "scratch")
        buildah("add", "--quiet", container, f"{folder}/root", "/")
        buildah("commit", "--quiet", "--rm", container, BASE)


@contextmanager
def built() -> Iterator[Image]:
    """Build the image twice and mount both; remove them when the block ends."""
    STORE.mkdir(exist_ok=True)
    make_base()
    with tempfile.TemporaryDirectory(dir=STORE) as folder:
        settings = ["--isolation", "chroot", "--format", "docker", "--build-arg", f"PYTHON_IMAGE=localhost/{BASE}"]
        settings += of_pip(Path(folder))
        for name in (IMAGE, AGAIN):
            buildah("build", "--quiet", "--no-cache", *settings, "--tag", name, str(ROOT))
    container, again = (buildah("from", "--pull-never", f"localhost/{name}") for name in (IMAGE, AGAIN))
    try:
        described = json.loads(buildah("inspect", "--type", "image", f"localhost/{IMAGE}"))
        yield Image(
            described["Docker"]["config"],
            json.dumps(described["OCIv1"]["history"]),
            Path(buildah("mount", container)),
            Path(buildah("mount", again)),
        )
    finally:
        buildah("rm", container, again)
        buildah("rmi", "--force", IMAGE, AGAIN)


def of_pip(folder: Path) -> list[str]:
    """Options that mount this machine's pip configuration and its files, for the build only."""
    config = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
    found = dict(re.findall(r"^(?:global|install|:env:)\.([\w-]+)='(.*)'$", config.stdout, re.MULTILINE))
    named = {name: value.replace("\\n", " ") for name, value in found.items()}
    (folder / "pip.conf").write_text("[global]\n" + "".join(f"{name} = {value}\n" for name, value in named.items()))
    mounted = {"/etc/pip.conf": folder / "pip.conf"}
    for word in " ".join(named.values()).split():
        # A package index links to files beside it.
        path = Path(word).parent if word.startswith("file://") else Path(word)
        path = Path(str(path).removeprefix("file:"))
        if path.is_absolute() and path.exists():
            mounted[str(path)] = path
    return [part for inside, path in mounted.items() for part in ("--volume", f"{path}:{inside}:ro")]
