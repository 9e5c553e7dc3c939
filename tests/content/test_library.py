import datetime
import os
import re

import pytest
from django.conf import settings as shipped_settings

from content.documents import ContentError
from content.library import library, load_library
from tests.content import copies_of_texts
from tests.content.readability import parsed, text_of

GUIDE = "en/guides/who-might-be-a-candidate.md"

# The documented criteria, in order. The ids must never change.
CRITERIA = [
    "ra-diagnosis",
    "ra-residual-symptoms",
    "ra-optimized-therapy",
    "ra-keep-plan",
    "ra-stable",
    "ra-infection",
    "ra-follow-up",
    "ra-goals",
    "oa-severity",
    "oa-activity-pain",
    "oa-imaging",
    "oa-rehab",
    "oa-infection",
    "oa-joint-stability",
    "oa-goals",
]


def guide(front_matter: str, body: str = "Text.") -> str:
    return f"---\n{front_matter}\n---\n\n{body}\n"


def write(folder, text: str):
    """Create a content folder with one guide."""
    file = folder / "en" / "guides" / "one.md"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return file


GOOD = "title: One\ndescription: About one.\nchanged: 2026-11-22"


def test_a_guide_is_its_front_matter_and_its_text(tmp_path):
    write(tmp_path, guide(GOOD + "\norder: 3", "Hello."))
    found = load_library(tmp_path)
    document = found.texts_in("en").guides["one"]
    assert (document.title, document.short, document.description) == ("One", "One", "About one.")
    assert document.changed == datetime.date(2026, 11, 22)
    assert document.html == "<p>Hello.</p>"
    assert document.path == "/guides/one/"
    assert found.problems == ()


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("No front matter.\n", 1, "add title, description, changed"),
        (guide("title: One"), 1, "add description, changed"),
        (guide("title:\ndescription: x\nchanged: 2026-11-22"), 1, "add title between"),
        (guide("- a list"), 1, "add title, description, changed"),
        (guide("title: One\ndescription: two: colons\nchanged: 2026-11-22"), 3, "not valid YAML"),
        (guide("title: One\ndescription: x\nchanged: November"), 1, "a date such as 2026-11-22"),
        (guide("title: One\ndescription: x\nchanged: 2026-13-45"), 1, "a date such as 2026-11-22"),
        (guide(GOOD + "\norder: first"), 1, "order"),
    ],
)
def test_a_mistake_in_the_front_matter_names_file_and_line(tmp_path, settings, text, line, message):
    file = write(tmp_path, text)
    (problem,) = load_library(tmp_path).problems
    assert str(problem).startswith(f"{file}, line {line}: ")
    assert message in str(problem)
    settings.CONTENT_DIR = tmp_path
    with pytest.raises(ContentError, match=re.escape(str(problem))):
        library()


def test_a_file_that_is_not_utf_8_is_named(tmp_path):
    file = write(tmp_path, guide(GOOD))
    file.write_bytes(guide(GOOD, "señal").encode("latin-1"))
    (problem,) = load_library(tmp_path).problems
    assert str(problem).startswith(f"{file}, line 7: ")
    assert "UTF-8" in str(problem)


@pytest.mark.parametrize(("words", "minutes"), [(1, 1), (200, 1), (299, 1), (301, 2), (1000, 5)])
def test_the_minutes_to_read_count_two_hundred_words_each(tmp_path, words, minutes):
    write(tmp_path, guide(GOOD, "word " * words))
    assert load_library(tmp_path).texts_in("en").guides["one"].minutes == minutes


def test_guides_stand_in_the_order_that_they_ask_for_then_by_name(tmp_path):
    folder = write(tmp_path, guide(GOOD + "\norder: 2")).parent
    folder.joinpath("two.md").write_text(guide(GOOD + "\norder: 1"))
    folder.joinpath("a-third.md").write_text(guide(GOOD))
    assert list(load_library(tmp_path).texts_in("en").guides) == ["two", "one", "a-third"]


