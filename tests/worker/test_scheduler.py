import threading
from datetime import UTC, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from screening.inquiries import business_days, services
from screening.models import Draft, Inquiry, Letter, Schedule
from screening.privacy import erasure_log
from screening.privacy.backup_directory import LOG_NAME
from screening.worker import scheduler, tasks
from screening.worker.scheduler import run_due
from screening.worker.tasks import Task
from tests.backups.places import BACKUP_RECIPIENT
from tests.builders import draft, inquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch) -> list:
    """The times at which a test task ran; it is due every five minutes."""
    times: list = []
    task = Task("test", times.append, lambda now: now + timedelta(minutes=5))
    monkeypatch.setattr(scheduler, "TASKS", (task,))
    return times


def test_expired_drafts_are_deleted_and_overdue_inquiries_are_reported():
    unexpired, expired, made = draft(), draft(), inquiry()
    Draft.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    Inquiry.objects.update(reply_due_at=timezone.now() - timedelta(seconds=1))
    run_due()
    assert list(Draft.objects.all()) == [unexpired]
    assert Letter.objects.get(name="overdue").inquiry == made


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)  # VACUUM FULL cannot run in a transaction
def test_the_digest_comes_with_the_next_working_morning_and_not_before():
    inquiry()
    run_due()
    assert not Letter.objects.filter(name="digest").exists()
    morning = business_days.next_working_morning(timezone.now())
    assert Schedule.objects.get(name="digest").next_at == morning
    another = business_days.next_working_morning(morning + timedelta(days=7))
    for moment, count in ((morning, 1), (morning + timedelta(minutes=1), 1), (another, 2)):
        with time_machine.travel(moment, tick=False):
            run_due()
        assert Letter.objects.filter(name="digest").count() == count, moment


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_where_there_is_a_folder_a_backup_is_made_at_once_and_then_each_night(settings, tmp_path):
    settings.BACKUP_DIR, settings.BACKUP_RECIPIENTS = tmp_path, [BACKUP_RECIPIENT]
    now = timezone.now()
    # In UTC: in the night in which clocks go forward, seconds before three o'clock are no local time.
    first = business_days.next_night(now).astimezone(UTC)
    second = business_days.next_night(first).astimezone(UTC)
    shortly = timedelta(seconds=9)
    for moment, count in ((now, 1), (first - shortly, 1), (first, 2), (second - shortly, 2), (second, 3)):
        with time_machine.travel(moment, tick=False):
            run_due()
        assert len(list(tmp_path.glob("*.backup"))) == count, moment


def test_without_a_folder_no_backup_is_made_and_nothing_fails(caplog):
    run_due()
    assert "scheduled work failed" not in [record.message for record in caplog.records]
    assert Schedule.objects.get(name="backup").leased_until is None


def test_what_a_dead_process_has_not_written_to_the_erasure_log_is_written(settings, tmp_path):
    services.withdraw(inquiry().pk)
    settings.BACKUP_DIR, settings.BACKUP_RECIPIENTS = tmp_path, [BACKUP_RECIPIENT]
    tasks.run_cleanup(timezone.now())
    assert len(erasure_log.read_log(tmp_path / LOG_NAME)) == 1


def test_work_is_done_at_the_start_and_then_when_it_is_due(done):
    run_due()
    run_due()
    assert len(done) == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        run_due()
        run_due()
    assert len(done) == 2


def test_a_dead_workers_work_is_taken_up_when_its_lease_is_over(done):
    now = timezone.now()
    Schedule.objects.create(name="test", next_at=now, leased_until=now + scheduler.LEASE)
    run_due()
    assert done == []
    with time_machine.travel(now + scheduler.LEASE + timedelta(seconds=1)):
        run_due()
    assert len(done) == 1


def test_after_a_leap_of_the_clock_the_work_goes_on_at_once(done):
    now = timezone.now()
    with time_machine.travel(now + timedelta(days=40)):
        run_due()
    with time_machine.travel(now):
        run_due()
        run_due()
    assert len(done) == 2
    assert Schedule.objects.get().next_at < now + timedelta(minutes=6)


def test_a_lease_of_a_worker_that_died_during_the_leap_does_not_count(done):
    now = timezone.now()
    Schedule.objects.create(name="test", next_at=now, leased_until=now + timedelta(days=40))
    run_due()
    assert len(done) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_after_a_leap_the_digest_waits_for_its_morning():
    inquiry()
    now = timezone.now()
    ahead, morning = now + timedelta(days=40), business_days.next_working_morning(now)
    Schedule.objects.create(name="digest", next_at=business_days.next_working_morning(ahead))
    Letter.objects.create(name="digest", owed_at=ahead)
    run_due()
    assert Letter.objects.filter(name="digest").count() == 1
    assert Schedule.objects.get(name="digest").next_at == morning
    with time_machine.travel(morning):
        run_due()
    assert Letter.objects.filter(name="digest").count() == 2


@pytest.mark.parametrize("task", tasks.TASKS, ids=lambda task: task.name)
def test_a_machine_whose_clock_is_a_minute_late_does_not_repeat_the_work(task):
    for number in range(48):
        ran_at = business_days.next_night(timezone.now()) + timedelta(hours=number)
        assert not scheduler.is_ahead(task, task.next_run(ran_at), ran_at - timedelta(minutes=1))


def test_work_that_fails_is_logged_and_tried_again_and_stops_nothing_else(monkeypatch, caplog):
    done = []

    def fail(now):
        raise RuntimeError("canary")

    every = timedelta(minutes=5)
    tasks = (Task("bad", fail, lambda now: now + every), Task("good", done.append, lambda now: now + every))
    monkeypatch.setattr(scheduler, "TASKS", tasks)
    run_due()
    assert len(done) == 1
    assert [(record.message, record.task) for record in caplog.records] == [("scheduled work failed", "bad")]
    assert Schedule.objects.get(name="bad").leased_until
    assert Schedule.objects.get(name="good").leased_until is None


@pytest.mark.django_db(transaction=True)
def test_ten_workers_at_one_moment_do_it_once(done):
    barrier = threading.Barrier(10)

    def work():
        barrier.wait()
        try:
            run_due()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
