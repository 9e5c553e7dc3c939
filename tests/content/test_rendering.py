import pytest

from content.rendering import Heading, render
from tests.content.readability import parsed

TABLE = """
| | RA | OA |
|---|:---|---:|
| Goal | calm | ease |
"""


def html(source: str, language: str = "en") -> str:
    return render(source, language=language).html


def test_a_tight_list_gives_each_item_its_id():
    rendered = render("- One *thing*.\n{: #ra-one }\n- Another.\n{: #ra-two }\n", language="en")
    assert rendered.anchored == {"ra-one": "One thing.", "ra-two": "Another."}
    assert '<li id="ra-one">One <em>thing</em>.</li>' in rendered.html
    assert "{:" not in rendered.html


def test_headings_carry_their_own_ids_and_only_the_second_level_is_listed():
    rendered = render(
        "## Known *facts* {: #facts }\n\n### Detail {: #detail }\n\n## More[^1] {: #more }\n\n[^1]: Note", language="en"
    )
    assert rendered.headings == (
        Heading("facts", "Known facts"),
        Heading("more", "More"),
        Heading("sources", "Sources"),
    )
    assert {"facts", "detail", "more"} <= rendered.ids


@pytest.mark.parametrize(
    ("language", "written", "served"),
    [
        ("en", "/guides/x/", 'href="/guides/x/"'),
        ("es", "/guides/x/", 'href="/es/guides/x/"'),
        ("es", "/guides/x/#part", 'href="/es/guides/x/#part"'),
        ("es", "#part", 'href="#part"'),
        ("es", "https://doi.org/10.1", 'href="https://doi.org/10.1"'),
        ("es", "mailto:a@b.example", 'href="mailto:a@b.example"'),
    ],
)
def test_links_within_the_site_stay_in_the_pages_language(language, written, served):
    assert served in html(f"[link]({written})", language)


def test_links_are_noted_as_their_author_wrote_them():
    rendered = render("[a](/guides/x/#y) [b](#z) [c](https://doi.org/10.1)", language="es")
    assert rendered.links == ("/guides/x/#y", "#z")


def test_a_link_to_another_site_does_not_hand_over_the_window():
    assert '<a href="https://doi.org/10.1" rel="noopener">' in html("[a](https://doi.org/10.1)")
    assert "rel=" not in html("[a](/guides/)")


@pytest.mark.parametrize(
    ("where", "attributes"),
    [
        (".//table", {"role": "table"}),
        (".//thead", {"role": "rowgroup"}),
        (".//tbody", {"role": "rowgroup"}),
        (".//tbody/tr", {"role": "row"}),
        (".//thead//th[1]", {"role": "columnheader", "scope": "col"}),
        (".//thead//td", {"role": "cell"}),  # the empty corner cell is no header
        (".//tbody//th", {"role": "rowheader", "scope": "row"}),
        (".//tbody//td[1]", {"role": "cell", "data-label": "RA"}),
        (".//tbody//td[2]", {"role": "cell", "data-label": "OA"}),
    ],
)
def test_a_table_that_is_shown_as_cards_stays_a_table_for_screen_readers(where, attributes):
    found = dict(parsed(html(TABLE)).find(where).attrib)
    found.pop("align", None)
    assert found == attributes


def test_alignment_is_an_attribute_because_the_browser_is_told_to_refuse_styles():
    assert "style=" not in html(TABLE)
    assert 'align="right"' in html(TABLE)


def test_a_footnotes_way_back_says_where_it_leads():
    rendered = html("Claim.[^source]\n\n[^source]: The source.")
    assert 'title="Back to the text, note 1"' in rendered
    assert 'href="#fnref-source"' in rendered
    assert 'id="fnref-source"' in rendered
