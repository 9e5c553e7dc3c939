"""The worker tells systemd how it is, over a real NOTIFY_SOCKET."""

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
from django.db import OperationalError

from screening.worker import process
from screening.worker.process import Worker
from tests.environment import VALUES
from tests.served import HANG, ROOT, manage


@contextmanager
def notify_socket(folder, monkeypatch):
    """systemd's end of the socket."""
    address = str(folder / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as received:
        received.bind(address)
        received.settimeout(20)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        yield received


def next_state(received: socket.socket, *names: str) -> str:
    """The next message about one of these names."""
    while True:
        message = received.recv(4096).decode()
        for line in message.splitlines():
            if line.partition("=")[0] in names:
                return line


@pytest.mark.server
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_is_ready_then_alive_in_each_round_and_says_that_it_stops(tmp_path, monkeypatch, number):
    environment = os.environ | VALUES | {"DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    manage(environment, "migrate", "--verbosity", "0")
    with notify_socket(tmp_path, monkeypatch) as received:
        environment |= {"NOTIFY_SOCKET": os.environ["NOTIFY_SOCKET"]}
        worker = subprocess.Popen([sys.executable, "manage.py", "work"], cwd=ROOT, env=environment)
        try:
            assert next_state(received, "READY", "WATCHDOG", "STOPPING") == "READY=1"
            assert [next_state(received, "READY", "WATCHDOG", "STOPPING") for _ in range(5)] == ["WATCHDOG=1"] * 5
            worker.send_signal(number)
            assert next_state(received, "STOPPING") == "STOPPING=1"
            assert worker.wait(timeout=HANG) == 0
        finally:
            worker.kill()
            worker.wait()


@pytest.mark.server
def test_a_worker_that_is_halted_says_nothing_more(tmp_path, monkeypatch):
    environment = os.environ | VALUES | {"DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    manage(environment, "migrate", "--verbosity", "0")
    with notify_socket(tmp_path, monkeypatch) as received:
        environment |= {"NOTIFY_SOCKET": os.environ["NOTIFY_SOCKET"]}
        worker = subprocess.Popen([sys.executable, "manage.py", "work"], cwd=ROOT, env=environment)
        try:
            next_state(received, "WATCHDOG")
            worker.send_signal(signal.SIGSTOP)
            os.waitpid(worker.pid, os.WUNTRACED)
            received.setblocking(False)
            with pytest.raises(BlockingIOError):
                while received.recv(4096):
                    pass
            received.settimeout(3)
            with pytest.raises(TimeoutError):
                received.recv(4096)
        finally:
            worker.kill()
            worker.wait()


def test_during_a_long_task_systemd_waits_for_as_long_as_its_limit(tmp_path, monkeypatch):
    worker = Worker()
    with notify_socket(tmp_path, monkeypatch) as received:
        with worker._wall_clock(600):
            assert next_state(received, "WATCHDOG_USEC") == f"WATCHDOG_USEC={660 * 10**6}"
        assert next_state(received, "WATCHDOG_USEC") == f"WATCHDOG_USEC={60 * 10**6}"


@pytest.mark.django_db
def test_it_is_ready_and_alive_while_the_database_is_away(tmp_path, monkeypatch):
    def fail():
        raise OperationalError

    monkeypatch.setattr(process, "prove_keys", fail)
    worker = Worker()
    with notify_socket(tmp_path, monkeypatch) as received:
        threading.Timer(1.5, worker.stopping.set).start()
        before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
        try:
            worker.run()
        finally:
            for number, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
                signal.signal(number, handler)
        assert [next_state(received, "READY", "WATCHDOG") for _ in range(3)] == ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]
