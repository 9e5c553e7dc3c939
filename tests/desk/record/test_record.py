"""The record page: what it shows, and its forms."""

import time
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from content.library import library
from screening.inquiries import services
from screening.models import Event, Inquiry, Letter, Note, Status
from screening.outbox import queue
from screening.privacy.encryption import Ciphertext
from tests.accounts.people import member, signed_in
from tests.builders import inquiry
from tests.desk.record.sheet_pages import buttons_on, form_of, record_of
from tests.questionnaire.specification import branch_steps

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def page_of(desk, made: Inquiry) -> str:
    return desk.get(record_of(made)).content.decode()


def send(desk, made: Inquiry, do: str, **changed):
    """Open the record, fill in the form with this button, and send it."""
    return desk.post(record_of(made), form_of(page_of(desk, made), do, **changed), follow=True)


def test_every_criterion_stands_beside_its_answer(desk):
    made = inquiry("both", oa_imaging="unsure", anything_else="")
    page = page_of(desk, made)
    for criterion in library().texts_in("en").criteria.values():
        assert f'id="row-{criterion.id}"' in page
    for text in ("Moderate", "Not sure", "Not answered", "ana@example.com", "+1 619-555-0100"):
        assert text in page


def test_what_was_not_asked_says_so(desk):
    assert page_of(desk, inquiry("another")).count("Not asked") == len(branch_steps("both"))


def test_who_reads_another_language_has_question_and_answer_in_both():
    made = inquiry("oa")
    Inquiry.objects.update(language="es")
    page = signed_in(member("Reader")).get(record_of(made)).content.decode()
    for text in ("Moderada", "Moderate", "¿Le han hecho una radiografía", "Have you had an X-ray"):
        assert text in page
    assert page.count(made.answers["oa-severity"].capitalize()) == 1


def test_a_caller_finds_links_and_the_likely_time_said_to_be_a_guess(desk):
    page = page_of(desk, inquiry(phone="+526641234567", channel="whatsapp", best_time="evening", leave_message="no"))
    assert '<a class="button second" href="tel:+526641234567" rel="noreferrer noopener">' in page
    assert 'href="https://wa.me/526641234567" rel="noreferrer noopener"' in page
    for text in ("By WhatsApp", "Evening", "Tijuana", "a guess by the area code"):
        assert text in page


def test_who_gave_no_number_gets_no_link_to_call(desk):
    page = page_of(desk, inquiry(phone=""))
    assert "tel:" not in page
    assert "wa.me" not in page


def test_the_promise_is_shown_until_the_first_reply(desk, staff):
    made = inquiry()
    assert "Reply promised by" in page_of(desk, made)
    services.log_call(made, "", staff)
    page = page_of(desk, made)
    assert "Reply promised by" not in page
    assert "First reply" in page


def test_another_inquiry_with_the_same_phone_is_named_as_perhaps_the_same_person(desk):
    made, other = inquiry(), inquiry(name="Luz Ríos", email="luz@example.com")
    stranger = inquiry(name="Ana Pérez", email="ana2@example.com", phone="+16195550199")
    page = page_of(desk, made)
    assert "Perhaps the same person" in page
    assert f'<a href="{record_of(other)}">{other.reference}</a>' in page
    assert f'href="{record_of(stranger)}">{stranger.reference}' not in page
    assert "Perhaps the same person" not in page_of(desk, stranger)


def test_opening_a_record_is_an_event_and_makes_it_read(desk, staff):
    made = inquiry()
    page_of(desk, made)
    made.refresh_from_db()
    assert made.first_opened_at
    assert made.events.filter(kind=Event.Kind.OPENED, actor=staff).count() == 1


def test_looking_from_afar_is_not_opening(desk):
    made = inquiry()
    assert desk.head(record_of(made)).status_code == 405
    assert not made.events.filter(kind=Event.Kind.OPENED).exists()


def test_the_list_it_was_opened_from_is_kept_from_form_to_form(desk):
    made = inquiry()
    address = record_of(made) + "?tab=unread&turn=0"
    page = desk.get(address).content.decode()
    response = desk.post(address, form_of(page, "note", text="Called"))
    assert response.headers["Location"] == f"{address}#said"


def test_a_page_of_a_long_history_takes_the_same_queries(desk, staff):
    made, counts = inquiry(), []
    for number in (1, 6):
        for _ in range(number):
            services.add_note(made, "a note", staff)
            queue.queue_letter(made, "ask-more", "Which scan?", staff)
            services.set_mark(made, "oa-goals", "ask", f"{time.perf_counter()}", staff)
            inquiry()
        with CaptureQueriesContext(connection) as queries:
            page_of(desk, made)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_note_is_added_and_an_empty_one_is_not(desk):
    made = inquiry()
    assert "The note is added" in send(desk, made, "note", text="Called, no answer").content.decode()
    assert Note.objects.get().text == "Called, no answer"
    response = send(desk, made, "note", text=" ")
    assert response.status_code == 422
    assert "Write the note first" in response.content.decode()


