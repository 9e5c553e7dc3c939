import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from screening.models import Draft, Tally
from screening.questionnaire import limits
from tests.builders import draft

pytestmark = pytest.mark.django_db

ADDRESS = "203.0.113.7"


def test_what_is_within_the_limit_passes_and_the_next_does_not():
    for _ in range(limits.SENDS.most):
        limits.count(limits.SENDS, ADDRESS)
    with pytest.raises(limits.TooMany):
        limits.count(limits.SENDS, ADDRESS)
    limits.count(limits.STEPS, ADDRESS)
    limits.count(limits.SENDS, "203.0.113.8")


def test_the_next_hour_begins_anew_and_past_hours_are_forgotten():
    with time_machine.travel("2026-11-22 10:59:50Z"):
        for _ in range(limits.SENDS.most):
            limits.count(limits.SENDS, ADDRESS)
        assert limits.seconds_to_wait() in (10, 11)
    with time_machine.travel("2026-11-22 11:00:01Z"):
        limits.count(limits.SENDS, ADDRESS)
        assert limits.forget_past_hours() == 1
    assert Tally.objects.count() == 1


def test_no_address_is_kept_and_one_client_bears_another_mark_in_another_hour():
    limits.count(limits.STEPS, ADDRESS)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        limits.count(limits.STEPS, ADDRESS)
    first, second = Tally.objects.values_list("client", flat=True)
    assert first != second
    assert ADDRESS not in first + second


def test_a_post_that_is_rolled_back_does_not_count():
    with pytest.raises(RuntimeError), transaction.atomic():
        limits.count(limits.STEPS, ADDRESS)
        raise RuntimeError
    assert not Tally.objects.exists()


def test_step_posts_above_the_limit_keep_what_was_typed_and_write_nothing(client, with_draft, monkeypatch):
    monkeypatch.setattr(limits, "STEPS", limits.Limit("steps", 2))
    held = draft(anything_else="before")
    with_draft(held)
    address = reverse("step", args=["anything-else"])
    for text in ("one", "x" * 1001):
        assert client.post(address, {"anything-else": text}).status_code in (302, 422)
    response = client.post(address, {"anything-else": "typed with care"})
    page = response.content.decode()
    assert response.status_code == 429
    assert "typed with care" in page
    assert "Please wait a little" in page
    assert page.count("<title>Error:") == 1
    assert 0 < int(response.headers["Retry-After"]) <= 3600
    assert Draft.objects.get(pk=held.pk).answers["anything-else"] == "one"


@pytest.mark.django_db(transaction=True)
def test_many_at_one_moment_never_pass_the_limit_together():
    passed, barrier = [], threading.Barrier(30)

    def count() -> None:
        barrier.wait()
        try:
            limits.count(limits.SENDS, ADDRESS)
            passed.append(1)
        except limits.TooMany:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=count) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == limits.SENDS.most
