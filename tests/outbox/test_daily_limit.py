from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from screening.desk.record.correspondence import letters_of
from screening.inquiries import services
from screening.inquiries.patient_links import page_token, withdraw_token
from screening.models import Event, Inquiry, Letter, Tally
from screening.outbox import daily_limit, queue
from screening.worker.process import Worker
from tests.builders import inquiry
from tests.outbox.smtp import smtp_server

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

VICTIM = "victim@example.com"


@pytest.fixture
def post(settings):
    with smtp_server(settings) as postman:
        yield postman


def send_all() -> None:
    worker = Worker()
    while worker.send_next():
        pass


def arrived(post, address: str = VICTIM) -> int:
    return sum(mail.rcpt_tos == [address] for mail in post.mails)


def test_three_confirmations_a_day_go_to_one_address_and_every_inquiry_is_kept(post):
    made = [inquiry(email=VICTIM) for _ in range(5)]
    send_all()
    assert arrived(post) == 3
    assert Inquiry.objects.count() == 5
    assert arrived(post, "staff@clinic.example") == 5
    withheld = [one for one in made if one.letters.get(name="received").is_withheld]
    assert len(withheld) == 2
    for one in withheld:
        assert one.events.get(kind=Event.Kind.LETTER_WITHHELD).detail == "received"
        assert "three mails of the day" in letters_of(one)[0].delivery_state
    assert not Letter.objects.unsent().exists()
    assert not Letter.objects.failed().exists()


def test_copies_and_codes_count_with_the_confirmation(post):
    made = inquiry(email=VICTIM)
    services.request_copy(made.pk)
    for _ in range(3):
        services.request_code(made.pk)
    send_all()
    assert arrived(post) == 3
    assert made.events.filter(kind=Event.Kind.LETTER_WITHHELD, detail="code").count() == 2


def test_another_spelling_of_the_mailbox_is_no_way_round(post):
    for address in ("victim@example.com", "Victim@Example.com", "v.i.c.tim@example.com", "victim+1@example.com"):
        inquiry(email=address)
    send_all()
    assert Letter.objects.filter(name="received", within_limit=True).count() == 3
    assert daily_limit.mailbox("victim@example.com") != daily_limit.mailbox("victim@example.org")


def test_who_withdraws_and_sends_again_gets_no_further_mails(post):
    for _ in range(5):
        made = inquiry(email=VICTIM)
        send_all()
        services.withdraw(made.pk)
    assert arrived(post) == 3


def test_after_a_day_there_are_mails_again(post):
    with time_machine.travel("2026-11-23 12:00Z", tick=False) as clock:
        for _ in range(4):
            inquiry(email=VICTIM)
        send_all()
        clock.shift(timedelta(hours=23))
        inquiry(email=VICTIM)
        send_all()
        assert arrived(post) == 3
        clock.shift(timedelta(hours=6))
        inquiry(email=VICTIM)
        send_all()
        assert arrived(post) == 4


def test_a_letter_is_counted_once_however_often_it_is_tried(settings):
    inquiry(email=VICTIM)
    with smtp_server(settings, "451 try later"):
        for _ in range(5):
            send_all()
            Letter.objects.update(next_try_at=timezone.now())
    with smtp_server(settings) as post:
        inquiry(email=VICTIM), inquiry(email=VICTIM)
        send_all()
        assert arrived(post) == 3


def test_whoever_reads_the_mailbox_gets_codes_beyond_the_limit(post):
    """Three an hour still; a browser that has entered no code is not believed."""
    made = inquiry(email=VICTIM)
    first = services.request_code(made.pk)
    assert services.open_access(first, services.access_code(first))
    inquiry(email=VICTIM), inquiry(email=VICTIM)
    send_all()
    assert arrived(post) == 3
    second = services.request_code(made.pk, first.pk)
    send_all()
    third = services.request_code(made.pk, second.pk)  # the second was mistyped
    send_all()
    assert arrived(post) == 5
    with pytest.raises(services.TooManyCodes):
        services.request_code(made.pk, third.pk)


def test_letters_of_staff_and_notices_of_their_messages_go_out_all_the_same(post, staff):
    made = inquiry(email=VICTIM)
    for _ in range(3):
        inquiry(email=VICTIM)
    send_all()
    queue.queue_letter(made, "offer-consultation", "On Monday?", staff)
    services.write_message(made, "One more thing", staff)
    send_all()
    assert arrived(post) == 5


def test_the_sender_sees_no_difference(client, post):
    """The pages after a withheld code and a withheld copy are those after a sent one."""
    pages = []
    for _ in range(2):
        made = inquiry(email=VICTIM)
        send_all()
        page, copy = reverse("inquiry", args=[page_token(made)]), reverse("ask-for-copy", args=[withdraw_token(made)])
        client.post(reverse("inquiry-code", args=[page_token(made)]))
        client.post(copy)
        send_all()
        shown = [client.get(page), client.get(copy)]
        assert [answer.status_code for answer in shown] == [200, 200]
        hidden = (page_token(made), withdraw_token(made), made.reference)
        pages.append([without(answer.text, *hidden) for answer in shown])
    assert arrived(post) == 3
    assert made.letters.filter(within_limit=False).count() == 3
    assert pages[0] == pages[1]


def without(page: str, *parts: str) -> list[str]:
    """The lines of a page without what differs between any two inquiries."""
    for part in parts:
        page = page.replace(part, "")
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_only_keyed_hashes_of_the_address_are_counted_and_they_expire(post):
    inquiry(email=VICTIM)
    send_all()
    counted = Tally.objects.get()
    assert "victim" not in counted.client
    assert counted.ends_at - timezone.now() <= timedelta(hours=28)
