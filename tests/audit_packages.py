"""`python -m tests.audit_packages` asks for known weaknesses of the pinned packages; without a network it says so."""

import subprocess
import sys

from tests.served import ROOT

FILES = ("requirements.txt", "requirements-image.txt", "requirements-dev.txt")
NOT_ASKED = 2  # exit code
_PIP_AUDIT = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--progress-spinner=off"]
# A mirror that has packages but no list of weaknesses answers that it does not know them, and pip-audit then says that
# no weakness is known.
_NO_ANSWER = ("ConnectionError", "Connection error", "Max retries exceeded", "ServiceError", "could not be audited")


def main() -> int:
    worst = 0
    for name in FILES:
        command = [*_PIP_AUDIT, "--requirement", str(ROOT / name)]
        done = subprocess.run(command, capture_output=True, text=True)
        code, text = verdict(done.returncode, done.stdout + done.stderr)
        sys.stdout.write(f"{name}: {text.strip()}\n")
        if code == NOT_ASKED:
            return code
        worst = max(worst, code)
    return worst


def verdict(returncode: int, output: str) -> tuple[int, str]:
    """Exit code and text for what pip-audit answered."""
    if any(words in output for words in _NO_ANSWER):
        return NOT_ASKED, "not asked: no list of known weaknesses can be reached. Run it where there is a network."
    return returncode, output


if __name__ == "__main__":
    sys.exit(main())
