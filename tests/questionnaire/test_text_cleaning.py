import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.questionnaire.text_cleaning import clean_text

FAMILY = "👨\u200d👩\u200d👧"
FIRE = "❤\ufe0f\u200d🔥"
DARK_HAND = "👩🏿\u200d⚕\ufe0f"
PERSIAN = "می\u200cخواهم"
SINHALA = "ශ්\u200dරී"
CHILLU = "അവന്\u200d"
JOINED = "".join(("a", *"\u200c\u200d\u200b\u0301\u0dca\u0dba👨❤\ufe0f\x00 \n"))


@pytest.mark.slow
@given(st.text() | st.text(alphabet=st.sampled_from(JOINED)))
def test_plain_text_holds_nothing_that_cannot_be_stored_or_seen(text):
    cleaned = clean_text(text, lines=True)
    cleaned.encode()  # a lone surrogate fails here, and in the database
    assert not any(char < " " and char != "\n" for char in cleaned)
    assert "\u202e" not in cleaned
    assert clean_text(cleaned, lines=True) == cleaned


def test_a_joiner_that_goes_may_change_the_order_of_signs_and_that_is_cleaned_too():
    once = clean_text("\u0300\u200c\u0dca\u200c")
    assert clean_text(once) == once


@pytest.mark.parametrize("text", ["\u200b", "\u3164", "\u2800", "\u2029", "\ufff9", "\u200c\u200d"])
def test_what_cannot_be_seen_is_nothing(text):
    assert clean_text(text, lines=True) == ""


def test_accents_are_composed_and_lines_kept():
    assert clean_text("Jose\u0301\r\nA\u0301ngel\x00", lines=True) == "José\nÁngel"


def test_a_single_line_stays_one():
    assert clean_text("a\nb\tc") == "a b c"


@pytest.mark.parametrize(
    "between", ["\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\r", "\r\n", "\n"], ids=lambda char: char.encode().hex()
)
def test_every_kind_of_line_break_keeps_words_apart(between):
    assert clean_text(f"No{between}swelling", lines=True) == "No\nswelling"
    assert clean_text(f"No{between}swelling") == "No swelling"


@pytest.mark.parametrize("lines", [True, False])
def test_a_blank_of_no_width_keeps_words_apart(lines):
    assert clean_text("No\u200bswelling", lines=lines) == "No swelling"


@pytest.mark.parametrize("text", [FAMILY, FIRE, DARK_HAND, PERSIAN, SINHALA, CHILLU, f"{PERSIAN} {FAMILY}"])
def test_joiners_stay_where_a_script_or_an_emoji_needs_them(text):
    assert clean_text(text) == clean_text(text, lines=True) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\u200dAna\u200c", "Ana"),
        ("Ana \u200d Pérez", "Ana  Pérez"),
        ("619\u200d555", "619555"),
        ("a\u200d\u200db", "a\u200db"),
        (f"{FAMILY}\u200d", FAMILY),
        ("No.\u200cYes", "No.Yes"),
    ],
)
def test_joiners_that_join_nothing_go(text, expected):
    assert clean_text(text) == expected
