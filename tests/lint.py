"""`python -m tests.lint` (`make lint`): ruff, djade and mypy, with the environment that the settings need."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.environment import VALUES

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
FOLDERS = ["crc_site", "content", "screening", "tests", "manage.py"]


def commands() -> dict[str, list[str]]:
    templates = sorted(str(file.relative_to(ROOT)) for file in (ROOT / "templates").rglob("*.html"))
    return {
        "ruff": [f"{BIN}/ruff", "check", *FOLDERS],
        "ruff format": [f"{BIN}/ruff", "format", "--check", *FOLDERS],
        "djade": [f"{BIN}/djade", "--target-version", "5.2", "--check", *templates],
        "mypy": [f"{BIN}/mypy"],
    }


def main() -> int:
    """Print each tool's result; return the number of failures. mypy's plugin reads the settings."""
    complaints = 0
    for name, command in commands().items():
        started = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, env=os.environ | VALUES, capture_output=True, text=True)
        seconds = time.perf_counter() - started
        sys.stdout.write(f"{name:<12} {'ok' if not done.returncode else 'NOT OK':<7} {seconds:5.1f} s\n")
        if done.returncode:
            complaints += 1
            sys.stdout.write(done.stdout + done.stderr)
    return complaints


if __name__ == "__main__":
    sys.exit(main())
