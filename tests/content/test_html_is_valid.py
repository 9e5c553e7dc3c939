from collections import Counter
from functools import cache
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.test import Client

from tests.content import copies_of_texts
from tests.content.readability import parsed

# Also Find, the public pages before the first question, and a 404 page.
FIND = ["/find/", "/find/?q=stem+cells", "/es/find/?q=xyzzy"]
ADDRESSES = [*copies_of_texts.addresses(), *FIND, "/candidacy/", "/candidacy/questions/", "/nowhere/"]


@cache
def markup_of(address: str) -> str:
    return Client().get(address).content.decode()


@cache
def page_of(address: str) -> Element:
    return parsed(markup_of(address))


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_strict_parser_finds_no_error(address):
    page = markup_of(address)
    html5lib.HTMLParser(strict=True).parse(page)
    assert page.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_id_stands_once_and_whatever_names_an_id_finds_it(address):
    page = page_of(address)
    ids = Counter(element.get("id") for element in page.iter() if element.get("id"))
    assert [id_ for id_, count in ids.items() if count > 1] == []
    for element in page.iter():
        for attribute in ("aria-labelledby", "aria-describedby", "for", "popovertarget"):
            assert set(element.get(attribute, "").split()) <= set(ids), attribute


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_needs_what_the_browser_is_told_to_refuse(address):
    page = page_of(address)
    for element in page.iter():
        assert element.tag != "style"
        assert not {name for name in element.attrib if name == "style" or name.startswith("on")}, element.tag
        assert not element.get("src", "").startswith(("http", "//", "data:")), element.get("src")
        is_data = element.get("type") == "application/ld+json"
        assert is_data or not (element.tag == "script" and (element.text or "").strip()), "inline script"


@pytest.mark.parametrize("address", ADDRESSES)
def test_everything_stands_in_a_landmark_the_skip_link_too(address):
    page = page_of(address)
    assert [element.tag for element in page.find("body")] == ["header", "main", "footer"]
    assert page.find(".//header/a[@class='skip']").get("href") == "#main"


@pytest.mark.parametrize("address", ADDRESSES)
def test_headings_go_down_one_level_at_a_time(address):
    page = page_of(address)
    levels = [int(element.tag[1]) for element in page.find(".//main").iter() if element.tag in {"h1", "h2", "h3", "h4"}]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in zip(levels, levels[1:], strict=False))
