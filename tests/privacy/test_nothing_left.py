"""After an erasure, none of the inquiry's stored bytes is left in the database's files."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone

from screening.inquiries import services
from screening.models import Draft, IndexToken, Inquiry
from screening.outbox import queue
from screening.privacy.key_rotation import encrypted_fields
from screening.privacy.vacuum import exclude_from_statistics, vacuum_full
from screening.questionnaire import drafts
from tests.builders import draft, inquiry, offer, upcoming
from tests.privacy.stored_bytes import found_of, noted, samples

pytestmark = pytest.mark.django_db(transaction=True)
# Values per inquiry below: answers, contact, two names, e-mail, phone, a note, a letter's text, a message each way, one
# that the patient has typed and not sent, and a link.
OWN = 12


@pytest.fixture
def inquiries(db) -> list[Inquiry]:
    """Enough inquiries to share, split and merge pages of the file, each of another person."""
    with transaction.atomic():  # one commit instead of hundreds
        staff = get_user_model().objects.create_superuser("nurse")
        made = [worked_on(number, staff) for number in range(60)]
    analyse()
    return made


def worked_on(number: int, staff) -> Inquiry:
    one = inquiry(name=f"First{number} Last{number}", email=f"p{number}@example.com", phone=f"+1619555{number:04}")
    services.add_note(one, "a note " * 50, staff)
    services.set_mark(one, "ra-goals", "ask", "", staff)
    queue.queue_letter(one, "ask-more", "which scan", staff)
    services.write_message(one, "which scan", staff)
    time = upcoming(2, kind="video", link="https://meet.example/room", after=number * timedelta(minutes=30))
    services.take(one.pk, offer(one, staff, time).pk, "America/Chicago")
    services.receive_message(one.pk, "that of March", uuid4())
    services.save_rejected_input(services.request_code(one.pk), {"text": "half a thought", "problem": "kept"})
    return one


def analyse() -> None:
    """Run ANALYZE, as autovacuum does."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def withdraw(made: list[Inquiry], staff) -> None:
    for one in made:
        services.withdraw(one.pk)


def purge(made: list[Inquiry], staff) -> None:
    long_ago = timezone.now() - timedelta(days=9999)
    Inquiry.objects.filter(pk__in=[one.pk for one in made]).update(received_at=long_ago, last_contact_at=None)
    assert services.purge(really=True) == len(made)


def lift(made: list[Inquiry], staff) -> None:
    for one in made:
        services.place_hold(one, "a dispute", staff)
        services.withdraw(one.pk)
        services.lift_hold(one, "settled", staff)


@pytest.mark.slow
@pytest.mark.parametrize("erase", [withdraw, purge, lift])
def test_of_an_inquiry(inquiries, erase):
    staff = get_user_model().objects.get()
    gone, remaining = inquiries[::2], inquiries[1::2]
    sought = [mark for one in gone for mark in noted(one)]
    assert len(sought) > OWN * len(gone)
    assert found_of(sought) == len(sought)
    erase(gone, staff)
    vacuum_full(timezone.now())
    assert found_of(sought) == 0
    others = [mark for one in remaining for mark in noted(one)]
    assert found_of(others) == len(others)


@pytest.mark.slow
def test_of_a_draft_that_expired_was_cleared_or_sent():
    made = [draft() for _number in range(30)]
    sought = [str(ciphertext)[40:72].encode() for ciphertext in Draft.objects.values_list("answers", flat=True)]
    assert found_of(sought) == len(made)
    for one in made[:10]:
        drafts.erase_draft(one.pk)
    for one in made[10:20]:
        services.submit(one.pk, "en")
    Draft.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    drafts.erase_expired_drafts()
    vacuum_full(timezone.now())
    assert found_of(sought) == 0


@pytest.fixture
def postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's ANALYZE takes no values")


def test_ciphertexts_are_not_sampled(postgresql, inquiries):
    ciphertexts = [mark for one in inquiries for mark in noted(one) if mark not in tokens_of(one)]
    assert len(ciphertexts) >= 4 * len(inquiries)
    assert not any(mark in samples() for mark in ciphertexts)


def test_what_was_sampled_before_is_forgotten_and_gone_after_the_night(postgresql, inquiries):
    with connection.cursor() as cursor:
        for field in encrypted_fields():
            cursor.execute(f"ALTER TABLE {field.model._meta.db_table} ALTER COLUMN {field.column} SET STATISTICS 100")
    analyse()
    ciphertexts = [mark for one in inquiries for mark in noted(one) if mark not in tokens_of(one)]
    assert any(mark in samples() for mark in ciphertexts)
    exclude_from_statistics()
    assert not any(mark in samples() for mark in ciphertexts)
    withdraw(inquiries, None)
    vacuum_full(timezone.now())
    assert found_of(ciphertexts) == 0


def test_keyed_hashes_are_sampled_anew_each_night_even_when_none_is_left(postgresql, inquiries):
    tokens = [token for one in inquiries for token in tokens_of(one)]
    assert any(token in samples() for token in tokens)
    withdraw(inquiries, None)
    analyse()  # ANALYZE keeps the old samples of an empty table
    vacuum_full(timezone.now())
    assert not IndexToken.objects.exists()
    assert found_of(tokens) == 0


def tokens_of(inquiry: Inquiry) -> list[bytes]:
    return [token.encode() for token in inquiry.tokens.values_list("token", flat=True)]
