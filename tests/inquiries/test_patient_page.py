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


def from_address(number: int, **headers) -> Client:
    return Client(REMOTE_ADDR=f"203.0.113.{number}", **headers)


def test_a_third_code_from_one_address_is_not_sent_and_the_page_says_when_and_that_the_last_one_works(client):
    made = inquiry()
    start = timezone.now().replace(minute=1, second=0)
    with time_machine.travel(start):
        for _time in range(2):
            client.post(address(made, "inquiry-code"))
        response = client.post(address(made, "inquiry-code"), follow=True)
        page = text_of(response)
        assert response.status_code == 429
        assert "at most three codes an hour" in page
        assert "You can ask for the next one in " in page
        assert 3000 < int(response.headers["Retry-After"]) <= 4200
        assert "The newest code that we sent you still works" in page
        entered = client.post(address(made, "inquiry-open"), {"code": code_of(made)})
        assert entered.headers["Location"] == address(made)


def test_somebody_with_the_link_leaves_a_code_to_the_patient(client):
    made, other = inquiry(), from_address(7)
    for _time in range(5):
        other.post(address(made, "inquiry-code"))
        Client(REMOTE_ADDR="203.0.113.7").post(address(made, "inquiry-code"))
    assert made.accesses.count() == 2
    opened(client, made)
    assert "Where it stands" in text_of(client.get(address(made)))


def test_a_browser_that_was_in_gets_a_code_when_all_are_used_up(client):
    made, start = inquiry(), timezone.now()
    opened(client, made)
    for number in range(1, 4):
        from_address(number).post(address(made, "inquiry-code"))
    with time_machine.travel(start + timedelta(minutes=31)):
        assert "Send me a code" in text_of(client.get(address(made)))
        opened(client, made)
        assert "Where it stands" in text_of(client.get(address(made)))


def test_the_limit_of_one_inquiry_is_not_that_of_another(client):
    made, other = inquiry(), inquiry(email="luis@example.com")
    for _time in range(3):
        client.post(address(made, "inquiry-code"))
    opened(client, other)


def test_after_an_hour_there_are_codes_again(client):
    made, start = inquiry(), timezone.now()
    for _time in range(3):
        client.post(address(made, "inquiry-code"))
    with time_machine.travel(start + timedelta(minutes=71)):
        opened(client, made)


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


@pytest.mark.parametrize("name", ["inquiry-code", "inquiry-open", "inquiry-reply"])
@pytest.mark.parametrize("method", ["get", "head", "options", "put"])
def test_a_mail_scanner_that_follows_every_address_changes_nothing(client, name, method):
    made = inquiry()
    before = made.events.count()
    assert getattr(client, method)(address(made, name)).status_code in (200, 405)
    assert made.events.count() == before
    assert not PatientAccess.objects.exists()
    assert not made.letters.filter(name="code").exists()


def test_a_prefetch_of_the_open_page_marks_nothing_as_read(client, staff):
    made = inquiry()
    opened(client, made)
    services.write_message(made, "Which scan?", staff)
    client.head(address(made))
    assert made.messages.get().read_at is None


def test_an_old_link_of_a_purged_inquiry_gets_a_calm_page(client):
    made = inquiry()
    opened(client, made)
    links = [address(made, name) for name in ("inquiry-code", "inquiry-open", "inquiry-reply")]
    page = address(made)
    Inquiry.objects.filter(pk=made.pk).delete()
    assert client.get(page).status_code == 404
    assert [client.post(link, {"text": "Hello"}).status_code for link in links] == [404] * 3


def test_a_held_inquiry_takes_replies_and_does_not_say_that_it_is_held(client, staff):
    made = inquiry()
    services.place_hold(made, "a dispute", staff)
    opened(client, made)
    send(client, made, "Hello")
    assert made.messages.get().text == "Hello"
    page = text_of(client.get(address(made)))
    assert "dispute" not in page
    assert "hold" not in page.lower().replace("threshold", "")


def test_an_inquiry_withdrawn_while_it_is_held_takes_no_reply(client, staff):
    made = inquiry()
    opened(client, made)
    services.place_hold(made, "a dispute", staff)
    services.withdraw(made.pk)
    send(client, made, "Hello")
    assert not Message.objects.exists()
    assert "Where it stands" not in text_of(client.get(address(made)))


def test_a_page_that_was_open_for_an_hour_keeps_what_was_typed_on_it(client):
    made, start = inquiry(), timezone.now()
    opened(client, made)
    with time_machine.travel(start + timedelta(minutes=60)):
        assert send(client, made, "An hour of thoughts", follow=True).status_code == 403
    with time_machine.travel(start + timedelta(minutes=90)):
        assert "An hour of thoughts" in text_of(opened(client, made).get(address(made)))


def test_two_thousand_characters_are_a_message_and_control_characters_are_not_stored(client):
    made = inquiry()
    opened(client, made)
    send(client, made, "é" * 2000)
    send(client, made, "a\x00b\x07\u202ec")
    first, second = made.messages.all()
    assert first.text == "é" * 2000
    assert "\x00" not in second.text
    assert "\x07" not in second.text


