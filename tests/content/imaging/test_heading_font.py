import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from font_source_serif_pro import font_directory
from fontTools.ttLib import TTFont

from content.library import library
from tests.content.imaging import heading_font
from tests.content.readability import parsed, text_of

pytestmark = pytest.mark.slow


def tables(file: bytes) -> dict[str, bytes]:
    """The font's tables, which are the same whatever compressed them."""
    font = TTFont(io.BytesIO(file))
    return {name: font.getTableData(name) for name in font.keys() if name != "GlyphOrder"}  # noqa: SIM118 (no iterator)


def test_the_file_is_what_the_script_makes():
    assert tables((settings.BASE_DIR / heading_font.FILE).read_bytes()) == tables(heading_font.make())


def test_it_is_small():
    assert (settings.BASE_DIR / heading_font.FILE).stat().st_size <= 9_000


def test_it_has_every_letter_of_the_headings_in_each_language():
    letters = TTFont(settings.BASE_DIR / heading_font.FILE).getBestCmap()
    for texts in library().by_language.values():
        for document in texts.public():
            page = parsed(document.html)
            words = [document.title, *(text_of(heading) for level in "234" for heading in page.iter(f"h{level}"))]
            assert {letter for text in words for letter in text if ord(letter) not in letters} <= {"\n"}, document.file


def test_its_licence_lies_beside_it_and_its_name_is_its_own():
    licence = (Path(font_directory) / "LICENSE.txt").read_bytes()
    assert (settings.BASE_DIR / heading_font.LICENCE).read_bytes() == licence
    reserved = re.search(r"Reserved Font Name '(\w+)'", licence.decode())[1]
    names = TTFont(settings.BASE_DIR / heading_font.FILE)["name"]
    assert names.getDebugName(heading_font.FAMILY) == heading_font.NAME
    assert reserved not in heading_font.NAME
    assert "Adobe" in names.getDebugName(heading_font.COPYRIGHT)
