"""`python -m tests.on_postgresql ARGUMENTS…` runs Python with DATABASE_URL set to a throwaway PostgreSQL server.

`--servers N` before the arguments starts N servers, listed in DATABASE_URLS: one for each pytest process, since erasure
tests read the files of the whole server.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ACCOUNT = "postgres"  # PostgreSQL refuses to run as root, so root uses this account


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).parent if elsewhere else None


@contextmanager
def throwaway_server(programs: Path) -> Iterator[str]:
    """Run a server on a free loopback port with its data in a temporary folder; yield its DATABASE_URL."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    borrowed = ["runuser", "-u", ACCOUNT, "--"] if os.geteuid() == 0 else []
    if borrowed:
        shutil.chown(folder, ACCOUNT)

    def run(*command: str) -> None:
        subprocess.run([*borrowed, *command], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    data, log = folder / "data", folder / "log"
    run(str(programs / "initdb"), "-D", str(data), "-U", "crc", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # As docs/operations.md says: recycled WAL files would keep old content.
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    settings += " -c wal_recycle=off"
    try:
        run(str(programs / "pg_ctl"), "-D", str(data), "-l", str(log), "-o", settings, "-w", "start")
        run(str(programs / "createdb"), "-h", str(folder), "-p", str(port), "-U", "crc", "crc")
        yield f"postgres://crc@127.0.0.1:{port}/crc"
    finally:
        run(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    arguments, count = sys.argv[1:], 1
    if arguments[:1] == ["--servers"]:
        arguments, count = arguments[2:], int(arguments[1])
    programs = binaries()
    if programs is None:
        sys.stdout.write("Not run: the tests on PostgreSQL, for want of its programs (Debian: postgresql).\n")
        return 1 if os.environ.get("CI") == "true" else 0
    with ExitStack() as started:
        addresses = [started.enter_context(throwaway_server(programs)) for _ in range(count)]
        environment = os.environ | {"DATABASE_URL": addresses[0]}
        if count > 1:
            environment["DATABASE_URLS"] = " ".join(addresses)
        return subprocess.run([sys.executable, *arguments], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