def test_a_call_is_a_reply_and_what_was_said_is_a_note(desk, staff):
    made = inquiry()
    assert "The call is logged" in send(desk, made, "call", note="").content.decode()
    made.refresh_from_db()
    assert made.first_reply_at
    assert not Note.objects.exists()
    send(desk, made, "call", note="Will send the scan")
    assert Note.objects.get().kind == Note.Kind.CALL
    assert made.events.filter(kind=Event.Kind.CALLED, actor=staff).count() == 2


def test_only_the_moves_of_the_table_are_offered_and_taken(desk):
    made = inquiry()
    page = page_of(desk, made)
    assert 'value="in-review"' in page
    assert 'value="closed (spam)"' in page
    for never in ("offered", "closed (withdrawn)", "closed"):
        assert f'<option value="{never}"' not in page
        assert send(desk, made, "move", to=never).status_code == 422
    send(desk, made, "move", to="in-review")
    made.refresh_from_db()
    assert made.status == Status.IN_REVIEW


def test_closing_names_how_and_reopening_says_why(desk):
    made = inquiry()
    send(desk, made, "move", to="closed (no-reply)")
    made.refresh_from_db()
    assert (made.status, made.closed_as) == ("closed", "no-reply")
    assert "Say why it is reopened" in send(desk, made, "move", reason=" ").content.decode()
    send(desk, made, "move", reason="They wrote again")
    made.refresh_from_db()
    assert (made.status, made.closed_as) == ("in-review", "")
    assert "They wrote again" in page_of(desk, made)


def test_a_slip_is_undone_as_long_as_the_button_is_there(desk):
    made = inquiry()
    assert "undo" not in buttons_on(page_of(desk, made))
    send(desk, made, "move", to="closed (spam)")
    page = page_of(desk, made)
    assert "You changed it: New → Closed (Spam)" in page
    undo = form_of(page, "undo")
    assert "back to what it was" in desk.post(record_of(made), undo, follow=True).content.decode()
    made.refresh_from_db()
    assert (made.status, made.closed_as) == ("new", "")
    page = desk.post(record_of(made), undo).content.decode()
    assert "the record has changed since" in page


def test_a_colleagues_move_is_not_ours_to_undo(desk):
    made = inquiry()
    services.move_status(made, "in-review", member("Reviewer"))
    assert "undo" not in buttons_on(page_of(desk, made))
    response = desk.post(record_of(made), {"do": "undo", "version": services.current_version(made)}, follow=True)
    assert "nothing left to undo" in response.content.decode()


def test_the_button_to_undo_goes_when_its_time_is_over(desk, staff):
    made = inquiry()
    services.move_status(made, "in-review", staff)
    long_ago = timezone.now() - services.UNDO_WINDOW - timedelta(seconds=1)
    Event.objects.filter(kind=Event.Kind.MOVED)._raw_delete("default")
    Event.objects.create(inquiry=made, kind=Event.Kind.MOVED, actor=staff, detail="new → in-review", at=long_ago)
    assert "undo" not in buttons_on(page_of(desk, made))


def test_an_inquiry_is_assigned_to_staff_only(desk, staff):
    made = inquiry()
    outsider = User.objects.create_user("outsider")
    assert send(desk, made, "assign", assignee=str(outsider.pk)).status_code == 422
    assert f"Assigned to {staff}" in send(desk, made, "assign", assignee=str(staff.pk)).content.decode()
    made.refresh_from_db()
    assert made.assignee == staff


def test_a_reviewer_takes_it_gives_it_back_and_takes_it_from_nobody_for_nobody():
    made, reviewer, colleague = inquiry(), member("Reviewer"), member("Reviewer", "colleague")
    desk = signed_in(reviewer)
    assert "Take it" in page_of(desk, made)
    assert "Give it back" in send(desk, made, "assign").content.decode()
    assert "Assigned to nobody" in send(desk, made, "assign").content.decode()
    services.assign(made, colleague, colleague)
    response = send(desk, made, "assign", assignee="")
    assert response.status_code == 422
    assert "Only a manager takes it from a colleague" in response.content.decode()
    made.refresh_from_db()
    assert made.assignee_id == colleague.pk


