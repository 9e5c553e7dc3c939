import json
import re
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import quote

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from screening.inquiries import services
from screening.inquiries.patient_links import copy_token, withdraw_token
from screening.models import Event, Inquiry, Letter
from screening.outbox.letters import build_message
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


def ask_address(made: Inquiry) -> str:
    return reverse("ask-for-copy", args=[withdraw_token(made)])


def copies_owed() -> int:
    return Letter.objects.filter(name="copy").count()


def test_withdrawing_says_what_will_happen_and_shows_no_answer(client):
    made = inquiry(anything_else="my own words")
    address = reverse("withdraw", args=[withdraw_token(made)])
    page = client.get(address).content.decode()
    assert made.reference in page
    assert "my own words" not in page
    assert "Pérez" not in page
    assert Inquiry.objects.get().answers is not None
    assert client.post(address).headers["Location"] == address
    assert Inquiry.objects.get().answers is None
    assert "has been erased" in client.get(address).content.decode()


@pytest.mark.parametrize("token", ["forged", "0" * 32 + ".x", "..", "%00"])
def test_a_forged_link_gets_a_calm_page(client, token):
    inquiry()
    response = client.post(reverse("withdraw", args=[token]))
    assert response.status_code == 404
    assert "<h1" in response.content.decode()
    assert Inquiry.objects.get().answers is not None


def test_a_copy_is_asked_for_once_and_sent_to_the_address_on_record(client, settings):
    made = inquiry()
    assert "Send me a copy" in client.get(reverse("withdraw", args=[withdraw_token(made)])).content.decode()
    for _ in range(3):
        page = client.post(ask_address(made), follow=True).content.decode()
        assert "on its way" in page
        assert "ana@example.com" not in page
    assert copies_owed() == 1
    assert made.events.filter(kind=Event.Kind.COPY_ASKED).count() == 1
    mail = build_message(Letter.objects.get(name="copy"))
    assert mail.to == ["ana@example.com"]
    link = re.search(r"http\S+/candidacy/copy/\S+/", mail.body)[0]
    assert client.get(link.removeprefix(settings.SITE_URL)).status_code == 200


def test_another_copy_may_be_asked_for_when_the_first_link_has_closed(client):
    made = inquiry()
    client.post(ask_address(made))
    Letter.objects.filter(name="copy").update(sent_at=timezone.now() - timedelta(minutes=31))
    client.post(ask_address(made))
    assert copies_owed() == 2


def test_without_an_email_address_no_copy_is_sent_and_the_page_says_where_to_ask(client):
    made = inquiry(email="", channel="phone")
    page = client.get(reverse("withdraw", args=[withdraw_token(made)])).content.decode()
    assert "Send me a copy" not in page
    assert reverse("page", args=["privacy"]) in page
    assert client.post(ask_address(made)).headers["Location"] == reverse("withdraw", args=[withdraw_token(made)])
    assert copies_owed() == 0


def test_looking_at_the_address_for_a_copy_asks_for_none(client):
    made = inquiry()
    assert client.get(ask_address(made)).status_code == 302
    assert copies_owed() == 0


def test_the_copy_holds_answers_contact_consent_and_letters_but_no_note_of_staff(client, staff):
    made = inquiry("oa", anything_else="my own words")
    services.add_note(made, "remark of staff", staff)
    services.set_mark(made, "oa-imaging", "ask", "note of staff", staff)
    made.letters.update(sent_at=timezone.now())
    address = reverse("copy", args=[copy_token(made)])
    page = client.get(address)
    text = page.content.decode()
    for part in (made.reference, "my own words", "Moderate", "Ana Pérez", "ana@example.com", "Please read this first"):
        assert part in text
    assert f"We have your message: {made.reference}" in text
    assert "New inquiry" not in text
    assert "no-store" in page.headers["Cache-Control"]
    assert "of staff" not in text
    answer = client.get(f"{address}json/")
    data = json.loads(answer.content)
    assert f"{made.reference}.json" in answer.headers["Content-Disposition"]
    assert {"key": "oa-severity", "value": "moderate"}.items() <= by_key(data)["oa-severity"].items()
    assert by_key(data)["email"]["value"] == "ana@example.com"
    assert data["consent"]["text"].startswith("Please read this first")
    assert len(data["letters"]) == 1
    assert "of staff" not in answer.content.decode()


def by_key(data: dict) -> dict:
    return {answer["key"]: answer for answer in data["answers"]}


