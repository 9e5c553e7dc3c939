from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from screening.accounts.models import Authenticator, Enrolment, new_key
from screening.inquiries import services
from screening.inquiries.patient_links import inquiry_to_withdraw, withdraw_token
from screening.models import Draft, Inquiry, Note, PatientAccess
from screening.outbox import queue
from screening.privacy import key_rotation
from screening.privacy.encryption import is_encrypted_with_newest_key
from screening.questionnaire import drafts
from tests.builders import draft, inquiry, offer, upcoming

pytestmark = pytest.mark.django_db

# Every encrypted field. Key rotation finds new fields itself; adding one here confirms that it is intended.
FIELDS = {
    "screening.appointment.link",
    "screening.draft.answers",
    "screening.draft.rejected_input",
    "screening.inquiry.answers",
    "screening.keycheck.encrypted",
    "screening.inquiry.contact",
    "screening.letter.free_text",
    "screening.mark.note",
    "screening.message.text",
    "screening.note.text",
    "screening.patientaccess.rejected_input",
    "staff.authenticator.key",
    "staff.enrolment.key",
    "staff.enrolment.password",
}


@pytest.fixture
def everything(staff) -> int:
    """Fill every encrypted field; return the number of values."""
    drafts.save_rejected_input(draft().pk, {"slug": "contact", "reason": "invalid", "data": {"name": ["Ana"]}})
    made = inquiry()
    services.set_mark(made, "ra-goals", "ask", "which goal", staff)
    services.add_note(made, "called", staff)
    queue.queue_letter(made, "ask-more", "which scan", staff)
    services.write_message(made, "which scan", staff)
    offer(made, staff, upcoming(2, kind="video", link="https://meet.example/room"))
    PatientAccess.objects.create(inquiry=made, rejected_input={"text": "a draft", "problem": "invalid"})
    Authenticator.objects.create(user=staff, name="app", key=new_key())
    Enrolment.objects.create(member=staff, password="a hash")
    return len(FIELDS)


@pytest.fixture
def newer_key(settings):
    """Return a function that adds a new first key."""

    def put() -> None:
        settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]

    return put


def rotate() -> str:
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    return out.getvalue()


def test_every_encrypted_field_of_every_model_is_known():
    assert {field.label for field in key_rotation.encrypted_fields()} == FIELDS


def test_afterwards_the_newest_key_alone_decrypts_everything(everything, newer_key, settings):
    newer_key()
    assert (
        f"Re-encrypted: {everything}. Already encrypted with the newest key: 0. Could not be decrypted: 0." in rotate()
    )
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    found = key_rotation.key_report()
    assert (found.newest, found.older, found.undecryptable) == (everything, 0, [])
    assert Inquiry.objects.get().contact["name"] == "Ana Pérez"
    assert Note.objects.get().text == "called"


def test_a_second_time_nothing_is_written(everything, newer_key):
    newer_key()
    rotate()
    before = list(Inquiry.objects.values_list("answers", "contact"))
    assert f"Re-encrypted: 0. Already encrypted with the newest key: {everything}." in rotate()
    assert list(Inquiry.objects.values_list("answers", "contact")) == before


def test_ended_in_the_middle_it_goes_on_where_it_was(newer_key, monkeypatch):
    monkeypatch.setattr(key_rotation, "BATCH", 2)
    for _ in range(5):
        draft()
    newer_key()
    whole, batches = key_rotation._rewrite_batch, []

    def dies_at_the_second(*arguments):
        batches.append(arguments)
        if len(batches) == 2:
            raise KeyboardInterrupt
        return whole(*arguments)

    monkeypatch.setattr(key_rotation, "_rewrite_batch", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        key_rotation.rotate()
    found = key_rotation.key_report()
    assert (found.newest, found.older, found.undecryptable) == (2, 4, [])  # the key check beside the drafts
    monkeypatch.setattr(key_rotation, "_rewrite_batch", whole)
    assert key_rotation.rotate() == 4
    assert key_rotation.key_report().older == 0


def test_what_was_changed_meanwhile_is_not_overwritten(newer_key, monkeypatch):
    changed = draft()
    newer_key()
    whole = key_rotation._rewrite_batch

    def somebody_was_faster(field, older):
        if field.label == "screening.draft.answers":
            stored = Draft.objects.get(pk=changed.pk)
            stored.answers = {"condition": "oa"}
            stored.save()
        return whole(field, older)

    monkeypatch.setattr(key_rotation, "_rewrite_batch", somebody_was_faster)
    rotate()
    stored = Draft.objects.get(pk=changed.pk)
    assert stored.answers == {"condition": "oa"}
    assert is_encrypted_with_newest_key(stored.__dict__["answers"])


def test_what_cannot_be_decrypted_is_named_by_row_and_stays_as_it_is(newer_key):
    first, second, third = draft(), draft(), draft()
    stored = dict(Draft.objects.values_list("pk", "answers"))
    for row, text in ((first.pk, stored[second.pk]), (second.pk, "cut")):
        with connection.cursor() as cursor:
            key = row.hex if connection.vendor == "sqlite" else row
            cursor.execute("UPDATE screening_draft SET answers = %s WHERE id = %s", [str(text), key])
    newer_key()
    out = StringIO()
    with pytest.raises(CommandError, match=r"^Keep all of FIELD_KEYS: .*\.$"):
        call_command("rotate_keys", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0].endswith("Re-encrypted: 2. Already encrypted with the newest key: 0. Could not be decrypted: 2.")
    assert sorted(lines[1:]) == sorted(f"  screening.draft.answers {row}" for row in (first.pk, second.pk))
    assert Draft.objects.get(pk=third.pk).answers


def test_events_and_the_keyed_hashes_stay(everything, newer_key):
    def state():
        stored = Inquiry.objects.get()
        return list(stored.events.values_list("pk", "at")), sorted(stored.tokens.values_list("token", flat=True))

    before = state()
    newer_key()
    rotate()
    assert state() == before


@pytest.mark.django_db(transaction=True)
def test_a_locked_row_is_skipped_and_reported(newer_key):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite holds the whole database, so nobody holds a row")
    from threading import Event, Thread

    from django.db import transaction

    locked = draft()
    newer_key()
    is_held, is_done = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            Draft.objects.select_for_update().get(pk=locked.pk)
            is_held.set()
            is_done.wait(20)
        connection.close()

    holder = Thread(target=hold)
    holder.start()
    is_held.wait(20)
    with pytest.raises(CommandError, match="1 values were held"):
        rotate()
    is_done.set()
    holder.join()
    assert "Re-encrypted: 1." in rotate()


def test_a_link_to_withdraw_survives_a_new_secret_key(settings, monkeypatch):
    from django.core import signing

    from screening.inquiries import patient_links

    made = inquiry()
    link = withdraw_token(made)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one " * 6, [settings.SECRET_KEY]
    monkeypatch.setattr(patient_links, "_WITHDRAW", signing.Signer(salt="screening.withdraw"))
    assert inquiry_to_withdraw(link) == made
    assert inquiry_to_withdraw(withdraw_token(made)) == made
    monkeypatch.setattr(patient_links, "_WITHDRAW", signing.Signer(salt="screening.withdraw", fallback_keys=[]))
    assert inquiry_to_withdraw(link) is None
