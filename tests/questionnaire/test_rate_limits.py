import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from screening.models import Draft, Tally
from screening.questionnaire import rate_limits
from tests.builders import draft

pytestmark = pytest.mark.django_db

ADDRESS = "203.0.113.7"


def test_what_is_within_the_limit_passes_and_the_next_does_not():
    for _ in range(rate_limits.SENDS.maximum):
        rate_limits.check_rate_limit(rate_limits.SENDS, ADDRESS)
    with pytest.raises(rate_limits.RateLimited):
        rate_limits.check_rate_limit(rate_limits.SENDS, ADDRESS)
    rate_limits.check_rate_limit(rate_limits.STEPS, ADDRESS)
    rate_limits.check_rate_limit(rate_limits.SENDS, "203.0.113.8")


def passed(limit: rate_limits.RateLimit, at: str, tries: int) -> int:
    """Return how many of ``tries`` posts are let through at a time of day."""
    with time_machine.travel(f"2026-11-22 {at}Z", tick=False):
        return sum(_is_let_through(limit) for _ in range(tries))


def _is_let_through(limit: rate_limits.RateLimit) -> bool:
    try:
        rate_limits.check_rate_limit(limit, ADDRESS)
    except rate_limits.RateLimited:
        return False
    return True


def test_no_hour_holds_more_than_the_limit_wherever_it_begins():
    assert passed(rate_limits.SENDS, "10:52:00", 15) == 15
    assert passed(rate_limits.SENDS, "11:00:01", 15) == 5
    assert passed(rate_limits.SENDS, "11:51:59", 15) == 0
    assert passed(rate_limits.SENDS, "12:00:00", 20) == 15
    assert passed(rate_limits.SENDS, "12:09:59", 1) == 0
    assert passed(rate_limits.SENDS, "12:10:00", 20) == 5


def test_any_hour_of_a_long_day_stays_within_the_limit():
    """Posts every five minutes from 10:00 to 15:00."""
    times = [f"{hour}:{minute:02}:30" for hour in range(10, 15) for minute in range(0, 60, 5)]
    taken = [passed(rate_limits.SENDS, at, 3) for at in times]
    assert max(sum(taken[first : first + 12]) for first in range(len(taken))) == rate_limits.SENDS.maximum


@pytest.mark.parametrize(("at", "minutes"), [("10:01:00", 69), ("10:59:30", 11), ("11:09:59", 1)])
def test_who_is_held_off_is_told_when_there_is_a_place_again(at, minutes):
    assert passed(rate_limits.SENDS, "10:00:00", rate_limits.SENDS.maximum) == rate_limits.SENDS.maximum
    with time_machine.travel(f"2026-11-22 {at}Z", tick=False):
        with pytest.raises(rate_limits.RateLimited) as refused:
            rate_limits.check_rate_limit(rate_limits.SENDS, ADDRESS)
        assert refused.value.minutes == minutes
        moment = timezone.now() + timedelta(seconds=refused.value.seconds)
    with time_machine.travel(moment, tick=False):
        rate_limits.check_rate_limit(rate_limits.SENDS, ADDRESS)


def test_counts_are_forgotten_once_they_no_longer_matter():
    passed(rate_limits.SENDS, "10:00:00", 1)
    for at, forgotten in (("11:09:59", 0), ("11:10:00", 1)):
        with time_machine.travel(f"2026-11-22 {at}Z", tick=False):
            assert rate_limits.delete_expired_counts() == forgotten
    assert not Tally.objects.exists()


def test_no_address_is_stored_and_one_client_has_another_hash_ten_minutes_later():
    rate_limits.check_rate_limit(rate_limits.STEPS, ADDRESS)
    with time_machine.travel(timezone.now() + rate_limits.SENDS.bucket):
        rate_limits.check_rate_limit(rate_limits.STEPS, ADDRESS)
    first, second = Tally.objects.values_list("client", flat=True)
    assert first != second
    assert ADDRESS not in first + second


