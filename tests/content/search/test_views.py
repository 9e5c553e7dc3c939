import html5lib
import pytest
from django.core.wsgi import get_wsgi_application
from hypothesis import given
from hypothesis import strategies as st

from content.page_cache import PageCache, public_paths
from content.search.index import index_of
from content.search.views import LONGEST_QUERY
from tests.content.copies_of_texts import shipped
from tests.content.readability import parsed, text_of
from tests.content.test_page_cache import ask
from tests.hostile import texts

FIND = "/find/"
IN_EACH_LANGUAGE = pytest.mark.parametrize(("path", "query"), [(FIND, "wear and tear"), ("/es/find/", "celulas madre")])


def found_on(client, query: str, path: str = FIND):
    response = client.get(path, {"q": query})
    assert response.status_code == 200
    return parsed(response.content)


def links(page) -> list[str]:
    return [link.get("href") for link in page.findall(".//main//ol[@class='found']//a")]


@pytest.mark.slow
@IN_EACH_LANGUAGE
def test_a_result_is_a_link_to_the_section_and_its_sentence_with_the_word_marked(client, path, query):
    page = found_on(client, query, path)
    assert len(links(page)) > 3
    for result in page.findall(".//main//ol[@class='found']/li"):
        assert text_of(result.find("./h2/a"))
        assert text_of(result.find("./p"))
    assert page.findall(".//main//mark")
    assert page.find(".//input[@name='q']").get("value") == query
    for href in links(page):
        target, _, anchor = href.partition("#")
        assert target.startswith(path.removesuffix("find/"))
        assert not anchor or parsed(client.get(target).content).find(f".//*[@id='{anchor}']") is not None


@pytest.mark.slow
@pytest.mark.django_db
@IN_EACH_LANGUAGE
def test_a_query_is_not_kept(client, path, query, django_assert_num_queries):
    index_of(shipped().texts_in("en"))
    with django_assert_num_queries(0):
        response = client.get(path, {"q": query})
    assert {"private", "no-store"} <= {part.strip() for part in response.headers["Cache-Control"].split(",")}
    assert not response.cookies
    assert parsed(response.content).find(".//meta[@name='robots']").get("content") == "noindex"
    assert query not in text_of(parsed(response.content).find(".//title"))


@pytest.mark.slow
@pytest.mark.django_db
def test_a_query_is_in_no_log_and_no_cache(capfd):
    site = PageCache(get_wsgi_application())
    assert not any("find" in path for path in public_paths())
    for query in ("q=canarywort", "q=canarywort&q=%00", "&".join(f"q{n}=canarywort" for n in range(500))):
        ask(site, FIND, query_string=query)
    logged = capfd.readouterr().err
    assert '"route": "find"' in logged
    assert "canarywort" not in logged
    assert "canarywort" not in str([vars(index_of(texts).stemmer) for texts in shipped().by_language.values()])


@pytest.mark.slow
@pytest.mark.parametrize(("path", "said"), [(FIND, "Nothing found"), ("/es/find/", "No se encontró nada")])
def test_what_is_not_found_gets_a_word_of_help_and_guides_to_begin_with(client, path, said):
    page = found_on(client, "xyzzy", path)
    assert said in text_of(page.find(".//main"))
    assert len(page.findall(".//main//ul[@class='guide-cards']/li")) == 3
    assert links(page) == []


def test_without_a_query_there_is_a_form_and_nothing_is_missing(client):
    page = found_on(client, "  ")
    assert page.find(".//form[@role='search']//label").get("for") == page.find(".//input[@name='q']").get("id")
    assert len(page.findall(".//main//ul[@class='guide-cards']/li")) == 3
    assert "Nothing found" not in text_of(page)


def test_a_long_query_is_cut(client):
    page = found_on(client, "cartilage " * 10_000)
    assert len(page.find(".//input[@name='q']").get("value")) <= LONGEST_QUERY
    assert links(page)


@pytest.mark.slow
@given(texts | st.lists(st.sampled_from(["cartilage", "<b>", '"', "'", "&amp;", "«"])).map(" ".join))
def test_hostile_input_is_text_on_a_valid_page(client, text):
    response = client.get(FIND, {"q": text.encode("utf-8", "replace")})
    assert response.status_code == 200
    html5lib.HTMLParser(strict=True).parse(response.content.decode())
    page = parsed(response.content)
    assert {element.tag for element in page.find(".//main").iter()}.isdisjoint({"script", "b"})
    assert page.find(".//input[@name='q']").get("value", "").isprintable()


@pytest.mark.parametrize(
    "query", ["q=%ff%fe", "q=%00", "q=%ED%A0%80", "q=%", "q=cartilage&q=", "q", "x=1", "q=%E2%80%AEevil"]
)
def test_bytes_that_are_no_text_are_no_error(client, query):
    assert client.get(f"{FIND}?{query}").status_code == 200


def test_it_can_only_be_read(client):
    assert client.post(FIND, {"q": "cartilage"}).status_code == 405
