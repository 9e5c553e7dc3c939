import os
import subprocess
import sys

import html5lib
import pytest
from django.conf import settings as site_settings
from django.urls import path

from content import style_guide
from content.library import library
from crc_site.urls import urlpatterns as site
from tests.content.readability import parsed, text_of
from tests.environment import VALUES

DRAWINGS = sorted((site_settings.BASE_DIR / "templates" / "content" / "drawings").glob("*.html"))
urlpatterns = [path("style/", style_guide.style_guide), *site]


@pytest.fixture
def page(client, settings) -> str:
    settings.ROOT_URLCONF = __name__
    response = client.get("/style/")
    assert response.status_code == 200
    return response.content.decode()


def test_it_is_not_there_for_visitors(client):
    assert client.get("/style/").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize(("debug", "is_there"), [("on", "True"), ("off", "False")])
def test_it_is_there_in_debug_only(debug, is_there):
    program = (
        "import django; django.setup(); from django.urls import is_valid_path; print(bool(is_valid_path('/style/')))"
    )
    environment = os.environ | VALUES | {"DEBUG": debug, "DJANGO_SETTINGS_MODULE": "crc_site.settings"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=site_settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert done.stdout.split()[-1:] == [is_there], done.stderr


def test_it_is_valid_and_shows_every_drawing(page):
    html5lib.HTMLParser(strict=True).parse(page)
    tree = parsed(page)
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    shown = {figure.get("aria-label") for figure in tree.iter("figure")} | {
        text_of(strong) for strong in tree.findall(".//figcaption/strong")
    }
    drawings = library().texts_in("en").drawings
    assert {words.title for name, words in drawings.items() if name != "joints"} <= shown
    assert len(tree.findall(".//div[@class='joints']/figure")) == 3
    assert tree.find(".//button[@class='term']") is not None


@pytest.mark.parametrize("query", style_guide.SCHEMES.values(), ids=style_guide.SCHEMES)
def test_text_has_the_contrast_that_reading_needs(query):
    ratios = {
        (pair["text"], pair["ground"]): pair["ratio"] for pair in style_guide.contrasts(style_guide.tokens(query))
    }
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 4.5} == {}
    for pair in (("ink", "ground"), ("ink", "card"), ("muted", "ground"), ("on-meaning", "meaning")):
        assert ratios[pair] >= 7, pair


def test_contrast_is_counted_as_wcag_counts_it():
    assert style_guide.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert style_guide.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda file: file.stem)
def test_a_drawing_is_light(drawing):
    assert len(drawing.read_bytes()) <= 3 * 1024
