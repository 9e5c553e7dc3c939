"""The length of stored values does not depend on the answers."""

from collections import Counter
from random import Random

import pytest
from django.db import connection

from screening.inquiries import services
from screening.models import Draft, Inquiry
from screening.privacy.encryption import decrypt, encrypt
from screening.questionnaire import drafts, flow, wording_versions
from screening.questionnaire.steps import QUESTIONNAIRE
from screening.questionnaire.types import Answers, Question
from tests.builders import CONTACT

PEOPLE = 200
LONGEST_TEXT = 1000  # maximum characters of the field, up to four bytes each


def length_of(field: str, row: Draft | Inquiry) -> int:
    """Return the length of an encrypted column's stored value."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT LENGTH({field}) FROM {row._meta.db_table} WHERE id = %s",
            [row._meta.pk.get_db_prep_value(row.pk, connection)],
        )
        return cursor.fetchone()[0]


def chosen(question: Question, draw: Random) -> str | list[str]:
    if question.key in CONTACT and not question.options:
        return CONTACT[question.key]
    if not question.options:
        return draw.choice('aé"关😀') * draw.randint(0, LONGEST_TEXT)
    values = [option.value for option in question.options if not option.stands_alone]
    if question.takes_several:
        return draw.sample(values, draw.randint(1, len(values)))
    return draw.choice(values)


def answered(draw: Random) -> Answers:
    """Return random answers to the whole questionnaire, for oneself or another person."""
    answers: Answers = {}
    while (step := flow.first_unanswered(QUESTIONNAIRE, answers)) is not None:
        answers |= {question.key: chosen(question, draw) for question in step.questions_for(answers)}
        answers |= {key: "Luz Ríos" for key in ("patient-name",) if key in answers}
    return answers


@pytest.mark.slow
@pytest.mark.django_db
def test_all_answers_of_a_person_have_one_size_whatever_they_are_and_at_every_step():
    sizes: dict[str, Counter] = {"draft": Counter(), "answers": Counter(), "contact": Counter()}
    for seed in range(PEOPLE):
        draw = Random(seed)
        answers = answered(draw)
        draft = drafts.save_answers(None, {}, wording_versions.consent_version("en"))
        assert draft is not None
        for step in flow.path(QUESTIONNAIRE, answers):
            given = {question.key: answers[question.key] for question in step.questions_for(answers)}
            draft = drafts.save_answers(draft.pk, given)
            sizes["draft"][length_of("answers", draft)] += 1
        made = services.submit(draft.pk, draw.choice(["en", "es"]))
        sizes["answers"][length_of("answers", made)] += 1
        sizes["contact"][length_of("contact", made)] += 1
    assert {name: len(found) for name, found in sizes.items()} == {"draft": 1, "answers": 1, "contact": 1}


def test_a_long_text_falls_into_one_of_a_few_sizes():
    found = {len(encrypt("x" * length, row="1", field="screening.note.text")) for length in range(0, 4001, 7)}
    assert len(found) == 4


@pytest.mark.parametrize("length", [0, 1, 509, 510, 511, 512, 1000])
def test_padding_is_taken_away_again(length):
    for value in ("\x80" * length, "x" * length, ["é" * length]):
        assert decrypt(encrypt(value, row="1", field="f"), row="1", field="f") == value
