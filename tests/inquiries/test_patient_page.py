"""The patient's own page: the link alone, the code, the conversation, and what happens when something goes wrong."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from screening.inquiries import services
from screening.inquiries.patient_links import page_token, withdraw_token
from screening.models import Event, Inquiry, Message, PatientAccess
from tests.builders import draft, inquiry

pytestmark = pytest.mark.django_db


def address(made: Inquiry, name: str = "inquiry", language: str = "en") -> str:
    with override(language):
        return reverse(name, args=[page_token(made)])


def code_of(made: Inquiry) -> str:
    """The newest code."""
    return services.access_code(made.accesses.latest("made_at"))


def opened(client: Client, made: Inquiry) -> Client:
    """The client after it has asked for a code and entered it."""
    client.post(address(made, "inquiry-code"))
    assert client.post(address(made, "inquiry-open"), {"code": code_of(made)}).headers["Location"] == address(made)
    return client


def text_of(response) -> str:
    return response.content.decode()


def send(client: Client, made: Inquiry, text: str, message_id: str = "", **kwargs):
    data = {"text": text, "message_id": message_id or str(uuid4())}
    return client.post(address(made, "inquiry-reply"), data, **kwargs)


def test_the_link_alone_shows_the_reference_and_a_button_and_changes_nothing(client, staff):
    made = inquiry(anything_else="my own words")
    services.write_message(made, "Which scan do you have?", staff)
    before = made.events.count()
    for method in (client.get, client.head):
        response = method(address(made))
        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]
    page = text_of(client.get(address(made)))
    assert made.reference in page
    assert "Send me a code" in page
    assert not any(words in page for words in ("Which scan", "my own words", "Pérez", "ana@example.com"))
    assert withdraw_token(made) not in page
    assert made.events.count() == before
    assert not PatientAccess.objects.exists()
    assert client.get(address(made, "inquiry-code")).status_code == 405


def test_with_the_code_the_page_shows_where_it_stands_and_the_messages(client, staff):
    made = inquiry()
    services.write_message(made, "Which scan do you have?", staff)
    page = text_of(opened(client, made).get(address(made)))
    assert "Which scan do you have?" in page
    assert "Where it stands" in page
    assert withdraw_token(made) in page
    assert Event.objects.filter(inquiry=made, kind=Event.Kind.MESSAGE_READ).count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "A person at the clinic will read it"),
        ({"first_opened_at": timezone.now()}, "is reading what you sent"),
        ({"status": "waiting"}, "wait for your answer"),
        ({"status": "offered"}, "offered you a consultation"),
        ({"status": "closed", "closed_as": "not-suitable"}, "This inquiry is closed"),
    ],
    ids=["new", "opened", "waiting", "offered", "closed"],
)
def test_the_status_in_plain_words_and_never_why_it_was_closed(client, fields, words):
    made = inquiry()
    if fields.get("closed_as"):
        fields = fields | {"closed_as": "no-reply"}
    Inquiry.objects.filter(pk=made.pk).update(**fields)
    page = text_of(opened(client, made).get(address(made)))
    assert words in page
    assert "no-reply" not in page.lower()
    assert "No reply" not in page


def test_a_wrong_code_says_so_and_the_right_one_still_opens(client):
    made = inquiry()
    client.post(address(made, "inquiry-code"))
    wrong = f"{(int(code_of(made)) + 1) % 1_000_000:06}"
    response = client.post(address(made, "inquiry-open"), {"code": wrong}, follow=True)
    assert response.status_code == 422
    assert "This code does not fit" in text_of(response)
    response = client.post(address(made, "inquiry-open"), {"code": f" {code_of(made)[:3]}-{code_of(made)[3:]} "})
    assert response.headers["Location"] == address(made)


@pytest.mark.parametrize("code", ["", "12", "x" * 5000, "１２３４５６", "💉", "123456\x00"])
def test_hostile_codes_are_wrong_codes(client, code):
    made = inquiry()
    client.post(address(made, "inquiry-code"))
    assert client.post(address(made, "inquiry-open"), {"code": code}, follow=True).status_code in (200, 422)


def test_a_code_in_wide_digits_opens(client):
    made = inquiry()
    client.post(address(made, "inquiry-code"))
    wide = code_of(made).translate({ord("0") + n: ord("０") + n for n in range(10)})
    assert client.post(address(made, "inquiry-open"), {"code": wide}).headers["Location"] == address(made)


def test_the_fifth_wrong_try_asks_for_another_code(client):
    made = inquiry()
    client.post(address(made, "inquiry-code"))
    wrong = f"{(int(code_of(made)) + 1) % 1_000_000:06}"
    for _try in range(5):
        response = client.post(address(made, "inquiry-open"), {"code": wrong}, follow=True)
    assert "This code does not work any more" in text_of(response)
    assert "Send me a code" in text_of(response)


def test_a_code_works_only_in_the_browser_that_asked_for_it(client):
    made, elsewhere = inquiry(), Client()
    client.post(address(made, "inquiry-code"))
    code = code_of(made)
    assert "Send me a code" in text_of(elsewhere.get(address(made)))
    for _guess in range(20):
        response = elsewhere.post(address(made, "inquiry-open"), {"code": code})
        assert "problem=wrong-code" in response.headers["Location"]
    assert client.post(address(made, "inquiry-open"), {"code": code}).headers["Location"] == address(made)


def test_a_fourth_code_within_the_hour_is_not_sent_and_the_page_says_so(client):
    made = inquiry()
    for _time in range(3):
        client.post(address(made, "inquiry-code"))
    response = client.post(address(made, "inquiry-code"), follow=True)
    assert response.status_code == 429
    assert "at most three codes an hour" in text_of(response)


@pytest.mark.parametrize("token", ["forged", "0" * 32 + ".x", ".."])
@pytest.mark.parametrize("name", ["inquiry", "inquiry-code", "inquiry-open", "inquiry-reply"])
def test_a_guessed_or_broken_link_gets_a_calm_page(client, token, name):
    inquiry()
    method = client.get if name == "inquiry" else client.post
    assert method(reverse(name, args=[token])).status_code == 404


def test_a_link_of_withdrawing_opens_no_page(client):
    made = inquiry()
    assert client.get(reverse("inquiry", args=[withdraw_token(made)])).status_code == 404


def test_the_session_of_one_inquiry_opens_no_other(client):
    made, other = inquiry(), inquiry(email="luis@example.com")
    opened(client, made)
    assert "Send me a code" in text_of(client.get(address(other)))


def test_a_reply_is_stored_and_shown_and_the_redirect_repeats_nothing(client):
    made = inquiry()
    opened(client, made)
    response = send(client, made, "It hurts less\nsince Monday", follow=True)
    assert response.status_code == 200
    assert "It hurts less<br>since Monday" in text_of(response)
    client.get(address(made))
    assert made.messages.get().text == "It hurts less\nsince Monday"


def test_a_double_click_sends_one_message(client):
    made, message_id = inquiry(), str(uuid4())
    opened(client, made)
    send(client, made, "Hello", message_id)
    send(client, made, "Hello", message_id)
    assert made.messages.count() == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "Write your message first"), ("y" * 2001, "You have written 2001"), ("\x00\x01", "Write your message first")],
    ids=["empty", "too long", "control characters"],
)
def test_a_message_that_is_not_accepted_comes_back_with_its_text(client, text, words):
    made = inquiry()
    opened(client, made)
    response = send(client, made, text, follow=True)
    assert response.status_code == 422
    assert words in text_of(response)
    assert text.strip("\x00\x01") in text_of(response)
    assert not Message.objects.exists()
    send(client, made, "Corrected")
    assert client.get(address(made)).status_code == 200
    assert made.messages.get().text == "Corrected"


def test_right_to_left_text_has_its_direction(client):
    made = inquiry()
    opened(client, made)
    send(client, made, "الألم أقل.")
    assert re.search(r'dir="auto">الألم أقل\.', text_of(client.get(address(made))))


def test_what_was_typed_on_a_page_that_was_open_too_long_waits_for_the_next_code(client):
    made = inquiry()
    start = timezone.now()
    opened(client, made)
    with time_machine.travel(start + timedelta(minutes=31)):
        response = send(client, made, "Half an hour of thoughts", follow=True)
        assert response.status_code == 403
        assert "What you wrote is kept" in text_of(response)
        page = text_of(opened(client, made).get(address(made)))
        assert "Half an hour of thoughts" in page
        assert "Your message is not sent yet" in page
        assert not Message.objects.exists()


def test_without_any_session_the_text_is_shown_to_be_copied(client):
    made = inquiry()
    response = send(client, made, "Nowhere to keep it")
    assert response.status_code == 403
    assert "Nowhere to keep it" in text_of(response)
    assert not PatientAccess.objects.exists()


def test_clearing_the_device_ends_the_session_for_copied_cookies_too(client):
    made = inquiry()
    opened(client, made)
    copied = client.cookies["inquiry"].value
    client.post(reverse("clear"))
    assert "Send" in text_of(client.get(address(made)))
    client.cookies["inquiry"] = copied
    assert "Where it stands" not in text_of(client.get(address(made)))


def test_a_closed_inquiry_takes_no_reply_and_keeps_the_text_in_view(client, staff):
    made = inquiry()
    opened(client, made)
    services.move_status(made, "closed", staff, "no-reply")
    response = send(client, made, "One more thing", follow=True)
    assert "This inquiry was closed meanwhile" in text_of(response)
    assert "One more thing" in text_of(response)
    assert not Message.objects.exists()


def test_a_withdrawn_inquiry_shows_that_and_nothing_else(client):
    made = inquiry()
    opened(client, made)
    services.withdraw(made.pk)
    page = text_of(client.get(address(made)))
    assert "Where it stands" not in page
    assert send(client, made, "Hello").status_code in (302, 403)


def test_who_gave_only_a_phone_number_gets_the_page_without_messages(client):
    made = inquiry(email="", channel="phone")
    page = text_of(client.get(address(made)))
    assert "Where it stands" in page
    assert "so we call you" in page
    assert "<textarea" not in page


def test_too_many_messages_wait_and_nothing_is_lost(client):
    made = inquiry()
    opened(client, made)
    for number in range(10):
        send(client, made, f"message {number}")
    response = send(client, made, "the eleventh", follow=True)
    assert response.status_code == 429
    assert "the eleventh" in text_of(response)


def test_in_spanish(client):
    made = inquiry()
    client.post(address(made, "inquiry-code", "es"))
    client.post(address(made, "inquiry-open", "es"), {"code": code_of(made)})
    page = text_of(client.get(address(made, language="es")))
    assert "En qué va" in page
    assert "Enviar mensaje" in page


def test_the_confirmation_leads_to_the_page(with_draft):
    sender = with_draft(draft())
    sender.post(reverse("check"))
    assert address(Inquiry.objects.get()) in text_of(sender.get(reverse("sent")))


def test_nothing_typed_is_logged(client, caplog):
    made = inquiry()
    opened(client, made)
    with caplog.at_level("DEBUG"):
        send(client, made, "unmistakable words")
        client.get(address(made))
    assert "unmistakable" not in caplog.text
    assert page_token(made) not in caplog.text
