"""`make other-versions`: run the tests that need no browser or server on newer releases of Python and Django.

Each combination gets a virtual environment in a temporary folder. Prints one line each, and the failed tests.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = ["-m", "pytest", "-n", "2", "-m", "not browser and not text_browser and not server and not nginx"]


@dataclass(frozen=True)
class Combination:
    """``django`` is a requirement that pip installs over the pinned release; empty keeps the pinned one."""

    python: str
    django: str = ""


COMBINATIONS = (Combination("python3.13"), Combination("python3.13", "Django>=6.1,<6.2"))


def environment_in(folder: Path, wanted: Combination, interpreter: str) -> Path:
    """Create a virtual environment with the pinned packages; return its Python."""
    subprocess.run([interpreter, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", "requirements-dev.txt"], cwd=ROOT, check=True)
    if wanted.django:
        subprocess.run([*pip, wanted.django], cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    return python


def run(wanted: Combination) -> bool:
    name = f"{wanted.python} {wanted.django or 'Django as pinned'}"
    interpreter = shutil.which(wanted.python)
    if interpreter is None:
        sys.stdout.write(f"{name:<32} not run: {wanted.python} is not on PATH\n")
        return False
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="other-versions-") as folder:
        python = environment_in(Path(folder) / "venv", wanted, interpreter)
        done = subprocess.run([python, *TESTS], cwd=ROOT, capture_output=True, text=True, env=os.environ)
    lines = done.stdout.splitlines() or [done.stderr]
    counts = re.findall(r"\d+ (?:passed|failed|errors?|skipped)", lines[-1])
    sys.stdout.write(f"{name:<32} {', '.join(counts) or lines[-1]:<40} {time.monotonic() - started:5.0f} s\n")
    sys.stdout.writelines(f"  {line}\n" for line in lines if line.startswith(("FAILED", "ERROR")))
    sys.stdout.flush()
    return done.returncode == 0


def main() -> int:
    return 0 if all([run(wanted) for wanted in COMBINATIONS]) else 1  # noqa: C419 (each is to be run)


if __name__ == "__main__":
    sys.exit(main())
