"""The questionnaire as an HL7 FHIR Questionnaire: complete, valid, in both languages, one per wording version."""

import copy
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils.translation import override

from content.library import library
from screening.questionnaire import fhir, wording_versions
from screening.questionnaire.steps import QUESTIONNAIRE
from tests.fhir import is_exclusive, items, parsed, words

ADDRESS = "/candidacy/questionnaire.json"


@pytest.fixture(scope="module")
def published() -> dict:
    return parsed(fhir.published())


@pytest.fixture(scope="module")
def by_key(published) -> dict[str, dict]:
    return {item["linkId"]: item for item in items(published)}


def without_structure(content: dict) -> dict:
    """The older format of a wording version, without structure."""
    former = copy.deepcopy(content)
    for language in former.values():
        for step in language["steps"]:
            step["questions"] = [
                {name: question[name] for name in ("key", "label", "criteria", "options")}
                for question in step["questions"]
            ]
            del step["title"], step["asked_when"]
    return former


@pytest.mark.slow
def test_it_is_public_cached_for_a_while_and_revalidated_by_its_tag(client):
    response = client.get(ADDRESS)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/fhir+json")
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert response.headers["Content-Language"] == "en, es"
    assert response.content == fhir.published()
    assert not response.cookies
    assert client.get(ADDRESS, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    assert client.post(ADDRESS).status_code == 405


def test_it_has_one_address(client):
    assert client.get(f"/es{ADDRESS}").status_code == 404


def test_the_command_prints_the_same():
    out = StringIO()
    call_command("show_questionnaire", "--fhir", stdout=out)
    assert out.getvalue().rstrip("\n").encode() == fhir.published()


def test_it_says_what_it_is(published, settings):
    version, _content = wording_versions.current_wording()
    assert (published["url"], published["version"]) == (settings.SITE_URL + ADDRESS, version)
    assert fhir.canonical(version) == f"{published['url']}|{version}"
    assert (published["status"], published["publisher"]) == ("active", settings.CLINIC_NAME)
    assert words(published, "title", "en") == "Am I a candidate?"
    assert words(published, "title", "es") == "¿Este tratamiento es para mí?"


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_step_question_answer_hint_and_criterion_is_there_in_each_language(by_key, language):
    texts = library().texts_in(language)
    assert words(by_key["consent.text"], "text", language) == texts.notices["consent"].text
    with override(language):
        for step in QUESTIONNAIRE.steps:
            group = by_key[f"step.{step.slug}"]
            assert words(group, "text", language) == str(step.title or step.section)
            questions = [item for item in group["item"] if item["type"] != "display"]
            assert [item["linkId"] for item in questions] == [question.key for question in step.questions]
        for _step, question in QUESTIONNAIRE.questions():
            item = by_key[question.key]
            if question.kind == "checkbox":
                assert words(item, "text", language) == texts.notices["consent"].meta[question.key]
                continue
            assert words(item, "text", language) == str(question.label)
            offered = [option["valueCoding"] for option in item.get("answerOption", ())]
            shown = [(option["code"], words(option, "display", language)) for option in offered]
            assert shown == [(option.value, str(option.label)) for option in question.options]
            hint = by_key.get(f"{question.key}.hint")
            assert (words(hint, "text", language) if hint else "") == str(question.hint)
            criteria = [(code["code"], words(code, "display", language)) for code in item.get("code", ())]
            assert criteria == [(id_, texts.criteria[id_].text) for id_ in question.criteria]


def test_link_ids_are_unique_and_systems_are_the_sites_own(published, settings):
    ids = [item["linkId"] for item in items(published)]
    assert len(ids) == len(set(ids))
    systems = {option["valueCoding"]["system"] for item in items(published) for option in item.get("answerOption", ())}
    assert systems
    assert all(system.startswith(f"{settings.SITE_URL}/fhir/answers/") for system in systems)


def test_a_condition_with_several_values_is_met_by_any(by_key):
    branch = by_key["step.ra-symptoms"]
    conditions = [(way["question"], way["operator"], way["answerCoding"]["code"]) for way in branch["enableWhen"]]
    assert conditions == [("condition", "=", "ra"), ("condition", "=", "both")]
    assert branch["enableBehavior"] == "any"
    (way,) = by_key["patient-name"]["enableWhen"]
    assert (way["question"], way["answerCoding"]["code"]) == ("who", "other")
    assert "enableBehavior" not in by_key["patient-name"]
    assert "enableWhen" not in by_key["infection"]


def test_types_and_what_is_required_and_what_stands_alone(by_key):
    kinds = {key: by_key[key]["type"] for key in ("condition", "adult", "anything-else", "name", "email", "phone")}
    assert kinds == {
        "condition": "choice",
        "adult": "boolean",
        "anything-else": "text",
        "name": "string",
        "email": "string",
        "phone": "string",
    }
    for _step, question in QUESTIONNAIRE.questions():
        item = by_key[question.key]
        assert question.kind in fhir._TYPES
        assert item["required"] is not question.is_optional
        assert item["repeats"] is question.takes_several
        alone = [option["valueCoding"]["code"] for option in item.get("answerOption", ()) if is_exclusive(option)]
        assert alone == [option.value for option in question.options if option.stands_alone and question.takes_several]
    assert (by_key["anything-else"]["maxLength"], by_key["name"]["maxLength"]) == (1000, 150)
    assert by_key["oa-imaging"]["answerOption"][-1]["valueCoding"]["code"] == "unsure"


def test_it_is_made_once_a_version():
    assert fhir.published() is fhir.published()


@pytest.mark.slow
def test_answers_keep_their_order_where_the_database_does_not(published):
    version, content = wording_versions.current_wording()
    shuffled = copy.deepcopy(content)
    for language in shuffled.values():
        for step in language["steps"]:
            for question in step["questions"]:
                question["options"] = dict(sorted(question["options"].items()))
    assert parsed(fhir.as_json(fhir.questionnaire(version, shuffled))) == published


@pytest.mark.slow
def test_a_version_without_structure_requires_nothing_and_is_retired():
    former = parsed(
        fhir.as_json(fhir.questionnaire("former", without_structure(wording_versions.current_wording()[1])))
    )
    assert (former["status"], former["version"]) == ("retired", "former")
    by_id = {item["linkId"]: item for item in items(former)}
    assert not any(item.get("required") or item.get("enableWhen") for item in by_id.values())
    assert words(by_id["condition"], "text", "es").startswith("¿")
    assert by_id["condition"]["repeats"]
    assert by_id["adult"]["type"] == "choice"


def test_a_version_may_have_a_single_language():
    former = parsed(fhir.as_json(fhir.questionnaire("former", {"es": wording_versions.current_wording()[1]["es"]})))
    assert former["language"] == "es"
    assert "_title" not in former


def test_what_is_wrong_is_reported_without_its_value():
    with pytest.raises(fhir.NotFhir) as refused:
        fhir.as_json({"resourceType": "Questionnaire", "status": "active", "title": ["canary"], "made-up": "canary"})
    assert "title" in str(refused.value)
    assert "canary" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


@pytest.mark.slow
def test_no_process_loads_the_library_before_it_is_needed():
    program = (
        "import sys, django; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns;"
        "print(sorted({'fhir', 'pydantic'} & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parent.parent.parent
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []
