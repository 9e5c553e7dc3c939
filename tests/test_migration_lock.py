"""Two that migrate one database at one moment both end well, one after the other."""

import subprocess
import sys
import threading
import time

import pytest
from django.db import connection

from screening.management.migration_lock import migration_lock
from tests.backups.places import elsewhere
from tests.served import HANG, ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_two_at_once_on_an_empty_database_both_end_well(tmp_path):
    with elsewhere(tmp_path) as place:
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        running = [
            subprocess.Popen(
                command, cwd=ROOT, env=place.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            for _ in range(3)
        ]
        ended = [(*process.communicate(), process.returncode) for process in running]
        assert [code for _out, _err, code in ended] == [0, 0, 0], ended
        assert "Another process is migrating this database" in "".join(out for out, _err, _code in ended)
        assert place.select("SELECT count(*) FROM screening_keycheck") == [(1,)]


def test_the_second_waits_until_the_first_is_done(tmp_path):
    done, waited = [], []

    def second():
        try:
            with migration_lock("default", lambda: waited.append(True)):
                done.append("second")
        finally:
            connection.close()

    with migration_lock("default", pytest.fail):
        other = threading.Thread(target=second)
        other.start()
        while not waited:
            time.sleep(0.01)
        done.append("first")
    other.join(20)
    assert done == ["first", "second"]


def test_a_holder_that_is_killed_keeps_nobody_waiting(tmp_path):
    with elsewhere(tmp_path) as place:
        program = (
            "import django, sys, time; django.setup()\n"
            "from screening.management.migration_lock import migration_lock\n"
            "with migration_lock('default', print):\n print('held', flush=True); time.sleep(600)"
        )
        environment = place.environment | {"DJANGO_SETTINGS_MODULE": "crc_site.settings"}
        holder = subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        assert holder.stdout.readline() == "held\n"
        waiting = subprocess.Popen(
            [sys.executable, "manage.py", "migrate"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        assert waiting.stdout.readline() == "Another process is migrating this database: waiting for it.\n"
        holder.kill()
        holder.wait()
        waiting.communicate(timeout=HANG)
        assert waiting.returncode == 0
