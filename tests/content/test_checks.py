import pytest
from django.core.checks import run_checks

from content import checks
from content.documents import ContentError
from content.library import load_library, read_library
from screening.checks import check_criteria
from tests.content import copies_of_texts

A_LINK_BEGINS = "a link begins with /, #, https:, http:, mailto: or tel:"
MAIN, CANDIDACY = "guides/rheumatoid-vs-osteoarthritis.md", "guides/who-might-be-a-candidate.md"


@pytest.fixture
def texts(tmp_path, settings):
    """The CONTENT_DIR's English texts, as a copy that the test may change."""
    settings.CONTENT_DIR = copies_of_texts.copy_of_english(tmp_path)
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    return settings.CONTENT_DIR / "en"


def messages() -> list[str]:
    return [error.msg for error in checks.check_texts(None)]


@pytest.mark.slow
@pytest.mark.django_db  # Django 6.1 opens the database for checks of models
def test_the_shipped_texts_have_no_problem():
    assert run_checks() == []


def test_an_untouched_copy_has_no_problem(texts):
    assert messages() == []


@pytest.mark.parametrize(
    ("name", "added", "expected"),
    [
        (MAIN, "See [this](/guides/nowhere/).", "the link /guides/nowhere/ leads nowhere."),
        (
            MAIN,
            "See [this](/guides/who-might-be-a-candidate).",
            "the link /guides/who-might-be-a-candidate leads nowhere.",
        ),
        (MAIN, "See [this](/nowhere/#part).", "the link /nowhere/#part leads nowhere."),
        (MAIN, "See [this](our-clinic/).", "the link our-clinic/ leads nowhere."),
        ("consent.md", "See [this](/privaci/).", "the link /privaci/ leads nowhere."),
        (MAIN, "See [this](/privacy/#part).", "/privacy/ has no #part."),
        (MAIN, "See [this](#part).", "this page has no #part."),
        ("pages/home.md", "Call {clinic_fax}.", "nothing fills the blank {clinic_fax}."),
        (MAIN, "Dear {first_name}.", "nothing fills the blank {first_name}."),
        ("letters/received.md", "Dear {surname}.", "nothing fills the blank {surname}."),
        ("letters/new-inquiry.md", "From {first_name}.", "nothing fills the blank {first_name}."),
        ("letters/received.md", "{free_text}", "nothing fills the blank {free_text}."),
        ("letters/ask-more.md", "From {sign_in_link}.", "nothing fills the blank {sign_in_link}."),
        ("letters/received.md", "Dear {First}.", "nothing fills the blank {First}."),
        ("letters/received.md", "Dear {0}.", "nothing fills the blank {0}."),
        (MAIN, "See ![this](drawing:nothing).", "there is no picture drawing:nothing; see docs/content.md."),
        (MAIN, "See ![this](photo:nothing.jpg).", "there is no picture photo:nothing.jpg; see docs/content.md."),
        (
            MAIN,
            "See ![this](https://elsewhere.example/x.png).",
            "there is no picture https://elsewhere.example/x.png; see docs/content.md.",
        ),
        (MAIN, "A [word](/glossary/#no-such-word).", "/glossary/ has no #no-such-word."),
        (CANDIDACY, "A sentence. {: #stray }", "'{: #stray }' was not understood; see docs/content.md."),
        ("urgent-care.md", "A sentence. {: #stray }", "'{: #stray }' was not understood; see docs/content.md."),
        (MAIN, "A <b>word</b>.", "write this without HTML: <b>; see docs/content.md."),
        (MAIN, "<script>alert(1)</script>", "write this without HTML: <script>alert(1)</script>; see docs/content.md."),
        (
            "letters/received.md",
            "<!-- a remark -->",
            "write this without HTML: <!-- a remark -->; see docs/content.md.",
        ),
        (MAIN, "[This](javascript:alert) and that.", f"{A_LINK_BEGINS}, not with javascript:."),
        (MAIN, "[This](JAVA&#115;cript&colon;alert) and that.", f"{A_LINK_BEGINS}, not with javascript:."),
        ("consent.md", "[This](data:text/html,x) and that.", f"{A_LINK_BEGINS}, not with data:."),
        (MAIN, "[This](//elsewhere.example/).", "the link //elsewhere.example/ leads nowhere."),
    ],
)
def test_a_mistake_in_a_text_is_named_with_file_and_line(texts, name, added, expected):
    line = copies_of_texts.append(texts / name, added)
    assert messages() == [f"{texts / name}, line {line}: {expected}"]


