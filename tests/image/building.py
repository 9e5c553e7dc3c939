"""Builds the image with buildah over a Debian made by debootstrap, which is kept, so that a second build is quick."""

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
BASE, IMAGE = "crc-site-base", "crc-site-tested"
SUITE = "bookworm"
PROGRAMS = {"buildah": "buildah", "debootstrap": "debootstrap", "setpriv": "util-linux", "unshare": "util-linux"}


class NotBuilt(Exception):
    """What buildah said."""


@dataclass(frozen=True)
class Image:
    config: dict[str, Any]
    history: str
    root: Path  # all of its files, as a process in it finds them


def missing() -> list[str]:
    """Debian's packages that have to be installed first."""
    return sorted({package for program, package in PROGRAMS.items() if not shutil.which(program)})


def buildah(*arguments: str) -> str:
    kept = ["--root", str(STORE / "storage"), "--runroot", str(STORE / "run"), "--storage-driver", "vfs"]
    done = subprocess.run(["buildah", *kept, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise NotBuilt(f"buildah {arguments[0]}: {done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout.strip()


def make_base() -> None:
    """Debian with Python and nothing else, as an image."""
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
    """The image as anybody builds it, until the block ends."""
    STORE.mkdir(exist_ok=True)
    make_base()
    with tempfile.TemporaryDirectory(dir=STORE) as folder:
        settings = ["--isolation", "chroot", "--format", "docker", "--build-arg", f"PYTHON_IMAGE=localhost/{BASE}"]
        buildah("build", "--quiet", *settings, *of_pip(Path(folder)), "--tag", IMAGE, str(ROOT))
    container = buildah("from", "--pull-never", f"localhost/{IMAGE}")
    try:
        described = json.loads(buildah("inspect", "--type", "image", f"localhost/{IMAGE}"))
        yield Image(
            described["Docker"]["config"],
            json.dumps(described["OCIv1"]["history"]),
            Path(buildah("mount", container)),
        )
    finally:
        buildah("rm", container)
        buildah("rmi", "--force", IMAGE)


def of_pip(folder: Path) -> list[str]:
    """pip's own settings on this machine, and the files they name, mounted for the build alone."""
    told = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
    found = dict(re.findall(r"^(?:global|install|:env:)\.([\w-]+)='(.*)'$", told.stdout, re.MULTILINE))
    named = {name: value.replace("\\n", " ") for name, value in found.items()}
    (folder / "pip.conf").write_text("[global]\n" + "".join(f"{name} = {value}\n" for name, value in named.items()))
    mounted = {"/etc/pip.conf": folder / "pip.conf"}
    for word in " ".join(named.values()).split():
        # The pages of an index lead to files beside it.
        path = Path(word).parent if word.startswith("file://") else Path(word)
        path = Path(str(path).removeprefix("file:"))
        if path.is_absolute() and path.exists():
            mounted[str(path)] = path
    return [part for inside, path in mounted.items() for part in ("--volume", f"{path}:{inside}:ro")]
