"""`manage.py show_questionnaire` prints what clinicians sign: all questions, answers, criteria, and the version."""

import os
import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import override

from content.library import library
from screening.questionnaire import wording_versions
from screening.questionnaire.steps import QUESTIONNAIRE

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def shown(language: str) -> str:
    out = StringIO()
    call_command("show_questionnaire", language=language, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_answer_and_criterion_is_shown(language):
    text = shown(language)
    with override(language):
        for step in QUESTIONNAIRE.steps:
            for question in step.questions:
                assert str(question.label) in text
                assert all(str(option.label) in text for option in question.options)
        assert all(criterion.text in text for criterion in library().texts_in(language).criteria.values())


@pytest.mark.server
def test_a_reader_who_stops_early_gets_no_traceback():
    command = [sys.executable, "manage.py", "show_questionnaire"]
    shown = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    shown.stdout.close()  # as `head` does at its end
    assert shown.stderr.read() == ""
    assert shown.wait() == 0


def test_it_names_the_wording_that_inquiries_are_stored_with():
    assert f"wording {wording_versions.current_wording()[0][:12]}, language en" in shown("en").splitlines()[0]
