"""A patient withdraws through the link in the mail; their data is gone from the files on disk."""

from contextlib import suppress
from pathlib import Path

import pytest

from tests.journeys.screenshots import assert_looks_right
from tests.journeys.script import LANGUAGES

pytestmark = [pytest.mark.browser, pytest.mark.server]

# Used in no other test: a name's search tokens are the same in every inquiry.
PERSON = {
    "en": {"name": "Zelda Quartermain", "email": "zelda@example.net", "phone": "+16195550142"},
    "es": {"name": "Zoila Echegaray", "email": "zoila@example.net", "phone": "+526645550143"},
}
PIECE = 48  # bytes; SQLite splits long values over pages


def ciphertexts_and_tokens(somebody) -> list[str]:
    """Return the stored ciphertexts and search tokens of a sent inquiry."""
    row = "SELECT id, answers, contact FROM screening_inquiry WHERE reference = ?"
    inquiry, *ciphertexts = somebody.database.execute(row, [somebody.reference]).fetchone()
    found = somebody.database.execute("SELECT token FROM screening_indextoken WHERE inquiry_id = ?", [inquiry])
    return ciphertexts + [token for (token,) in found]


def ciphertexts_in_draft(somebody) -> list[str]:
    row = "SELECT answers FROM screening_draft WHERE id = ?"
    return list(somebody.database.execute(row, [somebody.draft_id]).fetchone())


def pieces(noted: list[str]) -> list[bytes]:
    return [text[at : at + PIECE].encode() for text in noted for at in range(0, len(text) - PIECE // 2, PIECE)]


def on_disk(folder: Path, noted: list[str]) -> list[bytes]:
    """Return the pieces found in the site's files: database, journal, log, mail."""
    written = bytearray()
    for file in folder.rglob("*"):
        with suppress(FileNotFoundError, IsADirectoryError):  # the journal may just have been deleted
            written += file.read_bytes()
    return [piece for piece in pieces(noted) if piece in written]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_taken_back_is_gone_from_the_disk(somebody, language):
    somebody.language = language
    somebody.answers_all(**PERSON[language])
    draft = ciphertexts_in_draft(somebody)
    assert len(on_disk(somebody.site.folder, draft)) > 0.9 * len(pieces(draft))
    somebody.sends()
    stored = ciphertexts_and_tokens(somebody)
    assert len(on_disk(somebody.site.folder, stored)) > 0.9 * len(pieces(stored))

    link = somebody.link_of_mail("withdraw")
    somebody.page.goto(link)
    assert somebody.reference in somebody.page.locator("main").inner_text()
    assert_looks_right(somebody.page)
    somebody.presses("Erase my answers")
    assert somebody.is_at("Your answers are erased")
    assert_looks_right(somebody.page)
    assert on_disk(somebody.site.folder, draft + stored) == []

    somebody.page.goto(link)
    assert somebody.is_at("Your answers are erased")
    somebody.page.goto(link.replace("/withdraw/", "/withdraw/0"))
    assert somebody.is_at("This link does not work")
    assert_looks_right(somebody.page)
    somebody.opens("sent")
    assert somebody.is_at("Your answers are erased")
