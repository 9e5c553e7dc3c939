import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone

from screening.inquiries import records
from screening.inquiries.sealed import Ciphertext
from screening.models import Event, Inquiry, Mark, Note, Status
from tests.builders import inquiry

pytestmark = pytest.mark.django_db
INBOX = reverse("admin:screening_inquiry_changelist")


def record_of(made: Inquiry) -> str:
    return reverse("admin:screening_inquiry_change", args=[made.pk])


def marks_of(made: Inquiry, **changed) -> dict:
    """The sheet's form as a browser would send it, all rows untouched but ``changed``."""
    from screening.desk.sheet import sheet_of

    data = {"do": "marks"}
    for row in sheet_of(made).rows:
        for start in ("", "initial-"):
            data |= {f"{start}mark-{row.id}": row.mark.value, f"{start}note-{row.id}": row.mark.note}
    return data | {name.replace("_", "-", 1): value for name, value in changed.items()}


def references_in(page: str) -> list[str]:
    return [made.reference for made in sorted(Inquiry.objects.all(), key=lambda made: page.find(made.reference))]


def test_nobody_gets_in_without_a_password(client):
    made = inquiry()
    for address in (INBOX, record_of(made)):
        response = client.get(address)
        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("admin:login"))


def test_the_longest_waiting_unanswered_inquiry_comes_first(desk, staff):
    newest, middle, oldest, answered, closed = (inquiry(name=f"Person {n}") for n in range(5))
    for days, made in enumerate((newest, middle, oldest, answered, closed)):
        Inquiry.objects.filter(pk=made.pk).update(received_at=timezone.now() - timezone.timedelta(days=days))
    Inquiry.objects.filter(pk=answered.pk).update(status=Status.WAITING)
    Inquiry.objects.filter(pk=closed.pk).update(status=Status.CLOSED, closed_as="spam")
    page = desk.get(INBOX).content.decode()
    expected = [made.reference for made in (oldest, middle, newest, answered, closed)]
    assert references_in(page) == expected


def test_the_inbox_shows_the_condition_as_answered(desk):
    inquiry("both")
    page = desk.get(INBOX).content.decode()
    for text in ("Both", "English", "New", "unread"):
        assert text in page


