"""The programs from npm, installed as package-lock.json pins them."""

import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent
MODULES = FOLDER / "node_modules"
_LOCK, _INSTALLED = FOLDER / "package-lock.json", MODULES / ".installed-from"


class NotInstalled(Exception):
    """Why a program cannot run, in one sentence."""


def install() -> None:
    """Install what the lock file names, unless it is there. No package runs a script of its own."""
    if _INSTALLED.exists() and _INSTALLED.read_bytes() == _LOCK.read_bytes():
        return
    if not shutil.which("npm"):
        raise NotInstalled("npm is missing (Debian: nodejs and npm; Node 20.11 or newer).")
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True)
    if done.returncode:
        lines = [line.removeprefix("npm error").strip() for line in done.stderr.splitlines()]
        said = next((line for line in lines if line and not line.startswith("code ")), "nothing")
        raise NotInstalled(f"npm could not install the programs; is there a network? It says: {said}")
    _INSTALLED.write_bytes(_LOCK.read_bytes())


def run(name: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run an installed program with ``environment`` as its whole environment beside PATH."""
    node = shutil.which("node")
    if not node:
        raise NotInstalled("Node is missing (Debian: nodejs; 20.11 or newer).")
    command = [str(MODULES / ".bin" / name), *arguments]
    path = {"PATH": f"{Path(node).parent}:/usr/bin:/bin"}
    return subprocess.run(command, cwd=FOLDER, env=path | environment, capture_output=True, text=True)
