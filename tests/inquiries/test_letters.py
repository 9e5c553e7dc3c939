import pytest

from screening.inquiries import records
from screening.inquiries.letters import compose
from screening.models import Letter
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


def letter(which: str, /, **changed):
    inquiry(**changed)
    return compose(Letter.objects.get(name=which))


def whole(mail) -> str:
    return mail.message().as_string() + mail.body + mail.alternatives[0].content


def test_the_patient_is_greeted_and_told_reference_and_way_back(settings):
    mail = letter("received", name="José Ángel Núñez")
    text = whole(mail)
    assert mail.to == ["ana@example.com"]
    assert "Hello José" in mail.body
    assert Letter.objects.first().inquiry.reference in mail.subject
    assert f"{settings.SITE_URL}/candidacy/withdraw/" in mail.body
    assert "911" in text
    assert "{" not in mail.body + mail.alternatives[0].content


@pytest.mark.parametrize("name", ["received", "copy"])
def test_it_holds_no_answer_and_no_health_word(name):
    made = inquiry(anything_else="canary", condition="both")
    records.ask_for_copy(made.pk)
    mail = compose(Letter.objects.get(name=name))
    text = (mail.subject + mail.body + mail.alternatives[0].content).lower()
    for word in ("canary", "arthritis", "joint", "pain", "candidate", "infection", "treatment", "nunez", "pérez"):
        assert word not in text


def test_staff_get_the_reference_and_a_link_and_nothing_else():
    mail = letter("new-inquiry", anything_else="canary", name="Ana Pérez")
    made = Letter.objects.first().inquiry
    assert mail.to == ["staff@clinic.example"]
    assert made.reference in mail.body
    assert f"/admin/screening/inquiry/{made.pk}/change/" in mail.body
    for secret in ("canary", "Ana", "Pérez", "ana@example.com", "5550100"):
        assert secret not in whole(mail)


def test_staff_are_told_of_a_withdrawal_by_reference():
    made = inquiry(anything_else="canary")
    records.withdraw(made.pk)
    mail = compose(Letter.objects.get())
    assert mail.to == ["staff@clinic.example"]
    assert made.reference in mail.subject
    for secret in ("canary", "Ana", "ana@example.com"):
        assert secret not in whole(mail)


@pytest.mark.parametrize(
    "name", ["http://evil.example", "evil.example", "[click](http://evil.example)", "<b>Ana</b>", "**x**", "A" * 90]
)
def test_a_name_that_is_not_plainly_one_is_not_repeated(name):
    mail = letter("received", name=name)
    assert name not in mail.body + mail.alternatives[0].content
    assert "Hello" not in mail.body


def test_a_repeat_carries_the_same_message_id():
    inquiry()
    held = Letter.objects.first()
    assert compose(held).message()["Message-ID"] == compose(held).message()["Message-ID"]


def test_lines_without_a_value_leave_no_gap():
    assert "\n\n\n" not in letter("received").body
