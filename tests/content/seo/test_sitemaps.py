from xml.etree import ElementTree

import pytest

from content.library import library

pytestmark = pytest.mark.slow

NAMESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def test_every_public_page_is_listed_and_answers(client):
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    places = [place.text for place in tree.findall("s:url/s:loc", NAMESPACE)]
    assert len(places) == len(set(places))
    paths = [place.removeprefix("http://localhost:8000") for place in places]
    assert {document.path for document in library().texts_in("en").public()} <= set(paths)
    for path in paths:
        assert client.get(path).status_code == 200


def test_robots_are_told_where_the_list_is_and_what_is_not_theirs(client):
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://localhost:8000/sitemap.xml" in text
    assert "Disallow: /admin/" in text
    assert "/candidacy" not in text
