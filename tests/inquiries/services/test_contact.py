import pytest

from screening.inquiries import search, services
from screening.inquiries.search import query_tokens
from screening.models import Event, IndexToken, Inquiry
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


def found(query: str) -> list[Inquiry]:
    return list(Inquiry.objects.with_tokens(query_tokens(query)))


def test_a_corrected_detail_is_stored_found_and_recorded_by_its_name_only(staff):
    made = inquiry()
    changed = services.correct_contact(made, {"email": "new@example.com", "name": "Ana Ríos", "phone": ""}, staff)
    assert changed == ["email", "name", "phone"]
    made.refresh_from_db()
    assert made.contact["email"] == "new@example.com"
    assert made.contact["channel"] == "email"
    assert found("new@example.com") == found("rios") == found("ana") == [made]
    assert found("ana@example.com") == found("perez") == found("619 555 0100") == []
    event = made.events.get(kind=Event.Kind.CONTACT_CORRECTED)
    assert (event.detail, event.actor) == ("email, name, phone", staff)


def test_what_stays_the_same_is_no_correction(staff):
    made = inquiry()
    tokens = set(IndexToken.objects.values_list("pk", flat=True))
    assert services.correct_contact(made, dict(made.contact), staff) == []
    assert set(IndexToken.objects.values_list("pk", flat=True)) == tokens
    assert not made.events.filter(kind=Event.Kind.CONTACT_CORRECTED).exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "", "phone": ""},
        {"phone": "", "channel": "phone"},
        {"channel": "pigeon"},
        {"name": ""},
        {"patient-name": "Luz"},  # asked only if someone writes for another person
        {"goals": "cure"},  # an answer is never corrected
        {"condition": "oa"},
    ],
)
def test_what_the_contact_step_would_not_take_is_refused(changes, staff):
    made = inquiry()
    with pytest.raises(services.Unreachable):
        services.correct_contact(made, changes, staff)
    assert Inquiry.objects.get().contact == made.contact


def test_the_name_of_who_is_helped_is_corrected(staff):
    made = inquiry(who="other", patient_name="Luz")
    assert services.correct_contact(made, {"patient-name": "Luz Ríos"}, staff) == ["patient-name"]
    assert found("rios") == [made]


def test_a_call_is_a_reply_and_the_last_contact(staff):
    made = inquiry()
    services.log_call(made, "", staff)
    made.refresh_from_db()
    first = made.first_reply_at
    assert first == made.last_contact_at
    assert not made.notes.exists()
    services.log_call(made, "asked for a scan", staff)
    made.refresh_from_db()
    assert made.first_reply_at == first < made.last_contact_at
    assert made.notes.get().text == "asked for a scan"
    assert list(made.events.filter(kind=Event.Kind.CALLED).values_list("actor", "detail")) == [(staff.pk, "")] * 2


def test_the_same_person_is_known_by_address_or_number_but_not_by_name():
    made = inquiry(email="ana@example.com", phone="+16195550100")
    by_mail = inquiry(email="ANA@example.com", phone="", name="Other Name")
    by_phone = inquiry(email="", phone="+1 619 555 0100", channel="phone", name="Third Name")
    inquiry(email="else@example.com", phone="")
    assert set(search.same_person(made)) == {by_mail, by_phone}
    assert list(search.same_person(by_mail)) == [made]


def test_an_address_that_looks_like_a_number_is_not_taken_for_it():
    made = inquiry(email="6195550100@example.com", phone="")
    inquiry(email="", phone="+16195550100", channel="phone", name="6195550100")
    assert not search.same_person(made).exists()


def test_a_withdrawn_inquiry_is_nobodys():
    made, other = inquiry(), inquiry()
    services.withdraw(other.pk)
    other.refresh_from_db()
    assert not search.same_person(made).exists()
    assert not search.same_person(other).exists()