def test_a_post_that_is_rolled_back_does_not_count():
    with pytest.raises(RuntimeError), transaction.atomic():
        rate_limits.check_rate_limit(rate_limits.STEPS, ADDRESS)
        raise RuntimeError
    assert not Tally.objects.exists()


def test_step_posts_above_the_limit_keep_what_was_typed_and_save_no_answer(client, with_draft, monkeypatch):
    monkeypatch.setattr(rate_limits, "STEPS", rate_limits.RateLimit("steps", 2))
    saved = draft(anything_else="before")
    with_draft(saved)
    address = reverse("step", args=["anything-else"])
    for text in ("one", "x" * 1001):
        assert client.post(address, {"anything-else": text}).status_code == 302
    response = client.post(address, {"anything-else": "typed with care"}, follow=True)
    page = response.content.decode()
    assert response.status_code == 429
    assert "typed with care" in page
    assert "Please wait a little" in page
    assert page.count("<title>Error:") == 1
    seconds = int(response.headers["Retry-After"])
    assert 3600 < seconds <= 4200
    assert f"Send it again in {-(-seconds // 60)} minutes" in page
    assert Draft.objects.get(pk=saved.pk).answers["anything-else"] == "one"


def test_another_language_counts_too_and_keeps_what_was_typed(client, with_draft, monkeypatch):
    monkeypatch.setattr(rate_limits, "STEPS", rate_limits.RateLimit("steps", 1))
    with_draft(draft())
    address, typed = "/es/candidacy/anything-else/", {"anything-else": "typed with care", "reading": "es"}
    assert [client.post(address, typed, follow=True).status_code for _ in range(2)] == [200, 429]
    assert "typed with care" in client.get(address).content.decode()


def test_once_there_is_a_place_again_the_page_shows_what_was_typed_without_a_word(client, with_draft, monkeypatch):
    monkeypatch.setattr(rate_limits, "STEPS", rate_limits.RateLimit("steps", 0))
    with_draft(draft())
    address = reverse("step", args=["anything-else"])
    monkeypatch.setattr(rate_limits, "_seconds_to_wait", lambda clients: 600)
    assert client.post(address, {"anything-else": "typed with care"}, follow=True).status_code == 429
    monkeypatch.setattr(rate_limits, "STEPS", rate_limits.RateLimit("steps", 1))
    page = client.get(address)
    assert page.status_code == 200
    assert "typed with care" in page.content.decode()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("earlier", [0, 12])
def test_many_at_one_moment_never_pass_the_limit_together(earlier):
    for _ in range(earlier):
        rate_limits.check_rate_limit(rate_limits.SENDS, ADDRESS)
    Tally.objects.update(client=rate_limits._bucket_keys(rate_limits.SENDS, ADDRESS)[1])
    passed, barrier = [], threading.Barrier(30)

    def count() -> None:
        barrier.wait()
        try:
            rate_limits.check_rate_limit(rate_limits.SENDS, ADDRESS)
            passed.append(1)
        except rate_limits.RateLimited:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=count) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == rate_limits.SENDS.maximum - earlier


def test_far_above_the_limit_the_page_comes_back_at_once_and_nothing_is_written(client, with_draft, monkeypatch):
    monkeypatch.setattr(rate_limits, "STEPS", rate_limits.RateLimit("steps", 1))
    monkeypatch.setattr(rate_limits, "STORED_INPUT", rate_limits.RateLimit("kept", 1))
    rate_limits.check_rate_limit(rate_limits.STEPS, "127.0.0.1")
    saved = draft()
    with_draft(saved)
    address = reverse("step", args=["anything-else"])
    assert client.post(address, {"anything-else": "kept"}).status_code == 302
    with CaptureQueriesContext(connection) as queries:
        response = client.post(address, {"anything-else": "typed with care"})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "typed with care" in response.content.decode()
    assert not [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    assert Draft.objects.get(pk=saved.pk).rejected_input["data"]["anything-else"] == ["kept"]
