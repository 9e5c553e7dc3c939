import pytest

from screening.inquiries.search import decode_tokens, encode_tokens, query_tokens, same_person
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


@pytest.mark.parametrize(
    "query",
    [
        "+1 619-234-0123 ext. 5",
        "619 234 0123",
        "619 234 0123 x7",
        "tel:+16192340123;ext=5",
        "６１９－２３４－０１２３",
        "(619) 234\u20110123",
        "cell 619 234 0123",
    ],
)
def test_a_number_with_an_extension_is_found_with_it_and_without(jose, query):
    nurse = inquiry(phone="+16192340123;ext=5", channel="phone")
    assert list(Inquiry.objects.with_tokens(query_tokens(query))) == [nurse]


def test_one_switchboard_is_perhaps_one_person_whatever_the_extension():
    one, other = inquiry(email="", phone="+16192340123;ext=5", channel="phone"), inquiry(phone="+16192340123")
    assert list(same_person(one)) == [other]


def test_two_domains_that_look_alike_are_two_people():
    one, other = inquiry(email="ana@faß.example", phone=""), inquiry(email="ana@fass.example", phone="")
    again = inquiry(email="Ana@xn--fa-hia.example", phone="")
    assert list(same_person(one)) == [again]
    for query in ("ana@faß.example", "ANA@FAß.EXAMPLE"):
        assert set(Inquiry.objects.with_tokens(query_tokens(query))) == {one, again}
    assert list(Inquiry.objects.with_tokens(query_tokens("ana@fass.example"))) == [other]


@pytest.mark.parametrize("query", ["می\u200cخواهم", "میخواهم"])
def test_joiners_in_a_name_need_not_be_typed(query):
    made = inquiry(name="می\u200cخواهم رضایی")
    assert list(Inquiry.objects.with_tokens(query_tokens(query))) == [made]
