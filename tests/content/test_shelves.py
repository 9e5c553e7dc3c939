import pytest

from content.shelves import SHELVES, in_reading_order, next_guide, shelves_of
from tests.content import copies_of_texts
from tests.content.readability import parsed, text_of

LANGUAGES = list(copies_of_texts.shipped().by_language)
FIRST, LAST = "rheumatoid-vs-osteoarthritis", "questions-for-your-doctor"


def guides(language: str) -> list:
    return list(copies_of_texts.shipped().texts_in(language).guides.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_guide_stands_on_one_shelf_and_no_shelf_is_empty(language):
    shelves = shelves_of(guides(language))
    assert len(shelves) == len(SHELVES)
    assert sorted(guide.slug for shelf in shelves for guide in shelf.guides) == sorted(
        guide.slug for guide in guides(language)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_begins_with_the_two_kinds_and_ends_with_questions_for_the_doctor(language):
    ordered = [guide.slug for guide in in_reading_order(guides(language))]
    assert (ordered[0], ordered[-1]) == (FIRST, LAST)
    assert ordered == [guide.slug for guide in in_reading_order(guides("en"))]


def test_a_shelf_without_a_guide_is_left_out():
    assert [len(shelf.guides) for shelf in shelves_of(guides("en")[:1])] == [1]
    assert next_guide(guides("en")[0], guides("en")[:1]) is None


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/guides/", "/es/guides/"])
def test_from_where_to_start_each_guide_leads_to_the_next(client, path):
    listed = parsed(client.get(path).content)
    every = [link.get("href") for link in listed.findall(".//section[@class='shelf']//li//a")]
    assert [link.get("href") for link in listed.findall(".//li[@class='first']//a")] == every[:1]
    walked = every[:1]
    while following := parsed(client.get(walked[-1]).content).findall(".//li[@class='first']//a"):
        walked += [link.get("href") for link in following]
    assert walked == every
    assert len(walked) == len(guides("en"))


@pytest.mark.slow
def test_the_next_guide_is_not_named_twice(client):
    for guide in guides("en"):
        page = parsed(client.get(guide.path).content)
        cards = [link.get("href") for link in page.findall(".//ul[@class='guide-cards']//a")]
        assert len(cards) == len(set(cards)) > 0
        assert guide.path not in cards


def test_each_shelf_has_a_heading_and_says_what_it_is_about(client):
    page = parsed(client.get("/es/guides/").content)
    assert [text_of(heading) for heading in page.findall(".//section[@class='shelf']/h2")] == [
        "Entender",
        "Nuestro tratamiento",
        "Decidir",
    ]
