"""A letter that could not be sent is listed above the inbox until staff resolve it."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.inquiries import services
from screening.models import Event, Letter
from screening.outbox import digest, queue
from tests.accounts.people import member, signed_in
from tests.builders import inquiry

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
INBOX = reverse("admin:screening_inquiry_changelist")
FAILED = reverse("admin:screening_inquiry_failed")


def failed_letter(made=None, name: str = "received") -> Letter:
    letter = made.letters.get(name=name) if made else Letter.objects.create(name=name)
    queue.mark_failed(letter)
    return letter


def test_a_failed_letter_is_shown_with_its_inquiry_and_tried_again(desk, staff):
    made = inquiry()
    letter = failed_letter(made)
    page = desk.get(INBOX).content.decode()
    assert "1 letter could not be sent" in page
    assert made.reference in page
    assert "Try again" in page
    response = desk.post(FAILED, {"do": "retry", "letter": letter.pk, "list": "tab=us"}, follow=True)
    assert response.redirect_chain == [(f"{INBOX}?tab=us", 302)]
    assert "will be tried again" in response.content.decode()
    assert "could not be sent" not in desk.get(INBOX).content.decode()
    assert Letter.objects.due().filter(pk=letter.pk).exists()
    assert made.events.filter(kind=Event.Kind.LETTER_RETRIED, actor=staff, detail="received").exists()


def test_what_staff_have_seen_to_is_set_aside_and_troubles_no_digest(desk, staff):
    made = inquiry()
    letter = failed_letter(made)
    services.record_opened(made, staff)
    page = desk.post(FAILED, {"do": "set-aside", "letter": letter.pk}, follow=True).content.decode()
    assert "set aside" in page
    assert "1 letter could not be sent" not in page
    assert made.events.filter(kind=Event.Kind.LETTER_SET_ASIDE, actor=staff, detail="received").exists()
    assert digest.placeholder_values(timezone.now())["failed_count"] == ""
    with pytest.raises(queue.NotFailed):
        queue.retry_letter(letter, staff)


def test_only_the_first_few_are_shown_and_all_are_counted(desk):
    for _ in range(7):
        failed_letter(inquiry())
    page = desk.get(INBOX).content.decode()
    assert "7 letters could not be sent" in page
    assert page.count('value="retry"') == 5


def test_a_letter_about_no_inquiry_is_shown_too(desk):
    letter = failed_letter(name="digest")
    assert "digest" in desk.get(INBOX).content.decode()
    desk.post(FAILED, {"do": "retry", "letter": letter.pk})
    assert Letter.objects.due().filter(pk=letter.pk).exists()


def test_what_a_colleague_has_seen_to_is_reported(desk, staff):
    letter = failed_letter(inquiry())
    queue.retry_letter(letter, staff)
    for do in ("retry", "set-aside"):
        page = desk.post(FAILED, {"do": do, "letter": letter.pk}, follow=True).content.decode()
        assert "A colleague has seen to this letter meanwhile" in page


@pytest.mark.parametrize(
    "sent",
    [{}, {"do": "retry"}, {"do": "retry", "letter": "x"}, {"do": "retry", "letter": str(uuid.uuid4())}, {"do": "send"}],
)
def test_a_forged_letter_is_reported_and_changes_nothing(desk, sent):
    failed_letter(inquiry())
    page = desk.post(FAILED, sent, follow=True).content.decode()
    assert "There is no such letter" in page
    assert Letter.objects.failed().count() == 1


def test_a_reader_sees_it_and_may_do_nothing_about_it():
    letter = failed_letter(inquiry())
    client = signed_in(member("Reader"))
    page = client.get(INBOX).content.decode()
    assert "1 letter could not be sent" in page
    assert "Try again" not in page
    assert client.post(FAILED, {"do": "retry", "letter": letter.pk}).status_code == 403
