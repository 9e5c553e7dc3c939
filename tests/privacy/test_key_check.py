import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from screening.models import Inquiry, KeyCheck
from screening.privacy import key_check
from screening.privacy.backup_directory import LOG_NAME
from screening.privacy.key_check import WrongKeys, prove_keys
from tests.backups.places import BACKUP_RECIPIENT, elsewhere
from tests.builders import inquiry
from tests.served import HANG

ROOT = Path(__file__).resolve().parents[2]
SENTENCES = {
    "INDEX_KEY": r"INDEX_KEY is not the key of this database: .*\.",
    "FIELD_KEYS": r"FIELD_KEYS do not decrypt this database: .*\.",
}
OTHER = {"INDEX_KEY": "another key " * 5, "FIELD_KEYS": Fernet.generate_key().decode()}

pytestmark = pytest.mark.django_db


@pytest.fixture
def with_another(settings):
    def change(name: str) -> None:
        setattr(settings, name, [OTHER[name]] if name == "FIELD_KEYS" else OTHER[name])

    return change


def test_the_keys_of_the_first_migration_are_proven():
    assert KeyCheck.objects.count() == 1
    prove_keys()
    assert KeyCheck.objects.count() == 1


@pytest.mark.parametrize("name", SENTENCES)
def test_another_key_is_refused_in_one_sentence(with_another, name):
    with_another(name)
    with pytest.raises(WrongKeys, match=f"^{SENTENCES[name]}$"):
        prove_keys()


def test_a_new_key_in_front_of_the_old_one_is_right_and_after_the_rotation_alone(settings):
    settings.FIELD_KEYS = [OTHER["FIELD_KEYS"], *settings.FIELD_KEYS]
    prove_keys()
    call_command("rotate_keys", stdout=StringIO())
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    prove_keys()


def test_a_database_of_before_is_not_marked_with_keys_that_do_not_decrypt_it(with_another, settings):
    inquiry()
    KeyCheck.objects.all().delete()
    right = settings.FIELD_KEYS
    with_another("FIELD_KEYS")
    key_check.write_row()
    with pytest.raises(WrongKeys, match=SENTENCES["FIELD_KEYS"]):
        prove_keys()
    assert not KeyCheck.objects.exists()
    settings.FIELD_KEYS = right
    prove_keys()
    assert KeyCheck.objects.exists()


@pytest.mark.parametrize("command", ["backup", "purge"])
@pytest.mark.parametrize("name", SENTENCES)
def test_a_command_that_writes_does_not_begin(with_another, settings, tmp_path, command, name):
    settings.BACKUP_DIR, settings.BACKUP_RECIPIENTS = tmp_path, [BACKUP_RECIPIENT]
    inquiry()
    Inquiry.objects.update(received_at="2020-01-01T00:00Z")
    with_another(name)
    with pytest.raises(CommandError, match=f"^{SENTENCES[name]}$"):
        call_command(command, stdout=StringIO())
    assert Inquiry.objects.exists()
    assert not (tmp_path / LOG_NAME).exists()


def test_readyz_is_503(client, with_another):
    with_another("INDEX_KEY")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert re.fullmatch(SENTENCES["INDEX_KEY"], answer.json()["database"])


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_neither_web_nor_worker_starts_with_a_wrong_key(tmp_path):
    programs = {"web": ["-c", "import crc_site.wsgi"], "worker": ["manage.py", "work"]}
    with elsewhere(tmp_path, DEBUG="on") as place:
        connection.close()
        assert place.manage("migrate", "--verbosity", "0").returncode == 0
        environment = os.environ | place.environment | {"DJANGO_SETTINGS_MODULE": "crc_site.settings"}
        for name, sentence in SENTENCES.items():
            for program in programs.values():
                command = [sys.executable, *program]
                ended = subprocess.run(
                    command,
                    cwd=ROOT,
                    env=environment | {name: OTHER[name]},
                    capture_output=True,
                    text=True,
                    timeout=HANG,
                )
                assert ended.returncode == 1
                assert re.search(f"{sentence}$", ended.stderr)
                assert "Traceback" not in ended.stderr
        for arguments in (programs["web"], ["manage.py", "purge"]):
            assert subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment).returncode == 0
