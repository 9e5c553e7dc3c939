import pytest

from screening.inquiries.search import decode_tokens, encode_tokens, query_tokens
from screening.models import IndexToken, Inquiry
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def jose():
    inquiry(name="Ana Pérez", email="ana@example.com", phone="")
    return inquiry(name="José Ángel Núñez", email="Jose@Example.com", phone="+526641234567", channel="phone")


@pytest.mark.parametrize(
    "query",
    ["José", "jose", "nunez angel", "JOSE@example.com", "+52 664 123 4567", "664 123 4567", "6641234567"],
)
def test_a_person_is_found_by_name_email_or_phone(jose, query):
    assert list(Inquiry.objects.with_tokens(query_tokens(query))) == [jose]


def test_a_name_that_was_asked_for_someone_else_is_found(jose):
    helped = inquiry(who="other", patient_name="Guadalupe Ríos")
    assert list(Inquiry.objects.with_tokens(query_tokens("rios"))) == [helped]


@pytest.mark.parametrize("query", ["Jos", "nobody", "other@example.com", "619 555 0000", "jose perez"])
def test_parts_of_words_and_other_people_are_not(jose, query):
    assert not Inquiry.objects.with_tokens(query_tokens(query)).exists()


def test_nothing_readable_is_stored_or_put_into_an_address(jose):
    stored = " ".join(IndexToken.objects.values_list("token", flat=True))
    address = encode_tokens(query_tokens("José"))
    assert "jos" not in stored + address
    assert decode_tokens(address) == query_tokens("José")
