"""The drawings that open guides and pages."""

import brotli
import pytest
from django.template.loader import render_to_string

from content.library import library
from content.pictures import PICTURES
from tests.content.readability import parsed


def with_picture() -> list[str]:
    texts = library().texts_in("en")
    return [*texts.guides, *(slug for slug in texts.pages if slug.startswith("about/"))]


@pytest.mark.parametrize("slug", with_picture())
def test_each_guide_and_page_about_us_opens_with_a_drawing(client, slug):
    documents = library().texts_in("en")
    document = documents.guides.get(slug) or documents.pages[slug]
    page = parsed(client.get(document.path).content)
    drawings = [figure for figure in page.iter() if figure.get("class") in ("art picture", "joints")]
    headings = [element for element in page.iter("h2") if element.get("id")]
    in_order = list(page.iter())
    assert drawings
    assert in_order.index(drawings[0]) < in_order.index(headings[0])


@pytest.mark.parametrize("template", PICTURES.values(), ids=list(PICTURES))
def test_a_picture_is_light_and_names_no_colour(template):
    picture = render_to_string("content/_picture.html", {"template": template})
    assert len(brotli.compress(picture.encode())) <= 4 * 1024
    assert "#" not in picture
    assert "style=" not in picture


@pytest.mark.slow
def test_a_picture_is_not_read_aloud_for_its_title_says_the_same(client):
    page = parsed(client.get("/guides/treatment-day/").content)
    assert {picture.get("aria-hidden") for picture in pictures_in(page)} == {"true"}


def test_a_picture_beside_a_heading_is_no_word_of_it(client):
    document = library().texts_in("es").guides["treatment-day"]
    page = parsed(client.get("/es/guides/treatment-day/").content)
    (heading,) = [one for one in page.iter("h2") if one.get("id") == "prepare"]
    assert len(pictures_in(heading)) == 1
    words = "Paso 2: preparar"
    assert "".join(heading.itertext()).strip() == words
    assert words in [one.text for one in document.headings]
    assert "picture:" not in client.get("/es/guides/treatment-day/").content.decode()


def test_each_card_of_the_list_has_its_picture(client):
    page = parsed(client.get("/es/guides/").content)
    cards = page.findall(".//ul[@class='guide-cards']/li")
    assert len(cards) == len(library().texts_in("es").guides)
    assert [len(pictures_in(card)) for card in cards] == [1] * len(cards)


def pictures_in(element) -> list:
    return [one for one in element.iter() if one.get("class") == "art picture"]
