"""Each command of docs/runbook.md is one that exists; the cheap ones are run."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from screening.management import status_report
from tests.test_deploy import DEPLOY
from tests.test_tidiness import ROOT

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```$", RUNBOOK, re.MULTILINE | re.DOTALL)
LINES = [line for block in BLOCKS for line in block.splitlines()]
OURS = sorted({line for line in [*LINES, *re.findall(r"`([^`\n]+)`", RUNBOOK)] if re.match(r"crc-manage \w", line)})
PROGRAMS = {
    "apt-get",
    "certbot",
    "crc-manage",
    "docker",
    "findmnt",
    "journalctl",
    "ls",
    "nginx",
    "runuser",
    "systemctl",
}
UNITS = sorted(set(re.findall(r"crc-\w+\.(?:service|socket|timer)", RUNBOOK)))


@pytest.mark.parametrize("line", OURS)
def test_a_command_of_ours_is_there_with_its_options(line):
    _program, name, *arguments = shlex.split(line)
    command = load_command_class(get_commands()[name], name)
    parser = command.create_parser("manage.py", name)
    assert parser.parse_args(arguments)


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_is_shipped(name):
    assert (DEPLOY / "systemd" / name).exists()


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_one_that_a_shell_can_read(line):
    subprocess.run(["sh", "-n", "-c", line], check=True)


def test_every_line_of_the_status_that_may_need_a_person_has_its_section():
    source = Path(status_report.__file__).read_text(encoding="utf-8")
    subjects = set(re.findall(r'StatusLine\(\s*"([\w ]+)"', source))
    headings = " ".join(re.findall(r"^## (.+)$", RUNBOOK, re.MULTILINE))
    elsewhere = {"Release", "Address", "Guides", "Settings", "Inquiries", "Erasing", "Appointments"}
    assert elsewhere < subjects
    for subject in subjects - elsewhere:
        assert subject in headings, subject


CODE = "".join(
    file.read_text(encoding="utf-8") for folder in ("crc_site", "screening") for file in (ROOT / folder).rglob("*.py")
)
QUOTED = [
    words
    for words in re.findall(r"`([^`\n]+)`", re.sub(r"^```\n.*?^```$", "", RUNBOOK, flags=re.MULTILINE | re.DOTALL))
    if re.fullmatch(r"[A-Za-z_]+:?( [a-z_A-Z]+)+:?", words) and words.split()[0] not in PROGRAMS
]


def test_the_words_by_which_a_trouble_is_known_are_in_it():
    known = (
        "mail server refuses", "letters wait", "letter not sent", "ahead of the clock", "may create no database",
        "what is on the disk is not what was written", "BACKUP_DIR names a folder that is not there", "at work",
        "none in BACKUP_DIR", "not written to it yet", "not in it", "the database does not know", "not applied",
        "INDEX_KEY is not the key of this database", "FIELD_KEYS do not decrypt", "a restore into it was not finished",
        "cannot be read at CERTIFICATE_ADDRESS", "could not be written", "cannot be decrypted",
    )  # fmt: skip
    for words in known:
        assert words in RUNBOOK, words
        assert words in CODE, words


@pytest.mark.parametrize("words", QUOTED)
def test_whatever_it_quotes_are_words_of_the_site(words):
    for part in words.split(": "):
        assert part in CODE, words


def test_an_alert_names_a_section():
    alerts = (DEPLOY / "prometheus" / "alerts.yaml").read_text(encoding="utf-8")
    named = re.findall(r"Runbook: ([^\"]+)\"", alerts)
    assert len(named) >= 10
    assert set(named) <= set(re.findall(r"^## (.+)$", RUNBOOK, re.MULTILINE))


@pytest.mark.slow
@pytest.mark.django_db
def test_the_certificates_end_is_printed(tmp_path):
    name = tmp_path / "fullchain.pem"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=www.clinic.example"
    command = [*make.split(), "-keyout", str(tmp_path / "key"), "-out", str(name)]
    subprocess.run(command, check=True, capture_output=True)
    (line,) = [line for line in LINES if line.startswith("openssl")]
    done = subprocess.run(shlex.split(line.replace("/etc/nginx/tls/fullchain.pem", str(name))), capture_output=True)
    assert done.stdout.startswith(b"notAfter=")
