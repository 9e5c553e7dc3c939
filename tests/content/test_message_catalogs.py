"""Every interface string is translated into every language, and the catalogs hold no unused string."""

import pytest
from django.conf import settings

from content import message_catalogs

pytestmark = pytest.mark.slow

OTHERS = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def test_strings_are_found_in_code_and_templates():
    found = message_catalogs.extract_messages()
    assert "Do you have an infection right now?" in found  # screening/questionnaire/steps.py
    assert "Check your answers" in found  # templates/candidacy/check.html
    assert ("%(minutes)s minute to read", "%(minutes)s minutes to read") in found
    assert len(found) > 300


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_is_untranslated_and_nothing_is_stale(code):
    catalogue = message_catalogs.read_catalog(code)
    assert message_catalogs.untranslated(catalogue) == []
    assert {message.id for message in catalogue if message.id} == message_catalogs.extract_messages()
    assert not any(message.fuzzy for message in catalogue if message.id)


@pytest.mark.parametrize("code", OTHERS)
def test_every_blank_is_kept(code):
    for message in message_catalogs.read_catalog(code):
        for problem in message.check():
            pytest.fail(f"{message.id}: {problem}")


def test_spanish_is_there():
    assert OTHERS == ["es"]
