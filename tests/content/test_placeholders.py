import pytest

from content import placeholders

TEXT = "Hello {name},\n\nCall {phone}.\nWrite to {email} or call {phone}.\n\nGoodbye"


def test_blanks_are_filled():
    filled = placeholders.fill(TEXT, {"name": "Ana", "phone": "555", "email": "a@b.example"})
    assert filled == "Hello Ana,\n\nCall 555.\nWrite to a@b.example or call 555.\n\nGoodbye"


def test_a_line_that_names_an_unset_blank_is_left_out():
    filled = placeholders.fill(TEXT, {"name": "Ana", "phone": "", "email": "a@b.example"})
    assert filled == "Hello Ana,\n\n\nGoodbye"


def test_a_blank_that_is_filled_later_stays():
    assert placeholders.fill(TEXT, {"phone": "555", "email": "x"}).startswith("Hello {name},")


@pytest.mark.parametrize(
    ("text", "names"),
    [("{a} and {b_c}", {"a", "b_c"}), ("{: #anchor }", set()), ("{A} {1} { a }", set()), ("", set())],
)
def test_only_small_letters_between_braces_are_a_blank(text, names):
    assert placeholders.names_in(text) == names


def test_what_the_settings_leave_empty_is_not_shown(settings):
    settings.CLINIC_PHONE = ""
    assert placeholders.fill("Call {clinic_phone}.\nWrite.", placeholders.site_values()) == "Write."
    settings.CLINIC_PHONE = "+1 619 555 0100"
    assert (
        placeholders.fill("Call {clinic_phone}.\nWrite.", placeholders.site_values()) == "Call +1 619 555 0100.\nWrite."
    )


def test_only_a_clinic_with_backups_says_how_long_they_stay(settings, tmp_path):
    text = "Erased.\nGone from backups after {backup_days} days."
    settings.BACKUP_DIR = None
    assert placeholders.fill(text, placeholders.site_values()) == "Erased."
    settings.BACKUP_DIR, settings.BACKUP_KEEP = tmp_path, 14
    assert placeholders.fill(text, placeholders.site_values()).endswith("\nGone from backups after 14 days.")