def test_another_language_takes_along_what_is_typed(client):
    made = inquiry()
    opened(client, made)
    page = text_of(client.get(address(made)))
    assert f'formaction="{address(made, "inquiry-reply", "es")}"' in page
    data = {"text": "Half a thought", "reading": "es"}
    response = client.post(address(made, "inquiry-reply", "es"), data)
    assert response.headers["Location"] == address(made, language="es")
    response = client.get(address(made, language="es"))
    assert response.status_code == 200
    assert "Half a thought" in text_of(response)
    assert "<title>Error" not in text_of(response)
    assert not Message.objects.exists()
    send(client, made, "The whole thought")
    assert "Half a thought" not in text_of(client.get(address(made)))


def test_another_language_without_anything_typed_is_just_that(client):
    made = inquiry()
    opened(client, made)
    client.post(address(made, "inquiry-reply", "es"), {"text": " ", "reading": "es"})
    assert PatientAccess.objects.get().rejected_input is None


def ask_call_time(client: Client, made: Inquiry, value: str, text: str = "", message_id: str = ""):
    data = {"text": text, "message_id": message_id or str(uuid4()), "best-time": value, "ask_call_time": "yes"}
    return client.post(address(made, "inquiry-reply"), data)


def test_another_time_to_call_is_stored_and_makes_the_inquiry_wait_for_us(client, staff):
    made = inquiry(best_time="morning")
    for status in ("in-review", "waiting"):
        services.move_status(made, status, staff)
    opened(client, made)
    page = text_of(client.get(address(made)))
    assert re.search(r'value="morning" id="call-time-morning" checked', page)
    assert ask_call_time(client, made, "evening").headers["Location"] == f"{address(made)}#sent"
    made.refresh_from_db()
    assert made.contact["best-time"] == "evening"
    assert (made.status, made.awaits_reply) == ("in-review", True)
    assert made.messages.get().text == "Please call me at another time: Evening. Before: Morning."
    assert made.events.get(kind=Event.Kind.CALL_TIME_CHANGED).detail == ""
    assert made.letters.filter(name="replied").exists()


def test_another_time_to_call_loses_no_message_that_is_being_typed(client):
    made = inquiry(best_time="morning")
    opened(client, made)
    ask_call_time(client, made, "evening", "Half a thought")
    page = text_of(client.get(address(made)))
    assert re.search(r"<textarea[^>]*>\s*Half a thought</textarea>", page)


@pytest.mark.parametrize("value", ["morning", "", "midnight", "x" * 9000, "\x00"])
def test_the_same_time_or_one_that_is_not_offered_changes_nothing(client, value):
    made = inquiry(best_time="morning")
    opened(client, made)
    assert ask_call_time(client, made, value).status_code == 302
    assert Inquiry.objects.get().contact["best-time"] == "morning"
    assert not Message.objects.exists()


def test_asked_twice_it_is_one_wish(client):
    made, message_id = inquiry(best_time="morning"), str(uuid4())
    opened(client, made)
    for _click in range(2):
        ask_call_time(client, made, "evening", message_id=message_id)
    assert made.messages.count() == made.events.filter(kind=Event.Kind.CALL_TIME_CHANGED).count() == 1


def test_without_a_phone_number_there_is_no_time_to_call(client):
    made = inquiry(phone="")
    opened(client, made)
    assert "another time" not in text_of(client.get(address(made)))
    ask_call_time(client, made, "evening")
    assert not Message.objects.exists()


def test_a_closed_inquiry_takes_no_other_time(client, staff):
    made = inquiry(best_time="morning")
    opened(client, made)
    services.move_status(made, "closed", staff, "no-reply")
    ask_call_time(client, made, "evening")
    assert Inquiry.objects.get().contact["best-time"] == "morning"


def refused(made: Inquiry, name: str, cookies: dict[str, str], **headers):
    browser = Client(enforce_csrf_checks=True)
    for cookie, value in cookies.items():
        browser.cookies[cookie] = value
    field = "text" if name == "inquiry-reply" else "times-text"
    return browser.post(address(made, name), {field: "Two pages of thoughts"}, headers=headers)


@pytest.mark.parametrize("name", ["inquiry-reply", "inquiry-other-times"])
def test_a_refused_form_says_why_keeps_the_way_back_and_shows_what_was_typed(client, settings, name):
    made = inquiry()
    opened(client, made)
    own = {settings.INQUIRY_COOKIE_NAME: client.cookies[settings.INQUIRY_COOKIE_NAME].value}
    token = {settings.CSRF_COOKIE_NAME: "a" * 32}
    for cookies, headers, why, is_shown in [
        (own, {}, "This page was open too long", True),
        ({}, {}, "Your browser sent no cookie", False),
        (own | token, {"origin": "null"}, "Your browser hides where the form came from", True),
        (token, {"origin": "https://evil.example"}, "The form did not come from our page", False),
    ]:
        response = refused(made, name, cookies, **headers)
        assert response.status_code == 403
        assert why in text_of(response)
        assert ("Two pages of thoughts" in text_of(response)) is is_shown, why
        assert f'href="{address(made)}"' in text_of(response)
    assert not Message.objects.exists()


def test_who_gave_only_a_phone_number_gets_the_page_without_messages(client):
    made = inquiry(email="", channel="phone")
    page = text_of(client.get(address(made)))
    assert "Where it stands" in page
    assert "so we call you" in page
    assert "<textarea" not in page


@pytest.mark.slow
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