def test_the_copy_speaks_the_language_of_its_page(client):
    made = inquiry("oa")
    address = reverse("copy", args=[copy_token(made)])
    assert "Moderada" in client.get(f"/es{address}").content.decode()


def test_a_copy_closes_after_half_an_hour(client):
    made = inquiry(anything_else="my own words")
    token = copy_token(made)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        for name in ("copy", "copy-as-json"):
            response = client.get(reverse(name, args=[token]))
            assert response.status_code == 404
            assert "my own words" not in response.content.decode()
            assert "ask for a copy there" in response.content.decode()


def test_what_was_withdrawn_has_no_copy(client):
    made = inquiry()
    token = copy_token(made)
    client.post(ask_address(made))
    services.withdraw(made.pk)
    assert client.get(reverse("copy", args=[token])).status_code == 404
    assert copies_owed() == 0
    client.post(ask_address(made))
    assert copies_owed() == 0


def test_one_link_does_not_open_the_other(client):
    made = inquiry()
    assert client.get(reverse("copy", args=[withdraw_token(made)])).status_code == 404
    assert client.get(reverse("withdraw", args=[copy_token(made)])).status_code == 404


def test_on_legal_hold_the_patient_is_told_calmly_what_happens_and_what_happened(client, staff):
    made = inquiry(anything_else="my own words")
    services.place_hold(made, "the Rivera dispute", staff)
    link = reverse("withdraw", args=[withdraw_token(made)])
    before = client.get(link).content.decode()
    assert "locked away at once" in before
    assert "erased at once" not in before
    for response in (client.post(link, follow=True), client.get(link), client.post(ask_address(made), follow=True)):
        page = response.content.decode()
        assert "You have taken your answers back" in page
        assert "has been erased" not in page
        for secret in ("my own words", "Pérez", "Rivera"):
            assert secret not in page
    assert client.get(reverse("copy", args=[copy_token(made)])).status_code == 404
    assert copies_owed() == 0
    assert not Letter.objects.filter(name="received").exists()
    services.lift_hold(made, "settled", staff)
    assert "has been erased" in client.get(link).content.decode()


def test_a_copy_is_still_sent_while_an_inquiry_is_on_hold(client, staff):
    made = inquiry(anything_else="my own words")
    services.place_hold(made, "the Rivera dispute", staff)
    client.post(ask_address(made))
    assert copies_owed() == 1
    page = client.get(reverse("copy", args=[copy_token(made)])).content.decode()
    assert "my own words" in page
    assert "Rivera" not in page


def test_on_the_device_that_sent_it_what_was_taken_back_on_hold_is_closed(client, with_draft, staff):
    made = inquiry(anything_else="my own words")
    with_draft(SimpleNamespace(pk=made.draft_id))
    services.place_hold(made, "the Rivera dispute", staff)
    services.withdraw(made.pk)
    for name in ("sent", "sent-answers"):
        page = client.get(reverse(name), follow=True).content.decode()
        assert "You have taken your answers back" in page
        assert "my own words" not in page


BEHIND_A_LINK = [
    ")",
    ",",
    ">",
    ".",
    ";",
    ":",
    "!",
    "?)",
    ").",
    ">,",
    '"',
    "”",
    "’",
    "]",
    "*",
    " ",
    "…",
    "&gt;",
    "&quot;)",
]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("name", "token"), [("withdraw", withdraw_token), ("copy", copy_token)])
@pytest.mark.parametrize("behind", BEHIND_A_LINK)
def test_a_link_opens_with_what_stood_behind_it_in_the_message(client, language, name, token, behind):
    with override(language):
        link = reverse(name, args=[token(inquiry())])
    for address in (f"{link}{quote(behind)}", f"{link.removesuffix('/')}{quote(behind)}", f"{link}{quote(behind)}/"):
        response = client.get(address, follow=True)
        assert response.status_code == 200
        assert response.redirect_chain[-1][0] == link
        assert f'<html lang="{language}"' in response.content.decode()


@pytest.mark.parametrize("behind", ["x", "x)", ")x", "/copy/x", "/json/)"])
def test_a_link_with_more_than_signs_behind_it_is_no_link(client, behind):
    link = reverse("withdraw", args=[withdraw_token(inquiry())])
    assert client.get(f"{link.removesuffix('/')}{quote(behind)}", follow=True).status_code == 404
