import pytest
from django.utils import translation

from crc_site.middleware.languages import language_of, translated_path
from tests.content import copies_of_texts
from tests.content.readability import parsed

pytestmark = pytest.mark.slow


@pytest.fixture
def bilingual(tmp_path, settings):
    """A site with English and Spanish texts."""
    settings.CONTENT_DIR = copies_of_texts.add_spanish(copies_of_texts.copy_of_english(tmp_path))
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    return settings.CONTENT_DIR


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/", "en"),
        ("/guides/", "en"),
        ("/es/", "es"),
        ("/es/guides/", "es"),
        ("/es", "es"),
        ("/espalda/", "en"),
        ("/guides/es/", "en"),
        ("/fr/guides/", "en"),
        ("/ES/", "en"),
        ("", "en"),
    ],
)
def test_the_first_part_of_the_path_is_the_language(bilingual, path, language):
    assert language_of(path) == language


@pytest.mark.parametrize(
    ("path", "elsewhere"),
    [
        ("/", "/es/"),
        ("/guides/", "/es/guides/"),
        ("/guides/who-might-be-a-candidate/", "/es/guides/who-might-be-a-candidate/"),
        ("/about/medical-team/", "/es/about/medical-team/"),
        ("/candidacy/ra-symptoms/", "/es/candidacy/ra-symptoms/"),
        ("/candidacy/withdraw/a-token/", "/es/candidacy/withdraw/a-token/"),
    ],
)
def test_a_page_knows_its_address_in_the_other_language(bilingual, path, elsewhere):
    assert translated_path(path) == [{"code": "es", "name": "Español", "href": elsewhere}]
    with translation.override("es"):
        assert translated_path(elsewhere) == [{"code": "en", "name": "English", "href": path}]


@pytest.mark.parametrize("path", ["/nowhere/", "/admin/", "/admin/login/", "/guides/nowhere/"])
def test_what_has_no_counterpart_offers_none(bilingual, path):
    assert translated_path(path) == []


def test_with_one_language_no_page_offers_another(client, settings):
    settings.LANGUAGES = [("en", "English")]
    page = parsed(client.get("/").content)
    assert page.find(".//link[@hreflang]") is None
    assert page.find(".//a[@hreflang]") is None
    assert client.get("/es/").status_code == 404


@pytest.mark.parametrize(("path", "language"), [("/", "en"), ("/es/", "es"), ("/es/guides/", "es")])
@pytest.mark.parametrize("wanted", ["es-MX,es;q=0.9", "en-US", "fr", ""])
def test_a_page_is_the_same_whatever_the_browser_prefers(bilingual, client, path, language, wanted):
    client.cookies["django_language"] = "es"
    response = client.get(path, headers={"accept-language": wanted})
    assert response.status_code == 200
    assert response.headers["Content-Language"] == language
    assert parsed(response.content).get("lang") == language
    assert "Accept-Language" not in response.headers.get("Vary", "")


def test_a_request_leaves_no_language_behind(bilingual, client):
    before = translation.get_language()
    client.get("/es/")
    assert translation.get_language() == before


def test_the_desk_is_in_the_default_language_and_has_no_prefix(bilingual, client):
    assert client.get("/es/admin/").status_code == 404


@pytest.mark.parametrize("path", ["//[", "//]/", "//[::1/"])
def test_a_path_that_is_no_address_is_not_found_in_two_languages_too(client, bilingual, path):
    assert translated_path(path) == []
    assert client.request(PATH_INFO=path).status_code == 404