@pytest.mark.parametrize(
    "link",
    [
        "/guides/",
        "/candidacy/",
        "/candidacy/questions/",
        "/privacy/#rights",
        "https://doi.org/10.1",
        "mailto:a@b.example",
        "tel:911",
    ],
)
def test_a_link_that_leads_somewhere_is_no_problem(texts, link):
    copies_of_texts.append(texts / MAIN, f"See [this]({link}).")
    assert messages() == []


@pytest.mark.parametrize("shelf", ["shelf: attic", "reviewer: none"])
def test_a_guide_without_a_shelf_of_the_list_is_named(texts, shelf):
    copies_of_texts.change(texts / MAIN, "shelf: understand", shelf)
    line = 6 if shelf.startswith("shelf") else 11
    assert messages() == [f"{texts / MAIN}, line {line}: write shelf as one of understand, care, decide."]


@pytest.mark.slow
def test_a_guide_on_another_shelf_than_its_original_is_named(texts):
    copies_of_texts.add_spanish(texts.parent)
    spanish = texts.parent / "es" / MAIN
    copies_of_texts.change(spanish, "shelf: understand", "shelf: decide")
    assert f"{spanish}, line 6: its shelf or order differs from {texts / MAIN}." in messages()


def test_the_words_of_the_search_are_needed_and_read(texts):
    file = texts / "search.yaml"
    copies_of_texts.change(file, "synonyms:", "synonims:")
    assert messages() == [f"{file}, line 1: write synonyms as a list of lists of words, and common as a list of words."]
    file.unlink()
    read_library.cache_clear()
    assert messages() == [f"{file}, line 1: this file is needed and missing."]


@pytest.mark.parametrize("attribute", ['onclick="alert()"', 'style="color: red"', "onfocus=x"])
def test_an_attribute_that_acts_is_named_with_file_and_line(texts, attribute):
    line = copies_of_texts.append(texts / MAIN, f"A sentence.\n{{: {attribute} }}")
    name = attribute.partition("=")[0]
    assert messages() == [f"{texts / MAIN}, line {line}: {{: … }} gives an id, a class or a lang, not {name}."]


@pytest.mark.parametrize("text", ["5 < 6 &amp; 7 > 3 &nbsp;.", "`<b>` is bold.", "Write to <a@b.example>."])
def test_signs_that_only_look_like_html_are_no_problem(texts, text):
    copies_of_texts.append(texts / MAIN, text)
    assert messages() == []


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        (MAIN, "title:", "titel:", "line 1: add title between the --- lines at the top."),
        (MAIN, "changed: 2", "changed: today 2", "line 1: write changed as a date such as 2026-11-22."),
        ("letters/received.md", "subject:", "betreff:", "line 1: add subject between the --- lines at the top."),
        (
            "letters/received.md",
            "subject:",
            "choice: Hello\nsubject:",
            "this letter goes out by itself; take out choice.",
        ),
        (
            "letters/ask-more.md",
            "choice:",
            "chioce:",
            "nothing sends this letter; add choice, the words by which staff choose it.",
        ),
        ("letters/ask-more.md", "order: 1", "paragraph: maybe", "write paragraph as needed or optional."),
        ("letters/ask-more.md", '"Ask a few questions"', "yes", "write choice as one line of text."),
        ("letters/ask-more.md", "{free_text}", "", "write {free_text} once, as a paragraph of its own."),
        (
            "letters/ask-more.md",
            "{free_text}\n",
            "{free_text}\nmore\n",
            "write {free_text} once, as a paragraph of its own.",
        ),
        (
            "letters/ask-more.md",
            "{free_text}\n",
            "{free_text}\n\n{free_text}\n",
            "write {free_text} once, as a paragraph of its own.",
        ),
        (MAIN, "[who-might-be-a-candidate]", "[gout]", "line 1: related names gout, which is no guide."),
        (
            "pages/home.md",
            "href: /candidacy/",
            "href: /guides/gout/",
            "the link /guides/gout/ leads nowhere.",
        ),
    ],
)
def test_a_mistake_in_the_front_matter_is_named(texts, name, old, new, expected):
    copies_of_texts.change(texts / name, old, new)
    (sentence,) = messages()
    assert sentence.startswith(f"{texts / name}, line ")
    assert sentence.endswith(expected)


@pytest.mark.parametrize(
    "name",
    [
        "pages/privacy.md",
        "letters/received.md",
        "letters/new-inquiry.md",
        "letters/digest.md",
        "consent.md",
        "urgent-care.md",
        "disclaimer.md",
    ],
)
def test_a_needed_file_that_is_missing_is_named(texts, name):
    (texts / name).unlink()
    assert f"{texts / name}, line 1: this file is needed and missing." in messages()


