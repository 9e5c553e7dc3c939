import pytest

from content.documents import Guide
from tests.content import copies_of_texts
from tests.content.readability import parsed, text_of

GUIDE = next(
    copies_of_texts.address(document) for document in copies_of_texts.readable() if isinstance(document, Guide)
)


@pytest.mark.django_db
@pytest.mark.parametrize("address", copies_of_texts.addresses())
def test_a_public_page_is_whole_cacheable_and_knows_no_visitor(client, address, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(address)
    page = parsed(response.content)
    assert response.status_code == 200
    assert len(page.findall(".//h1")) == 1
    assert text_of(page.find(".//title"))
    assert "public" in response.headers["Cache-Control"]
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "Set-Cookie" not in response.headers
    assert not response.cookies


@pytest.mark.parametrize("document", copies_of_texts.readable(), ids=copies_of_texts.address)
def test_a_page_is_titled_as_its_author_titled_it(client, document):
    page = parsed(client.get(copies_of_texts.address(document)).content)
    assert text_of(page.find(".//title")).startswith(document.title)
    assert page.find(".//meta[@name='description']").get("content") == document.description


@pytest.mark.slow
def test_every_link_within_the_site_leads_somewhere(client):
    pages = {address: parsed(client.get(address).content) for address in copies_of_texts.addresses()}
    for address, page in list(pages.items()):
        for link in page.iter("a"):
            path, _, anchor = link.get("href").partition("#")
            if path.startswith("/") and path not in pages:
                response = client.get(path)
                assert response.status_code == 200, f"{path} on {address}"
                pages[path] = parsed(response.content)
            if anchor and not path.startswith("http"):
                assert pages[path or address].find(f".//*[@id='{anchor}']") is not None, (
                    f"{link.get('href')} on {address}"
                )


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere/",
        "/guides/nowhere/",
        "/guides/home/",
        "/about/",
        "/about/nowhere/",
        "/guides/..%2fpages%2fhome/",
        "/guides/..%5cpages/",
        "/guides/%00/",
        "/guides/%ff/",
        "/guides/who-might-be-a-candidate%0a/",
        "/guides/WHO-MIGHT-BE-A-CANDIDATE/",
        f"/guides/{'a' * 10_000}/",
        f"/{'a/' * 5_000}",
        "/xx/guides/",
    ],
    ids=lambda address: address[:40],
)
def test_an_address_that_the_library_does_not_hold_is_a_friendly_404(client, address):
    response = client.get(address)
    page = parsed(response.content)
    assert response.status_code == 404
    assert text_of(page.find(".//h1")) == "We cannot find that page"
    assert page.find(".//main//a[@href='/']") is not None
    assert not response.cookies


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_guide_can_only_be_read(client, method):
    response = getattr(client, method)(GUIDE)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"


def test_an_address_without_its_last_slash_is_led_on(client):
    response = client.get(GUIDE.rstrip("/"))
    assert (response.status_code, response.headers["Location"]) == (301, GUIDE)
