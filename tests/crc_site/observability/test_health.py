import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from screening.models import Letter, Schedule
from tests.builders import inquiry
from tests.crc_site.start_process import visit

AWAY = ["sqlite:////nowhere/at/all.sqlite3", "postgres://clinic@127.0.0.1:1/clinic"]
HOSTS = ["testserver", "10.0.0.7:8000", "evil.example", "not_a_host at all"]


@pytest.mark.parametrize("host", HOSTS)
def test_healthz_answers_by_any_name_and_without_the_database(client, host):
    response = client.get("/healthz", headers={"host": host})
    assert (response.status_code, response.json()) == (200, {"alive": True})
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
@pytest.mark.parametrize("host", HOSTS)
def test_readyz_answers_by_any_name(client, host):
    response = client.get("/readyz", headers={"host": host})
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json() == {
        "ready": True,
        "database": "ok",
        "migrations": "applied",
        "worker": "missing",
        "oldest_unsent_mail_seconds": None,
    }


@pytest.mark.django_db
@time_machine.travel("2026-11-22T12:00:00Z", tick=False)
def test_readyz_says_how_old_unsent_mail_is_and_stays_ready(client):
    inquiry()
    Letter.objects.update(owed_at=timezone.now() - timedelta(seconds=90))
    Letter.objects.filter(pk=Letter.objects.first().pk).update(owed_at=timezone.now() - timedelta(days=2))
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["oldest_unsent_mail_seconds"] == 2 * 24 * 60 * 60


@pytest.mark.django_db
def test_mail_that_is_sent_or_given_up_no_longer_counts(client):
    inquiry()
    Letter.objects.update(sent_at=timezone.now())
    Letter.objects.filter(pk=Letter.objects.first().pk).update(sent_at=None, gave_up_at=timezone.now())
    assert client.get("/readyz").json()["oldest_unsent_mail_seconds"] is None


@pytest.mark.django_db
def test_readyz_says_that_the_worker_is_missing_and_stays_ready(client):
    now = timezone.now()
    beat = Schedule.objects.create(name="heartbeat", next_at=now + timedelta(seconds=30))
    assert client.get("/readyz").json()["worker"] == "at work"
    Schedule.objects.filter(pk=beat.pk).update(next_at=now - timedelta(minutes=3))
    response = client.get("/readyz")
    assert (response.status_code, response.json()["worker"]) == (200, "missing")
    Schedule.objects.create(name="backup", next_at=now, leased_until=now + timedelta(minutes=5))
    assert client.get("/readyz").json()["worker"] == "at work"


@pytest.mark.django_db
def test_readyz_is_503_while_a_migration_waits(client):
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("screening")
    MigrationRecorder(connection).record_unapplied(*newest)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "database": "ok", "migrations": "waiting"}


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError, InterfaceError, DatabaseError])
@pytest.mark.parametrize("table", ["django_migrations", "screening_letter"])
def test_readyz_is_503_whichever_query_fails_and_however(client, error, table):
    def fail(execute, sql, parameters, many, context):
        if table in sql:
            raise error
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(fail):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "database": "unreachable"}


@pytest.mark.server
def test_readyz_is_503_on_an_empty_database(tmp_path):
    ((status, _headers, body),) = visit(
        str(uuid.uuid4()), "/readyz", DATABASE_URL=f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    )
    assert status == 503
    assert '"migrations": "waiting"' in body


@pytest.mark.server
@pytest.mark.parametrize("database", AWAY, ids=["sqlite", "postgresql"])
def test_while_the_database_is_away_the_guides_are_read_and_the_questions_pause(database):
    alive, ready, guide, step = visit(
        str(uuid.uuid4()),
        "/healthz",
        "/readyz",
        "/guides/",
        "/candidacy/goals/",
        DATABASE_URL=database,
        CLINIC_PHONE="+1 619 555 0100",
    )
    assert [status for status, _headers, _body in (alive, ready, guide, step)] == [200, 503, 200, 503]
    assert '"database": "unreachable"' in ready[2]
    assert "Please try again in a minute" in step[2]
    assert "+1 619 555 0100" in step[2]
    assert step[1]["Retry-After"] == "60"


@pytest.mark.parametrize("path", ["/healthz/", "/healthzz", "/readyz/", "/es/healthz"])
def test_nothing_else_answers_for_them(client, path):
    assert client.get(path).status_code == 404
