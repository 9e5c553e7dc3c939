from screening.questionnaire import answer_text, wording_versions
from tests.builders import answers


def rows(given: dict) -> dict[str, answer_text.AnswerRow]:
    _digest, content = wording_versions.current_wording()
    return {row.key: row for row in answer_text.answer_rows(content["en"], given)}


def test_answers_read_as_their_labels():
    found = rows(answers("oa", oa_joints=["knee", "hip"]))
    assert found["condition"].answer == "Osteoarthritis (OA)"
    assert found["oa-joints"].answer == "Knee, Hip"
    assert found["phone"].answer == "+1 619-555-0100 (United States)"


def test_not_sure_not_answered_and_not_asked_are_three_words():
    found = rows(answers("oa", oa_imaging="unsure", anything_else=""))
    words = {found["oa-imaging"].answer, found["anything-else"].answer, found["ra-symptoms"].answer}
    assert words == {"Not sure", "Not answered", "Not asked"}


def test_the_check_page_shows_only_what_was_asked_and_says_not_provided():
    _digest, content = wording_versions.current_wording()
    shown = {
        row.key: row for section in answer_text.answer_sections(content["en"], answers("ra")) for row in section.rows
    }
    assert "oa-severity" not in shown
    assert shown["anything-else"].answer == "Not provided"


def test_a_value_of_an_older_version_is_shown_as_stored():
    assert rows(answers(infection="since-removed"))["infection"].answer == "since-removed"