@pytest.mark.slow
def test_a_language_without_the_candidacy_guide_is_reported(texts):
    copies_of_texts.add_spanish(texts.parent)
    missing = texts.parent / "es" / CANDIDACY
    missing.unlink()
    assert f"{missing}, line 1: this file is needed and missing." in messages()


@pytest.mark.slow
def test_a_dead_link_in_another_language_is_named_too(texts):
    copies_of_texts.add_spanish(texts.parent)
    line = copies_of_texts.append(texts.parent / "es" / MAIN, "Vea [esto](/guides/nada/).")
    assert f"{texts.parent / 'es' / MAIN}, line {line}: the link /guides/nada/ leads nowhere." in messages()


@pytest.mark.slow
def test_a_text_that_one_language_lacks_is_named(texts):
    copies_of_texts.add_spanish(texts.parent)
    missing = texts.parent / "es" / "pages" / "privacy.md"
    missing.unlink()
    assert f"{missing}, line 1: this page is missing; en has it." in messages()


def test_a_heading_that_one_language_lacks_is_named(texts):
    copies_of_texts.add_spanish(texts.parent)
    guide = texts.parent / "es" / MAIN
    guide.write_text(guide.read_text() + "\n\n## Algo más {: #mas }\n\nTexto.\n")
    assert messages() == [f"{guide}, line 1: its ids differ from {texts / MAIN}: mas."]


def test_a_criterion_that_a_language_lacks_is_named(texts):
    copies_of_texts.add_spanish(texts.parent)
    guide = texts.parent / "es" / CANDIDACY
    copies_of_texts.change(guide, "{: #oa-imaging }\n", "")
    (error,) = check_criteria(None)
    assert error.msg.startswith(f"{guide}, line 1: add the criterion {{: #oa-imaging }}")


def test_a_criterion_that_no_question_asks_about_is_named_with_its_line(texts):
    copies_of_texts.change(texts / CANDIDACY, "{: #oa-goals }\n", "{: #oa-goals }\n- Something new.\n{: #oa-new }\n")
    line = (texts / CANDIDACY).read_text().split("\n").index("{: #oa-new }") + 1
    (error,) = check_criteria(None)
    assert error.msg.startswith(f"{texts / CANDIDACY}, line {line}: no question")
    assert error.msg.endswith("cites the criterion oa-new.")


@pytest.mark.django_db
def test_a_broken_file_stops_the_start_and_not_only_the_page(texts):
    copies_of_texts.change(texts / MAIN, "title:", "titel:")
    assert any(error.id == "content.E001" and error.is_serious() for error in run_checks())


def test_the_problems_of_a_library_are_found_without_the_registered_check(texts):
    copies_of_texts.append(texts / MAIN, "See [this](/guides/nowhere/).")
    (problem,) = checks.find_problems(load_library(texts.parent))
    assert problem.file == texts / MAIN


@pytest.mark.parametrize("name", ["version", "consent", "adult"])
def test_a_consent_without_its_words_is_refused(texts, name):
    file = texts / "consent.md"
    lines = [line for line in file.read_text().splitlines() if not line.startswith(f"{name}:")]
    file.write_text("\n".join(lines))
    assert messages() == [f"{file}, line 1: add {name} between the --- lines at the top."]


def test_a_file_name_that_cannot_be_an_address_is_refused(texts):
    odd = texts / "guides" / "My_Guide.md"
    odd.write_text((texts / CANDIDACY).read_text())
    assert f"{odd}, line 1: name this file with small letters, digits and hyphens only." in messages()


@pytest.mark.parametrize("title", ["{a: b}", '"two\\nlines"'])
def test_a_title_that_is_no_line_of_text_is_refused(texts, title):
    file = texts / "urgent-care.md"
    file.write_text(f"---\ntitle: {title}\n---\n\nText.\n")
    assert messages() == [f"{file}, line 1: write title, subject and description as one line of text each."]


@pytest.mark.slow
@pytest.mark.parametrize(
    "added", ["A [dead](/guides/nowhere/) link.", "![A picture](drawing:nothing)", "A {blank_of_no_kind}."]
)
def test_with_debug_a_page_says_what_the_check_would_say(client, texts, settings, added):
    settings.DEBUG = True
    settings.LANGUAGES = [("en", "English")]
    line = copies_of_texts.append(texts / MAIN, added)
    with pytest.raises(ContentError, match=f"{MAIN}, line {line}: "):
        client.get("/guides/")
