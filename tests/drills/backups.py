"""A backup made while people send is restored elsewhere: all rows decrypt, and erased people stay erased."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.urls import reverse
from pyrage.x25519 import Identity

from screening.inquiries.patient_links import withdraw_token
from screening.models import Inquiry
from screening.privacy import key_rotation
from tests.backups.places import BACKUP_RECIPIENT, identity_file
from tests.drills import erasure, inside_site, senders
from tests.drills.environment import Ground
from tests.drills.size import Size
from tests.inside import inside
from tests.report import Result
from tests.served import ROOT
from tests.visitor import Visitor

A_WRITER_WAITS = 5  # seconds that a write waits for the database, by the settings; after that a post fails


def backup_and_restore(ground: Ground, size: Size) -> Iterator[Result]:
    folder = backed_up(ground)
    count = size.calm_sends // 4
    there = ground.inside(inquiries, count, ground.next_person(count))
    people = ground.inside(inside_site.finished_drafts, size.calm_sends, ground.next_person(size.calm_sends))
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(senders.send_all, ground.site.port, people, size.clients)
        for _number in range(3):
            ground.site.manage("backup")
        sending = sending.result()
    backup = max(folder.glob("*.backup"))
    withdrawn = there[: count // 2]
    for one in withdrawn:
        assert Visitor(ground.site.address).post(one["withdraw"], {}).status == 200
    with elsewhere(ground, folder) as environment:
        yield from refusals(environment, backup)
        done = restore(environment, backup)
        found = inside(environment, state, [one["id"] for one in there]) if done.returncode == 0 else {}
    ground.inside(erasure.tidy, [one["id"] for one in there])
    yield from meanwhile(sending, size)
    yield Result(
        "Backup made meanwhile, restored elsewhere",
        "every row decrypts",
        f"{found.get('undecryptable')} of {found.get('values')} do not",
        done.returncode == 0 and found["undecryptable"] == 0 and found["values"] > 2 * count,
    )
    yield Result(
        "Backup: erased since it was made",
        f"all {len(withdrawn)} erased again, the others there",
        f"{found.get('erased')} erased, {found.get('there')} of {count - len(withdrawn)} there",
        (found.get("erased"), found.get("there")) == (len(withdrawn), count - len(withdrawn)),
    )


def meanwhile(sending: senders.Sending, size: Size) -> Iterator[Result]:
    """Results for the people who sent during the backup."""
    failed = sending.server_errors + sending.answers.count(None)
    yield Result(
        f"Backup while {size.clients} send: posts",
        "0 fail, all acknowledged",
        f"{failed} of {len(sending.answers)} failed, {len(sending.acknowledged)} acknowledged",
        failed == 0 and len(sending.acknowledged) == size.calm_sends,
    )
    yield Result(
        f"Backup while {size.clients} send: time of a post",
        f"p95 < {A_WRITER_WAITS} s, as a writer waits",
        f"{sending.p95 * 1000:.0f} ms",
        sending.p95 < A_WRITER_WAITS,
        is_timed=True,
    )


def refusals(environment: dict[str, str], backup: Path) -> Iterator[Result]:
    """Each is refused in one sentence and writes nothing: the later restore needs an empty database."""
    harmed = backup.with_name("harmed")
    harmed.mkdir()
    content, erasure_log_path = backup.read_bytes(), backup.with_name("erasures.jsonl")
    cut, changed = harmed / backup.name, harmed / backup.name.replace(".backup", "-2.backup")
    cut.write_bytes(content[: len(content) // 2])
    changed.write_bytes(content[:5000] + bytes([content[5000] ^ 1]) + content[5001:])
    other_key = harmed / "other.txt"
    other_key.write_text(str(Identity.generate()))
    tries = {
        "wrong key": restore(environment, backup, identity=other_key),
        "cut": restore(environment, cut),
        "changed": restore(environment, changed),
        "no erasure log": restore(environment, backup, "--erasure-log", str(harmed / erasure_log_path.name)),
    }
    quiet = [name for name, done in tries.items() if done.returncode != 1 or len(done.stderr.splitlines()) != 1]
    yield Result(
        f"Backup refused: {', '.join(tries)}",
        "one sentence each",
        f"{len(tries) - len(quiet)} of {len(tries)}" + (f", not {quiet}" if quiet else ""),
        not quiet,
    )


def backed_up(ground: Ground) -> Path:
    """Create a backup folder and restart the site with it."""
    folder = ground.site.folder / "backups"
    folder.mkdir(exist_ok=True)
    ground.site.stop()
    ground.site.environment |= {"BACKUP_DIR": str(folder), "BACKUP_RECIPIENTS": BACKUP_RECIPIENT}
    ground.site.start()
    return folder


@contextmanager
def elsewhere(ground: Ground, folder: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of another place, with an empty database."""
    here = ground.site.environment
    if ground.is_on_sqlite:
        yield here | {"DATABASE_URL": f"sqlite:///{folder}/elsewhere.sqlite3"}
        return
    address, name = here["DATABASE_URL"], f"{folder.parent.name.replace('-', '_')}_elsewhere"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield here | {"DATABASE_URL": urlsplit(address)._replace(path=f"/{name}").geturl()}
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def restore(
    environment: dict[str, str], backup: Path, *more: str, identity: Path | None = None
) -> subprocess.CompletedProcess:
    identity = identity or identity_file(backup.parent)
    command = [sys.executable, "manage.py", "restore", str(backup), "--identity", str(identity), *more]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True)


def inquiries(count: int, first: int) -> list[dict]:
    """Inside the site: create inquiries, and return their ids and withdrawal links."""
    inside_site.inquiries(count, first)
    made = Inquiry.objects.order_by("-received_at")[:count]
    return [{"id": str(one.pk), "withdraw": reverse("withdraw", args=[withdraw_token(one)])} for one in made]


def state(ids: list[str]) -> dict[str, int]:
    """Inside the other place: count what was restored."""
    found = key_rotation.key_report()
    mine = Inquiry.objects.filter(pk__in=ids)
    return {
        "values": found.newest + found.older + len(found.undecryptable),
        "undecryptable": len(found.undecryptable),
        "erased": mine.filter(answers__isnull=True, contact__isnull=True, closed_as="withdrawn").count(),
        "there": mine.filter(answers__isnull=False).count(),
    }


DRILLS = [backup_and_restore]
