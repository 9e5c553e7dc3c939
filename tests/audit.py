"""`python -m tests.audit` asks whether weaknesses of the pinned packages are known; without a network it says so."""

import subprocess
import sys

from tests.served import ROOT

_FILES = ("requirements.txt", "requirements-image.txt", "requirements-dev.txt")
_UNREACHABLE = ("ConnectionError", "Max retries exceeded", "ServiceError", "NameResolutionError", "ProxyError")
NOT_ASKED = 2  # exit code


def main() -> int:
    files = [part for name in _FILES for part in ("--requirement", str(ROOT / name))]
    command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--progress-spinner=off", *files]
    done = subprocess.run(command, capture_output=True, text=True)
    sys.stdout.write(done.stdout)
    if done.returncode and any(words in done.stderr for words in _UNREACHABLE):
        sys.stderr.write(
            "Not asked: the list of known weaknesses cannot be reached. Run it where there is a network.\n"
        )
        return NOT_ASKED
    sys.stderr.write(done.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
