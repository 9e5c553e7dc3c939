"""`python crc_site/one_at_a_time.py LOCK COMMAND…` runs a command while it holds the lock of a file.

Another one waits and says so. The kernel releases the lock if the process dies. For `make`, before there is a virtual
environment: the standard library only.
"""

import fcntl
import subprocess
import sys
from pathlib import Path


def main() -> int:
    path, *command = sys.argv[1:]
    with Path(path).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stdout.write("Another make is setting up this folder: waiting for it.\n")
            sys.stdout.flush()
            fcntl.flock(lock, fcntl.LOCK_EX)
        return subprocess.run(command).returncode  # noqa: S603 (the Makefile's own command)


if __name__ == "__main__":
    sys.exit(main())
