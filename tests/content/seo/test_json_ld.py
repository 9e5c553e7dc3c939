import json
import re

import pytest

from content.page_cache import public_paths


def json_ld(page: str) -> list[dict]:
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])["@graph"]


def test_a_guide_names_itself_its_clinic_and_its_place(client):
    page, clinic, crumbs = json_ld(client.get("/guides/rheumatoid-vs-osteoarthritis/").content.decode())
    assert (page["@type"], clinic["@type"], crumbs["@type"]) == ("MedicalWebPage", "MedicalClinic", "BreadcrumbList")
    assert page["url"] == "http://localhost:8000/guides/rheumatoid-vs-osteoarthritis/"
    assert page["publisher"]["@id"] == clinic["@id"]
    assert [crumb["position"] for crumb in crumbs["itemListElement"]] == [1, 2, 3]


def test_what_the_clinic_has_not_set_is_left_out(client, settings):
    _, clinic, _ = json_ld(client.get("/about/our-clinic/").content.decode())
    assert not {"telephone", "address", "email"} & set(clinic)
    settings.CLINIC_PHONE = "+1 619 555 0100 </script>"
    _, clinic, _ = json_ld(client.get("/about/our-clinic/").content.decode())
    assert clinic["telephone"] == "+1 619 555 0100 </script>"


@pytest.mark.parametrize(
    ("path", "kind", "place"),
    [
        ("/guides/", "CollectionPage", "Guides"),
        ("/es/guides/", "CollectionPage", "Guías"),
        ("/candidacy/", "WebPage", "Am I a candidate?"),
        ("/es/candidacy/", "WebPage", "¿Este tratamiento es para mí?"),
    ],
)
def test_a_page_that_is_no_text_of_its_own_names_itself_and_its_place(client, path, kind, place):
    page, clinic, crumbs = json_ld(client.get(path).content.decode())
    assert (page["@type"], page["name"], page["url"]) == (kind, place, f"http://localhost:8000{path}")
    assert page["inLanguage"] == ("es" if path.startswith("/es/") else "en")
    assert page["publisher"]["@id"] == clinic["@id"]
    assert [crumb["name"] for crumb in crumbs["itemListElement"]] == [clinic["name"], place]


def test_the_list_of_guides_names_each_guide_in_its_order(client):
    page = client.get("/es/guides/").content.decode()
    listed = json_ld(page)[0]["mainEntity"]["itemListElement"]
    shown = re.findall(r'<h3><a href="(/es/guides/[^"]+)">', page)
    assert [guide["item"] for guide in listed] == [f"http://localhost:8000{address}" for address in shown]
    assert [guide["position"] for guide in listed] == list(range(1, len(shown) + 1))


@pytest.mark.slow
@pytest.mark.parametrize("word", ["rating", "review", "award", "price"])
def test_nothing_is_praised(client, word):
    for path in public_paths():
        data = re.search(r"ld\+json.*?</script>", client.get(path).content.decode(), re.DOTALL)
        assert data is None or f'"{word}' not in data[0].lower()