def test_the_line_of_a_word_counts_the_front_matter(tmp_path):
    file = write(tmp_path, guide(GOOD, "First.\n\nSecond."))
    document = load_library(tmp_path).texts_in("en").guides["one"]
    assert document.line_of("Second") == file.read_text().split("\n").index("Second.") + 1
    assert document.line_of("nowhere") == file.read_text().split("\n").index("First.") + 1


@pytest.mark.parametrize("language", list(copies_of_texts.shipped().by_language))
def test_every_language_documents_the_criteria_in_their_order(language):
    criteria = copies_of_texts.shipped().texts_in(language).criteria
    assert list(criteria) == CRITERIA
    assert all(criterion.text for criterion in criteria.values())
    assert {criterion.condition for criterion in criteria.values()} == {"ra", "oa"}


def test_in_debug_a_changed_file_is_read_again(tmp_path, settings):
    settings.CONTENT_DIR, settings.DEBUG = copies_of_texts.copy_of_english(tmp_path), True
    before = library().texts_in("en").guides["who-might-be-a-candidate"]
    copies_of_texts.change(settings.CONTENT_DIR / GUIDE, before.title, "Changed title")
    _make_newer(settings.CONTENT_DIR / GUIDE)
    assert library().texts_in("en").guides["who-might-be-a-candidate"].title == "Changed title"


def test_without_debug_the_files_are_read_once(tmp_path, settings):
    settings.CONTENT_DIR, settings.DEBUG = copies_of_texts.copy_of_english(tmp_path), False
    before = library()
    _make_newer(settings.CONTENT_DIR / GUIDE)
    assert library() is before


def _make_newer(file) -> None:
    """Add a second: two fast writes may fall within one tick of the file system's clock."""
    stat = file.stat()
    os.utime(file, (stat.st_atime, stat.st_mtime + 1))


@pytest.fixture
def spanish(tmp_path, settings):
    """A site with an added folder of Spanish texts."""
    settings.CONTENT_DIR = copies_of_texts.add_spanish(copies_of_texts.copy_of_english(tmp_path))
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    return settings.CONTENT_DIR


@pytest.mark.slow
def test_a_new_language_needs_only_files(spanish, client):
    for document in library().texts_in("es").guides.values():
        response = client.get(f"/es{document.path}")
        page = parsed(response.content)
        assert response.status_code == 200
        assert response.headers["Content-Language"] == "es"
        assert page.get("lang") == "es"
        assert text_of(page.find(".//h1")).startswith("Prueba: ")
        assert page.find(f".//header//a[@href='{document.path}']").get("lang") == "en"


@pytest.mark.parametrize(
    "path", ["/", "/guides/", "/privacy/", "/about/medical-team/", "/guides/who-might-be-a-candidate/"]
)
def test_each_language_links_to_the_same_page_in_the_other(spanish, client, path):
    english, other = parsed(client.get(path).content), parsed(client.get(f"/es{path}").content)
    assert english.find(f".//a[@href='/es{path}']").get("hreflang") == "es"
    assert other.find(f".//a[@href='{path}']").get("hreflang") == "en"
    alternates = {link.get("hreflang"): link.get("href") for link in other.findall(".//link[@rel='alternate']")}
    site = shipped_settings.SITE_URL
    assert alternates["en"] == site + path
    assert alternates["es"] == f"{site}/es{path}"


def test_links_in_a_text_stay_in_its_language(spanish, client):
    page = parsed(client.get("/es/guides/who-might-be-a-candidate/").content)
    inner = [link.get("href") for link in page.find(".//*[@class='prose']").iter("a")]
    assert inner
    assert all(href.startswith(("/es/", "#", "http")) for href in inner)


def test_a_page_that_a_language_lacks_is_not_linked_to(spanish, client):
    spanish.joinpath("es/pages/about/house-lab.md").unlink()
    page = parsed(client.get("/about/house-lab/").content)
    assert "/es/about/house-lab/" not in {link.get("href") for link in page.iter("a")}
    assert page.find(".//link[@hreflang='es']") is None