def test_contact_details_are_corrected_and_the_event_says_which(desk):
    made = inquiry()
    send(desk, made, "contact", email="new@example.com", phone="(619) 555-0199")
    made.refresh_from_db()
    assert (made.contact["email"], made.contact["phone"]) == ("new@example.com", "+16195550199")
    assert "Contact details corrected: E-mail address, Phone number" in page_of(desk, made)
    assert "Nothing was different" in send(desk, made, "contact").content.decode()


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"email": "not an address"},
        {"email": ""},
        {"phone": "12"},
        {"name": "x" * 10_000},
    ],
)
def test_invalid_contact_details_get_an_error_beside_their_field_and_are_shown_again(desk, changed):
    made = inquiry()
    response = send(desk, made, "contact", **changed)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'class="correct" open' in page
    assert page.count('class="errorlist"') == 1
    (field, value), before = changed.popitem(), made.contact
    assert value in page
    made.refresh_from_db()
    assert made.contact == before, field


@pytest.mark.parametrize("forged", [{"channel": "pigeon"}, {"language": "xx"}, {"best_time": ""}])
def test_a_forged_choice_is_refused(desk, forged):
    made = inquiry()
    assert send(desk, made, "contact", **forged).status_code == 422
    assert not made.events.filter(kind=Event.Kind.CONTACT_CORRECTED).exists()


def test_a_part_of_the_form_that_did_not_arrive_erases_nothing(desk):
    made = inquiry()
    sent = form_of(page_of(desk, made), "contact")
    del sent["phone"]
    assert "Part of the page did not arrive" in desk.post(record_of(made), sent).content.decode()
    made.refresh_from_db()
    assert made.contact["phone"]


@pytest.mark.parametrize(
    ("do", "field"), [("note", "text"), ("call", "note"), ("marks", "note-oa-goals"), ("move", "reason")]
)
def test_a_text_of_ten_thousand_characters_gets_an_error_and_is_shown_whole(desk, staff, do, field):
    made, text = inquiry("oa"), "x" * 10_000
    if do == "move":
        services.move_status(made, "closed", staff, "spam")
    response = send(desk, made, do, **{field: text})
    page = response.content.decode()
    assert response.status_code == 422
    assert "You have written 10000" in page
    assert text in page
    assert 'maxlength="2000"' not in page  # a browser would cut the text silently
    assert not Note.objects.exists()


def test_a_failed_letter_is_tried_again_or_set_aside_once(desk, staff):
    made = inquiry()
    for name in ("ask-more", "still-there"):
        queue.mark_failed(queue.queue_letter(made, name, "Which scan?", staff))
    page = page_of(desk, made)
    assert page.count("could not be sent,") == 2
    retry = form_of(page, "retry")
    assert "tried again" in desk.post(record_of(made), retry, follow=True).content.decode()
    again = desk.post(record_of(made), retry)
    assert again.status_code == 422
    assert "a colleague has seen to it" in again.content.decode()
    assert "is set aside" in send(desk, made, "set-aside").content.decode()
    assert Letter.objects.failed().count() == 0


def test_a_letter_of_another_inquiry_is_not_ours_to_try_again(desk, staff):
    made, other = inquiry(), inquiry()
    failed = queue.queue_letter(other, "ask-more", "Which scan?", staff)
    queue.mark_failed(failed)
    for forged in (failed.pk, "no id", "00000000-0000-0000-0000-000000000000", ""):
        assert desk.post(record_of(made), {"do": "retry", "letter": forged}).status_code == 422
    assert Letter.objects.failed().get() == failed


@pytest.mark.parametrize("sent", [{}, {"do": ""}, {"do": "erase"}, {"do": "__class__"}])
def test_a_button_that_is_not_there_is_reported(desk, sent):
    made = inquiry()
    assert "not known here" in desk.post(record_of(made), sent, follow=True).content.decode()
    assert set(made.events.values_list("kind", flat=True)) == {"received", "opened"}


def test_nothing_is_added_deleted_or_edited_here(desk):
    made = inquiry()
    assert desk.get(reverse("admin:screening_inquiry_add")).status_code == 403
    assert desk.post(reverse("admin:screening_inquiry_delete", args=[made.pk]), {"post": "yes"}).status_code == 403
    before = made.answers
    desk.post(record_of(made), {"answers": "{}", "condition": "oa", "reference": "CRC-AAAA-AA"})
    made.refresh_from_db()
    assert made.answers == before


def test_who_may_only_look_sees_all_and_has_no_form(staff):
    made = inquiry("oa")
    services.set_mark(made, "oa-imaging", "ask", "Which scan?", staff)
    services.add_note(made, "Called", staff)
    reader = signed_in(member("Reader"))
    page = page_of(reader, made)
    for text in ("Which scan?", "Called", "Moderate"):
        assert text in page
    assert buttons_on(page) == set()
    assert "textarea" not in page
    assert reader.post(record_of(made), {"do": "note", "text": "x"}).status_code == 403
    assert Note.objects.count() == 1


