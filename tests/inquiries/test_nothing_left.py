"""After an erasure none of the bytes that were noted before is left in the database's files."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from screening.inquiries import records
from screening.inquiries.rewriting import rewrite
from screening.models import Draft, Inquiry
from screening.questionnaire import drafts
from tests.builders import draft, inquiry
from tests.inquiries.stored import found_of, noted

pytestmark = pytest.mark.django_db(transaction=True)
OWN = 8  # bytes sought of each inquiry below: answers, contact, two names, e-mail, phone, a note, a letter's words


@pytest.fixture
def many(db) -> list[Inquiry]:
    """Enough that pages of the file are shared, split and joined, each with a person of its own."""
    staff = get_user_model().objects.create_superuser("nurse")
    made = []
    for number in range(60):
        one = inquiry(name=f"First{number} Last{number}", email=f"p{number}@example.com", phone=f"+1619555{number:04}")
        records.note(one, "a note " * 50, staff)
        records.mark(one, "ra-goals", "ask", "", staff)
        records.send_letter(one, "ask-more", "which scan", staff)
        made.append(one)
    return made


def withdraw(made: list[Inquiry], staff) -> None:
    for one in made:
        records.withdraw(one.pk)


def purge(made: list[Inquiry], staff) -> None:
    long_ago = timezone.now() - timedelta(days=9999)
    Inquiry.objects.filter(pk__in=[one.pk for one in made]).update(received_at=long_ago, last_contact_at=None)
    assert records.purge() == len(made)


def lift(made: list[Inquiry], staff) -> None:
    for one in made:
        records.hold(one, "a dispute", staff)
        records.withdraw(one.pk)
        records.lift_hold(one, "settled", staff)


@pytest.mark.parametrize("erase", [withdraw, purge, lift])
def test_of_an_inquiry(many, erase):
    staff = get_user_model().objects.get()
    gone, kept = many[::2], many[1::2]
    sought = [mark for one in gone for mark in noted(one)]
    assert len(sought) > OWN * len(gone)
    assert found_of(sought) == len(sought)
    erase(gone, staff)
    rewrite(timezone.now())
    assert found_of(sought) == 0
    others = [mark for one in kept for mark in noted(one)]
    assert found_of(others) == len(others)


def test_of_a_draft_that_expired_was_cleared_or_sent():
    made = [draft() for _number in range(30)]
    sought = [str(ciphertext)[40:72].encode() for ciphertext in Draft.objects.values_list("answers", flat=True)]
    assert found_of(sought) == len(made)
    for one in made[:10]:
        drafts.erase(one.pk)
    for one in made[10:20]:
        records.submit(one.pk, "en")
    Draft.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    drafts.erase_expired()
    rewrite(timezone.now())
    assert found_of(sought) == 0