def test_the_inbox_takes_the_same_queries_for_two_and_for_twelve(desk, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (2, 10):
        for _ in range(number):
            inquiry()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get(INBOX)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("query", ["reference", "Pérez", "perez ana", "ana@example.com", "619 555 0100"])
def test_search_finds_by_reference_name_email_and_phone_without_naming_them_in_the_address(desk, query):
    made = inquiry()
    other = inquiry(name="Luz Ríos", email="luz@example.com", phone="")
    sought = made.reference if query == "reference" else query
    response = desk.post(INBOX, {"q": sought}, follow=True)
    page = response.content.decode()
    assert made.reference in page
    assert other.reference not in page
    address = response.redirect_chain[-1][0].lower()
    for part in ("perez", "ana", "example", "555"):
        assert part not in address


def test_every_criterion_stands_beside_its_answer(desk):
    from content.library import library

    made = inquiry("both", oa_imaging="unsure", anything_else="")
    page = desk.get(record_of(made)).content.decode()
    for criterion in library().shelf("en").criteria.values():
        assert criterion.id in page
    for text in ("Moderate", "Not sure", "Not answered", "ana@example.com", "+1 619-555-0100"):
        assert text in page


def test_what_was_not_asked_says_so(desk):
    page = desk.get(record_of(inquiry("another"))).content.decode()
    assert page.count("Not asked") == 11


def test_opening_a_record_is_an_event_and_makes_it_read(desk, staff):
    made = inquiry()
    desk.get(record_of(made))
    made.refresh_from_db()
    assert made.first_opened_at
    assert made.events.filter(kind=Event.Kind.OPENED, actor=staff).count() == 1


def test_marks_and_notes_are_saved_sealed_and_shown(desk, staff):
    made = inquiry("oa")
    response = desk.post(
        record_of(made), marks_of(made) | {"mark-oa-imaging": "ask", "note-oa-imaging": "Which scan?"}, follow=True
    )
    assert "Marks and notes are saved" in response.content.decode()
    held = Mark.objects.get()
    assert (held.row, held.value, held.note, held.author) == ("oa-imaging", "ask", "Which scan?", staff)
    assert "Which scan?" in desk.get(record_of(made)).content.decode()


def test_a_forged_mark_is_refused_and_what_was_typed_is_kept(desk):
    made = inquiry("oa")
    response = desk.post(record_of(made), marks_of(made) | {"mark-oa-imaging": "eligible", "note-oa-goals": "typed"})
    assert response.status_code == 422
    assert "Nothing was saved" in response.content.decode()
    assert ">typed</textarea>" in response.content.decode().replace("\n", "")
    assert not Mark.objects.exists()


def test_only_the_rows_that_changed_are_written(desk):
    made = inquiry("oa")
    mine, theirs = marks_of(made), marks_of(made)
    desk.post(record_of(made), theirs | {"mark-oa-goals": "ask", "note-oa-goals": "the only copy"})
    desk.post(record_of(made), mine | {"note-oa-imaging": "which scan"})
    assert {(mark.row, mark.value, mark.note) for mark in Mark.objects.all()} == {
        ("oa-goals", "ask", "the only copy"),
        ("oa-imaging", "not-looked-at", "which scan"),
    }


def test_two_people_on_one_row_never_overwrite_each_other(desk):
    made = inquiry("oa")
    mine, theirs = marks_of(made), marks_of(made)
    desk.post(record_of(made), theirs | {"note-oa-imaging": "first\nwritten"})
    response = desk.post(record_of(made), mine | {"note-oa-imaging": "second"})
    assert response.status_code == 422
    assert "A colleague has changed this row" in response.content.decode()
    assert "second" in response.content.decode()
    assert Mark.objects.get().note == "first\nwritten"


def test_a_withdrawal_while_staff_write_is_told_and_nothing_is_kept(desk, monkeypatch):
    made = inquiry()
    original = records.note

    def the_patient_is_faster(inquiry, *arguments):
        records.withdraw(inquiry.pk)
        return original(inquiry, *arguments)

    monkeypatch.setattr(records, "note", the_patient_is_faster)
    response = desk.post(record_of(made), {"do": "note", "text": "about the knee"}, follow=True)
    assert "has withdrawn this inquiry meanwhile" in response.content.decode()
    assert not Note.objects.exists()


def test_looking_from_afar_is_not_opening(desk):
    made = inquiry()
    assert desk.head(record_of(made)).status_code == 405
    assert not made.events.filter(kind=Event.Kind.OPENED).exists()


@pytest.mark.parametrize("query", ["!!!", "\x00", "~"])
def test_a_search_for_nothing_finds_nobody(desk, query):
    made = inquiry()
    assert made.reference not in desk.post(INBOX, {"q": query}, follow=True).content.decode()


def test_who_may_not_look_learns_no_keyed_hash(client):
    client.force_login(User.objects.create_user("stranger", is_staff=True))
    assert client.post(INBOX, {"q": "Ana"}).status_code == 403


def test_a_note_whose_seal_is_broken_is_refused_like_the_rest(desk):
    made = inquiry()
    records.note(made, "first", None)
    Note.objects.update(text=Ciphertext("gAAAAbroken"))
    response = desk.get(record_of(made))
    assert response.status_code == 500
    assert "cannot be opened" in response.content.decode()


def test_a_note_is_added_and_an_empty_one_is_not(desk):
    made = inquiry()
    desk.post(record_of(made), {"do": "note", "text": "Called, no answer"})
    assert Note.objects.get().text == "Called, no answer"
    assert desk.post(record_of(made), {"do": "note", "text": " "}).status_code == 422


def test_only_the_moves_of_the_table_are_offered_and_taken(desk):
    made = inquiry()
    page = desk.get(record_of(made)).content.decode()
    assert 'value="in-review"' in page
    assert 'value="offered"' not in page
    assert desk.post(record_of(made), {"do": "move", "to": "offered"}).status_code == 422
    assert desk.post(record_of(made), {"do": "move", "to": "closed"}).status_code == 422
    desk.post(record_of(made), {"do": "move", "to": "in-review"})
    made.refresh_from_db()
    assert made.status == Status.IN_REVIEW


def test_a_stale_move_is_told_and_changes_nothing(desk, staff, monkeypatch):
    made = inquiry()
    original = records.move

    def a_colleague_is_faster(inquiry, *arguments, **named):
        original(inquiry, "closed", staff, "spam")
        return original(inquiry, *arguments, **named)

    monkeypatch.setattr(records, "move", a_colleague_is_faster)
    response = desk.post(record_of(made), {"do": "move", "to": "in-review"}, follow=True)
    monkeypatch.setattr(records, "move", original)
    assert "Nothing was changed" in response.content.decode()


def test_an_inquiry_is_assigned_to_staff_only(desk, staff):
    made = inquiry()
    outsider = User.objects.create_user("outsider")
    assert desk.post(record_of(made), {"do": "assign", "assignee": outsider.pk}).status_code == 422
    desk.post(record_of(made), {"do": "assign", "assignee": staff.pk})
    made.refresh_from_db()
    assert made.assignee == staff


def test_nothing_is_added_deleted_or_edited_here(desk):
    made = inquiry()
    assert desk.get(reverse("admin:screening_inquiry_add")).status_code == 403
    assert desk.post(reverse("admin:screening_inquiry_delete", args=[made.pk]), {"post": "yes"}).status_code == 403
    before = made.answers
    desk.post(record_of(made), {"answers": "{}", "condition": "oa", "reference": "CRC-AAAA-AA"})
    made.refresh_from_db()
    assert made.answers == before


def test_who_may_only_look_cannot_write(client):
    made = inquiry()
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_inquiry"))
    client.force_login(reader)
    page = client.get(record_of(made)).content.decode()
    assert "Save marks" not in page
    assert client.post(record_of(made), {"do": "note", "text": "x"}).status_code == 403
    assert not Note.objects.exists()


def test_the_admin_log_holds_references_only(desk):
    made = inquiry(anything_else="canary")
    desk.post(record_of(made), {"do": "note", "text": "canary"})
    desk.post(record_of(made), marks_of(made) | {"note-oa-goals": "canary"})
    entries = LogEntry.objects.filter(content_type__model="inquiry")
    assert {entry.object_repr for entry in entries} == {made.reference}
    assert not any("canary" in entry.change_message for entry in entries)


def test_a_withdrawn_inquiry_shows_only_that(desk):
    made = inquiry()
    records.withdraw(made.pk)
    page = desk.get(record_of(made)).content.decode()
    assert "have been erased" in page
    assert "Ana" not in page
    assert desk.post(record_of(made), {"do": "note", "text": "x"}).status_code == 403
    assert made.reference in desk.get(INBOX).content.decode()


def test_a_record_sealed_with_another_key_is_refused_loudly_and_shows_no_ciphertext(desk, settings):
    from cryptography.fernet import Fernet

    made = inquiry()
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    response = desk.get(record_of(made))
    assert response.status_code == 500
    assert "cannot be opened" in response.content.decode()
    assert "gAAAA" not in response.content.decode()
    assert "cannot be opened" in desk.get(INBOX).content.decode()


def test_an_unknown_record_leads_back(desk):
    response = desk.get(reverse("admin:screening_inquiry_change", args=["00000000-0000-0000-0000-000000000000"]))
    assert response.status_code == 302