def test_the_admin_log_holds_references_only(desk):
    made = inquiry("oa", anything_else="canary")
    send(desk, made, "note", text="canary")
    send(desk, made, "marks", note_oa_goals="canary")
    send(desk, made, "contact", name="canary")
    entries = LogEntry.objects.filter(content_type__model="inquiry")
    assert {entry.object_repr for entry in entries} == {made.reference}
    assert not any("canary" in entry.change_message for entry in entries)


def test_a_withdrawn_inquiry_shows_only_that_and_takes_nothing(desk):
    made = inquiry()
    sent = form_of(page_of(desk, made), "note", text="about the knee")
    services.withdraw(made.pk)
    response = desk.post(record_of(made), sent, follow=True)
    page = response.content.decode()
    for text in ("have been erased", "has withdrawn this inquiry meanwhile"):
        assert text in page
    for text in ("Ana", "about the knee"):
        assert text not in page
    assert buttons_on(page) == set()
    assert not Note.objects.exists()


@pytest.mark.parametrize("do", ["marks", "note", "call", "assign", "move", "undo", "contact", "retry", "set-aside"])
def test_no_form_of_a_page_made_before_the_withdrawal_is_taken(desk, do):
    made = inquiry()
    services.withdraw(made.pk)
    before = made.events.count()
    response = desk.post(record_of(made), {"do": do, "text": "x", "to": "in-review", "name": "x"})
    assert response.status_code == 302
    assert made.events.count() == before


@pytest.mark.parametrize("do", ["note", "call", "contact", "marks"])
def test_nothing_is_written_to_a_record_that_nobody_can_read(desk, do):
    made = inquiry()
    sent = form_of(page_of(desk, made), do, text="x", name="x")
    Inquiry.objects.filter(pk=made.pk).update(answers=Ciphertext("gAAAAbroken"))
    assert desk.post(record_of(made), sent).status_code == 500
    assert set(made.events.values_list("kind", flat=True)) == {"received", "opened"}


def test_an_inquiry_erased_a_moment_ago_leads_back(desk):
    made = inquiry()
    sent = form_of(page_of(desk, made), "note", text="about the knee")
    Inquiry.objects.filter(pk=made.pk).delete()
    assert desk.post(record_of(made), sent).status_code == 302


def test_a_record_encrypted_with_another_key_is_refused_loudly_and_shows_no_ciphertext(desk, settings):
    from cryptography.fernet import Fernet

    made = inquiry()
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    response = desk.get(record_of(made))
    assert response.status_code == 500
    assert "cannot be opened" in response.content.decode()
    assert "gAAAA" not in response.content.decode()


def test_a_record_that_cannot_be_decrypted_is_still_assigned_moved_and_closed(desk, staff):
    made = inquiry()
    Inquiry.objects.filter(pk=made.pk).update(answers=Ciphertext("gAAAAbroken"))
    page = page_of(desk, made)
    assert buttons_on(page) == {"move", "assign"}
    wrong = desk.post(record_of(made), form_of(page, "move", to="offered"))
    assert wrong.status_code == 500
    assert "not possible from here" in wrong.content.decode()
    send(desk, made, "assign", assignee=str(staff.pk))
    assert "The status is changed" in send(desk, made, "move", to="closed (spam)").content.decode()
    assert desk.post(record_of(made), {"do": "marks"}).status_code == 500
    assert Inquiry.objects.values_list("assignee", "closed_as").get() == (staff.pk, "spam")


def test_a_note_whose_ciphertext_is_broken_is_refused_like_the_rest(desk):
    made = inquiry()
    services.add_note(made, "first", None)
    Note.objects.update(text=Ciphertext("gAAAAbroken"))
    response = desk.get(record_of(made))
    assert response.status_code == 500
    assert "cannot be opened" in response.content.decode()


def test_an_unknown_record_leads_back(desk):
    response = desk.get(reverse("admin:screening_inquiry_change", args=["00000000-0000-0000-0000-000000000000"]))
    assert response.status_code == 302


def test_a_corrected_number_of_two_countries_is_refused_with_both_and_taken_with_its_code(desk):
    made = inquiry()
    refused = send(desk, made, "contact", phone="951 234 0123")
    assert refused.status_code == 422
    assert "+1 951-234-0123 (United States) or +52 951 234 0123 (Mexico)" in refused.content.decode()
    send(desk, made, "contact", phone="+52 951 234 0123 ext. 5")
    made.refresh_from_db()
    assert made.contact["phone"] == "+529512340123;ext=5"


def test_staff_see_a_numbers_country_and_extension(desk):
    made = inquiry(phone="+16192340123;ext=5")
    page = page_of(desk, made)
    assert "+1 619-234-0123 ext. 5 (United States)" in page
    assert "Call +1 619-234-0123 ext. 5</a>" in page
    assert 'href="tel:+16192340123;ext=5"' in page
    assert 'href="https://wa.me/16192340123"' in page
    assert "Nothing was different" in send(desk, made, "contact").content.decode()
