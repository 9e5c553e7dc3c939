import io

import pytest
from PIL import Image, ImageChops

from content import style_guide
from content.imaging import share_cards
from content.library import load_library
from tests.content import copies_of_texts
from tests.content.readability import parsed

ENGLISH_AND_MORE = "¿Qué es? Ñandú, pingüino, corazón, ácido, régimen, túnel: “así”"
OVERLONG = {
    "many words": "What is the difference between one thing and another? " * 12,
    "one word": "Wirbelsäulenversteifungsoperationsvorbereitungsgespräch" * 3,
    "no space for a last word": "short words at first and then " + "m" * 300,
    "tall letters": "ÁÉÍÓÚÑ ÇŞĢ qpgjy " * 30,
}


@pytest.fixture
def bilingual(tmp_path, settings):
    settings.CONTENT_DIR = copies_of_texts.add_spanish(copies_of_texts.copy_of_english(tmp_path))
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    return load_library(settings.CONTENT_DIR)


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def is_within(drawn: tuple | None, box: tuple) -> bool:
    """Return whether ``drawn`` lies within ``box``; letters may overhang by 2 pixels at the sides."""
    left, top, right, bottom = drawn
    return left >= box[0] - 2 and top >= box[1] and right <= box[2] + 2 and bottom <= box[3]


@pytest.mark.slow
def test_every_page_in_every_language_names_a_card_of_its_own(client, bilingual):
    cards = {}
    for texts in bilingual.by_language.values():
        for document in texts.public():
            page = parsed(client.get(copies_of_texts.address(document)).content)
            tags = {meta.get("property"): meta.get("content") for meta in page.iter("meta") if meta.get("property")}
            assert tags["og:title"] == document.title
            assert tags["og:description"] == document.description
            assert tags["og:locale"] == {"en": "en_US", "es": "es_MX"}[document.language]
            assert tags["og:image"].startswith("http://localhost:8000/")
            cards[document.title] = client.get(tags["og:image"].removeprefix("http://localhost:8000"))
    assert len(cards) == len(set(cards)) == sum(len(texts.public()) for texts in bilingual.by_language.values())
    assert len({card.content for card in cards.values()}) == len(cards)
    for card in cards.values():
        assert card.status_code == 200
        assert card.headers["Content-Type"] == "image/png"
        assert "public" in card.headers["Cache-Control"]
        assert not card.cookies
        assert opened(card.content).size == (1200, 630)
        assert len(card.content) < 60_000


@pytest.mark.parametrize(
    "address",
    [
        "/share/nowhere.png",
        "/share/guides/nowhere.png",
        "/share/guides/home.png",
        "/share/consent.png",
        "/share/drawings/joints.png",
        "/share/..%2f..%2fmanage.png",
        "/share/guides/rheumatoid-vs-osteoarthritis.jpg",
        "/share/.png",
        "/xx/share/home.png",
    ],
)
def test_a_card_that_no_page_has_is_a_404(client, address):
    assert client.get(address).status_code == 404


def test_a_card_is_only_read(client):
    assert client.post("/share/home.png").status_code == 405


@pytest.mark.parametrize("title", [ENGLISH_AND_MORE, *OVERLONG.values()], ids=["accents", *OVERLONG])
def test_no_title_leaves_its_box(title):
    plain = opened(share_cards.draw_card("", "Clinic", "clinic.example")).convert("RGB")
    titled = opened(share_cards.draw_card(title, "Clinic", "clinic.example")).convert("RGB")
    assert is_within(ImageChops.difference(plain, titled).getbbox(), share_cards.TITLE_BOX)


def test_a_clinic_with_a_long_name_still_has_its_name_in_its_box():
    plain = opened(share_cards.draw_card("Title", "", "clinic.example")).convert("RGB")
    named = opened(share_cards.draw_card("Title", "A Clinic With a Very Long Name " * 5, "clinic.example")).convert(
        "RGB"
    )
    assert is_within(ImageChops.difference(plain, named).getbbox(), share_cards.NAME_BOX)


@pytest.mark.parametrize("letter", "áéíóúüñÁÉÍÓÚÜÑ¿¡“”‘’–—…·")
@pytest.mark.parametrize("cut", ["Bold", "Semibold", "Regular"])
def test_the_typeface_has_the_letter(cut, letter):
    font = share_cards._typeface(cut, 40)
    assert bytes(font.getmask(letter)) != bytes(font.getmask("\uffff"))


def test_the_colours_are_those_of_the_site():
    light = style_guide.tokens()
    assert {name: light[name] for name in share_cards.COLOURS} == share_cards.COLOURS
