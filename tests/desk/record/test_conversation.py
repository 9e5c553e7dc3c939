from uuid import uuid4

import pytest
from django.urls import reverse

from screening.inquiries import services
from screening.inquiries.patient_links import copy_token
from screening.models import Event, Message
from tests.accounts.people import member, signed_in
from tests.builders import inquiry
from tests.desk.record.sheet_pages import buttons_on, form_of, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def page_of(desk, made) -> str:
    return desk.get(record_of(made)).content.decode()


def test_staff_read_the_conversation_and_write(desk):
    made = inquiry()
    services.receive_message(made.pk, "It hurts <b>less</b>", uuid4())
    page = page_of(desk, made)
    assert "It hurts &lt;b&gt;less&lt;/b&gt;" in page
    response = desk.post(record_of(made), form_of(page, "message", text="Which scan do you have?"), follow=True)
    page = response.content.decode()
    assert "on the patient&#x27;s page" in page
    assert "not read yet" in page
    message = Message.objects.get(is_from_patient=False)
    assert message.text == "Which scan do you have?"
    assert message.author.username == made.events.get(kind=Event.Kind.MESSAGE_WRITTEN).actor.username


def test_an_empty_message_comes_back(desk):
    made = inquiry()
    response = desk.post(record_of(made), form_of(page_of(desk, made), "message", text="  "))
    assert response.status_code == 422
    assert "Write the message first" in response.content.decode()


def test_what_the_patient_wrote_meanwhile_is_shown_beside_what_was_typed(desk):
    made = inquiry()
    form = form_of(page_of(desk, made), "message", text="So is it the same?")
    services.receive_message(made.pk, "It has changed", uuid4())
    response = desk.post(record_of(made), form)
    page = response.content.decode()
    assert response.status_code == 422
    assert "So is it the same?" in page
    assert "It has changed" in page
    assert not Message.objects.filter(is_from_patient=False).exists()


def test_of_two_who_answer_at_once_the_second_sees_the_first_and_keeps_the_text(desk):
    made = inquiry()
    luz = signed_in(member("Manager", "luz"))
    mine, theirs = (form_of(page_of(who, made), "message", text=text) for who, text in ((desk, "Mine"), (luz, "Hers")))
    luz.post(record_of(made), theirs)
    response = desk.post(record_of(made), mine)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Hers" in page
    assert form_of(page, "message")["text"] == "Mine"
    desk.post(record_of(made), form_of(page, "message"))
    assert [message.text for message in made.messages.all()] == ["Hers", "Mine"]


def test_a_form_sent_twice_writes_one_message_and_says_so_both_times(desk):
    made = inquiry()
    form = form_of(page_of(desk, made), "message", text="Which scan?")
    for _click in range(2):
        page = desk.post(record_of(made), form, follow=True).content.decode()
        assert "on the patient&#x27;s page" in page
    assert made.messages.count() == 1


@pytest.mark.parametrize("text", ["y" * 2001, "\x00\x07", " "])
def test_a_message_that_cannot_be_sent_comes_back(desk, text):
    made = inquiry()
    response = desk.post(record_of(made), form_of(page_of(desk, made), "message", text=text))
    assert response.status_code == 422
    assert text.strip("\x00\x07 ") in response.content.decode()
    assert not Message.objects.exists()


def test_messages_calls_notes_letters_and_moves_stand_in_one_order(desk, staff):
    made = inquiry()
    services.receive_message(made.pk, "First words", uuid4())
    services.log_call(made, "Second words", staff)
    services.move_status(made, "in-review", staff)
    services.add_note(made, "Third words", staff)
    services.write_message(made, "Fourth words", staff)
    page = page_of(desk, made)
    history = page[page.index('class="history"') : page.index('id="conversation"')]
    order = [
        history.index(words)
        for words in ("First words", "Second words", "New → In review", "Third words", "Fourth words")
    ]
    assert order == sorted(order)
    assert history.count("Call logged") == 0  # its note says it
    services.log_call(made, "", staff)
    assert page_of(desk, made).count("<strong>Call logged</strong>") == 1


def test_a_reviewer_does_not_see_in_the_history_what_colleagues_moved(desk, staff):
    made = inquiry()
    services.move_status(made, "in-review", staff)
    page = signed_in(member("Reviewer")).get(record_of(made)).content.decode()
    assert "New → In review" not in page


def test_the_record_says_which_time_to_call_the_patient_asked_for(desk):
    made = inquiry(best_time="morning")
    services.receive_call_time(made.pk, "evening", "Evening. Before: Morning.", uuid4())
    page = page_of(desk, made)
    assert "Evening. Before: Morning." in page
    assert "Other time to call, wished by the patient" in page
    assert '<dd dir="auto">Evening</dd>' in page


def test_without_an_address_there_is_no_form(desk):
    made = inquiry(email="", channel="phone")
    page = page_of(desk, made)
    assert "message" not in buttons_on(page)
    assert "they cannot open messages" in page


def test_a_reader_reads_and_does_not_write():
    made = inquiry()
    services.receive_message(made.pk, "It hurts less", uuid4())
    reader = signed_in(member("Reader"))
    page = page_of(reader, made)
    assert "It hurts less" in page
    assert "message" not in buttons_on(page)


def test_the_medical_record_has_the_conversation_as_page_and_as_fhir(desk, staff):
    made = inquiry()
    services.receive_message(made.pk, "It hurts less", uuid4())
    services.write_message(made, "Which scan?", staff)
    page = desk.get(reverse("admin:screening_inquiry_record", args=[made.pk])).content.decode()
    assert "It hurts less" in page
    bundle = desk.get(reverse("admin:screening_inquiry_record_json", args=[made.pk])).json()
    written = [
        entry["resource"]
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] == "Communication" and "payload" in entry["resource"]
    ]
    assert [one["payload"][0]["contentString"] for one in written] == ["It hurts less", "Which scan?"]


def test_the_patients_copy_has_the_conversation(client, staff):
    made = inquiry()
    services.receive_message(made.pk, "It hurts less", uuid4())
    services.write_message(made, "Which scan?", staff)
    page = client.get(reverse("copy", args=[copy_token(made)])).content.decode()
    data = client.get(reverse("copy-as-json", args=[copy_token(made)])).json()
    assert "It hurts less" in page
    assert "Which scan?" in page
    assert [one["from"] for one in data["messages"]] == ["patient", "clinic"]
