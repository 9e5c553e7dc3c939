"""What the clinic adds about itself, made up here: people, portraits, map, hours. Pages are complete without."""

import pytest
from django.urls import path
from PIL import Image

from content import style_guide
from content.checks import find_problems
from content.library import load_library
from crc_site.urls import urlpatterns as site
from tests.content import copies_of_texts
from tests.content.readability import parsed, text_of
from tests.content.seo.test_json_ld import json_ld

TEAM = ["/about/medical-team/", "/es/about/medical-team/"]
urlpatterns = [path("style/", style_guide.style_guide), *site]

ANA = """---
title: Dr. Ana Example
role: Rheumatologist
license: "0000000, Example"
photo: ana.jpg
alt: "Dr. Example at her desk"
order: 1
---

She plans care with your own *rheumatologist*.
"""
LUIS = "---\ntitle: Luis Example\norder: 2\n---\n\nHe answers the phone.\n"


@pytest.fixture
def content(tmp_path, settings):
    """A copy of the texts in two languages, with two people and a portrait."""
    settings.CONTENT_DIR = copies_of_texts.add_spanish(copies_of_texts.copy_of_english(tmp_path))
    (settings.CONTENT_DIR / "images").mkdir()
    Image.new("RGB", (600, 600)).save(settings.CONTENT_DIR / "images" / "ana.jpg")
    for language in ("en", "es"):
        folder = settings.CONTENT_DIR / language / "team"
        folder.mkdir()
        (folder / "ana.md").write_text(ANA)
        (folder / "luis.md").write_text(LUIS)
    return settings.CONTENT_DIR


def problems(content) -> list[str]:
    return [str(problem) for problem in find_problems(load_library(content))]


@pytest.mark.slow
@pytest.mark.parametrize("path", TEAM)
def test_people_stand_below_who_you_will_meet_in_their_order(content, client, path):
    page = parsed(client.get(path).content)
    people = page.findall(".//ul[@class='team']/li")
    assert [text_of(person.find(".//h3")) for person in people] == ["Dr. Ana Example", "Luis Example"]
    assert "Rheumatologist" in text_of(people[0])
    assert "0000000, Example" in text_of(people[0])
    assert "She plans care with your own rheumatologist." in text_of(people[0])
    portrait = people[0].find(".//img")
    assert portrait.get("alt") == "Dr. Example at her desk"
    assert client.get(portrait.get("src")).status_code == 200
    assert people[1].find(".//img") is None
    assert page.findall(".//div[@class='text prose']/h2")[-1].get("id") == "who-you-will-meet"


def test_a_sound_profile_has_no_problem(content):
    assert problems(content) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("photo: ana.jpg", "photo: nobody.jpg", "line 5: there is no picture nobody.jpg in content/images/."),
        ('alt: "Dr. Example at her desk"\n', "", "line 5: say under alt what the photograph shows."),
    ],
)
def test_a_portrait_that_cannot_be_shown_is_named(content, old, new, problem):
    copies_of_texts.change(content / "en" / "team" / "ana.md", old, new)
    assert problems(content) == [f"{content}/en/team/ana.md, {problem}"]


def test_a_person_without_a_translation_is_named(content):
    (content / "es" / "team" / "luis.md").unlink()
    assert problems(content) == [f"{content}/es/team/luis.md, line 1: this page is missing; en has it."]


@pytest.mark.parametrize("path", TEAM)
def test_without_people_the_page_is_complete(client, path):
    page = parsed(client.get(path).content)
    assert page.find(".//ul[@class='team']") is None
    assert page.find(".//li[@class='profile']") is None


@pytest.mark.parametrize(
    ("path", "hours"),
    [
        ("/about/our-clinic/", "Our hours: Monday to Friday, 9 a.m. to 5 p.m."),
        ("/es/about/our-clinic/", "Nuestro horario: de lunes a viernes, de 09:00 a 17:00"),
    ],
)
def test_address_map_and_hours_are_shown_where_they_are_looked_for(tmp_path, client, settings, path, hours):
    settings.CLINIC_ADDRESS = "1 Example Street"
    settings.CLINIC_MAP_URL = "https://maps.example/clinic"
    settings.CLINIC_HOURS = ["Mo-Fr 09:00-17:00"]
    settings.CONTENT_DIR = copies_of_texts.copy_of_texts(tmp_path)
    page = client.get(path).content.decode()
    main, footer = parsed(page).find(".//main"), parsed(page).find(".//footer")
    assert hours in text_of(main)
    assert "1 Example Street" in text_of(main)
    for part in (main, footer):
        assert "https://maps.example/clinic" in [link.get("href") for link in part.iter("a")]
    assert hours.partition(": ")[2] in text_of(footer)
    _, clinic, _ = json_ld(page)
    assert (clinic["hasMap"], clinic["openingHours"]) == ("https://maps.example/clinic", ["Mo-Fr 09:00-17:00"])


@pytest.mark.parametrize("path", ["/about/our-clinic/", "/es/about/our-clinic/", "/guides/after-the-day/"])
def test_what_is_not_set_leaves_no_gap(client, path):
    text = text_of(parsed(client.get(path).content))
    for word in ("{clinic", "Our hours", "Nuestro horario", "on a map", "en un mapa"):
        assert word not in text


def test_a_photograph_of_the_rooms_stands_in_the_text(content, client):
    file = content / "en" / "pages" / "about" / "our-clinic.md"
    copies_of_texts.append(file, "![The waiting room](photo:ana.jpg)")
    shown = parsed(client.get("/about/our-clinic/").content).find(".//main//figure[@class='photograph']/img")
    assert shown.get("alt") == "The waiting room"


def test_the_style_guide_shows_them_made_up(client, settings):
    settings.ROOT_URLCONF = __name__
    page = parsed(client.get("/style/").content)
    assert len(page.findall(".//ul[@class='team']/li")) == 2
    assert "Monday to Friday, 9 a.m. to 5 p.m." in text_of(page)
    assert page.find(".//a[@href='https://maps.example/clinic']") is not None
