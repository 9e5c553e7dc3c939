"""One inquiry as a FHIR Bundle: complete, in FHIR's own elements, with a valid QuestionnaireResponse."""

import copy
import random

import pytest
from django.utils import timezone

from screening.desk.exports.fhir_record import bundle
from screening.inquiries import services
from screening.models import Event, Inquiry, WordingVersion
from screening.outbox import queue
from screening.questionnaire import fhir, wording_versions
from tests.builders import inquiry
from tests.desk.record.sheet_pages import record_of
from tests.fhir import items, parsed, problems, resources, sent, walked
from tests.questionnaire.test_fhir import without_structure

pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.slow]


def bundle_of(made: Inquiry, events=()) -> dict:
    made = Inquiry.objects.get(pk=made.pk)
    return parsed(fhir.as_json(bundle(made, events or made.events.all(), timezone.now())))


def only(document: dict, kind: str) -> dict:
    (found,) = resources(document, kind)
    return found


def code(concept: dict) -> str:
    return concept["coding"][0]["code"]


def answers_in(response: dict) -> dict[str, list]:
    """Return the stored values by question."""
    return {
        item["linkId"]: [
            answer["valueCoding"]["code"] if "valueCoding" in answer else next(iter(answer.values()))
            for answer in item.get("answer", ())
        ]
        for item in items(response)
        if not item["linkId"].startswith("step.")
    }


def problems_of(document: dict) -> list[str]:
    return problems(only(document, "Questionnaire"), only(document, "QuestionnaireResponse"))


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("who", ["self", "other"])
@pytest.mark.parametrize("seed", range(5))
def test_a_response_is_valid_against_its_questionnaire(seed, who, language):
    made = sent(walked(seed, who), language)
    document = bundle_of(made)
    assert problems_of(document) == []
    assert only(document, "Questionnaire") == parsed(fhir.published())
    stored = made.answers | made.contact
    expected = {key: value if isinstance(value, list) else [value] if value else [] for key, value in stored.items()}
    assert answers_in(only(document, "QuestionnaireResponse")) == expected | {"adult": [True], "consent": [True]}


def test_what_is_wrong_with_a_response_is_noticed():
    document = bundle_of(inquiry("oa", oa_joints=["knee", "hip"]))
    questionnaire, right = only(document, "Questionnaire"), only(document, "QuestionnaireResponse")
    seen = set()
    for key, changed in (
        ("oa-joints", lambda item: item["answer"][0]["valueCoding"].update(code="unsure", display="Not sure")),
        ("oa-severity", lambda item: item["answer"][0]["valueCoding"].update(code="made-up")),
        ("oa-rehab", lambda item: item.pop("answer")),
        ("condition", lambda item: item["answer"][0]["valueCoding"].update(code="ra", display="RA")),
        ("infection", lambda item: item.update(linkId="made-up")),
        ("goals", lambda item: item.update(text="Another question")),
        ("name", lambda item: item.update(answer=[{"valueBoolean": True}])),
    ):
        wrong = copy.deepcopy(right)
        changed(next(item for item in items(wrong) if item["linkId"] == key))
        seen |= set(problems(questionnaire, wrong))
    assert seen >= {
        "oa-joints: not alone",
        "oa-severity: not among the options",
        "oa-rehab: required",
        "step.oa-joints: not enabled",
        "ra-symptoms: required",
        "condition: another display",
        "made-up: unknown here",
        "goals: another text",
        "name: another type",
    }


def test_the_response_says_when_in_which_words_and_about_whom(settings):
    made = sent(walked(1, "self"), "es")
    response = only(bundle_of(made), "QuestionnaireResponse")
    version, _content = wording_versions.current_wording()
    assert response["questionnaire"] == f"{settings.SITE_URL}/candidacy/questionnaire.json|{version}"
    assert (response["status"], response["language"]) == ("completed", "es")
    assert response["identifier"]["value"] == made.reference
    assert response["authored"] == made.received_at.isoformat().replace("+00:00", "Z")
    assert response["source"] == response["subject"]


def test_left_empty_has_no_answer_and_not_asked_is_not_there():
    stored = answers_in(only(bundle_of(inquiry("ra", anything_else="")), "QuestionnaireResponse"))
    assert stored["anything-else"] == []
    assert "oa-severity" not in stored


def test_the_patient_is_reached_as_they_wished():
    patient = only(bundle_of(inquiry(email="", channel="phone")), "Patient")
    assert patient["name"] == [{"text": "Ana Pérez"}]
    assert patient["telecom"] == [{"system": "phone", "value": "+16195550100"}]
    assert code(patient["communication"][0]["language"]) == "en"


def test_who_filled_it_in_for_someone_else_is_the_one_who_is_reached():
    document = bundle_of(inquiry(who="other", patient_name="Luz Pérez"))
    patient, related = only(document, "Patient"), only(document, "RelatedPerson")
    assert patient == {"resourceType": "Patient", "name": [{"text": "Luz Pérez"}]}
    assert related["name"] == [{"text": "Ana Pérez"}]
    assert [contact["value"] for contact in related["telecom"]] == ["+16195550100", "ana@example.com"]
    places = {entry["resource"]["resourceType"]: entry["fullUrl"] for entry in document["entry"]}
    assert related["patient"]["reference"] == places["Patient"]
    response = only(document, "QuestionnaireResponse")
    assert response["source"]["reference"] == places["RelatedPerson"]
    assert response["subject"]["reference"] == places["Patient"]


def test_every_reference_is_to_an_entry():
    document = bundle_of(inquiry(who="other", patient_name="Luz Pérez"))
    places = [entry["fullUrl"] for entry in document["entry"]]
    assert len(places) == len(set(places))
    assert references(document) <= set(places)


def references(part) -> set[str]:
    if isinstance(part, list):
        return set().union(*map(references, part))
    if not isinstance(part, dict):
        return set()
    own = {part["reference"]} if isinstance(part.get("reference"), str) else set()
    return own.union(*map(references, part.values()))


def test_consent_is_exported_with_its_text():
    made = inquiry()
    consent = only(bundle_of(made), "Consent")
    wording = wording_versions.current_wording()[1]["en"]["consent"]
    assert (consent["status"], consent["language"]) == ("active", "en")
    assert consent["policyRule"]["text"] == wording["text"].strip()
    assert code(consent["policyRule"]) == wording["version"]


def test_what_staff_did_is_exported(staff):
    made = inquiry("both", oa_imaging="unsure")
    services.set_mark(made, "oa-imaging", "ask", "Which scan?", staff)
    services.add_note(made, "A remark", staff)
    services.log_call(made, "We talked", staff)
    queue.mark_sent(queue.queue_letter(made, "ask-more", "The paragraph", staff))
    queue.mark_failed(queue.queue_letter(made, "still-there", "", staff))
    services.assign(made, staff, staff)
    services.move_status(made, "closed", staff, "booked")
    document = bundle_of(made)
    task, *rows = resources(document, "Task")
    assert (task["status"], code(task["businessStatus"]), code(task["statusReason"])) == (
        "completed",
        "closed",
        "booked",
    )
    assert task["owner"]["display"] == "nurse"
    assert {code(moment["type"]) for moment in task["output"]} == {"first-reply", "last-contact"}
    assert [(note["text"], note["authorString"]) for note in task["note"]] == [("A remark", "nurse")]
    assert task["note"][0]["extension"][0]["valueCode"] == "remark"
    (imaging,) = [row for row in rows if code(row["code"]) == "oa-imaging"]
    assert (imaging["status"], code(imaging["businessStatus"])) == ("in-progress", "ask")
    assert imaging["description"] == wording_versions.current_wording()[1]["en"]["criteria"]["oa-imaging"]
    assert (imaging["note"][0]["text"], imaging["owner"]["display"]) == ("Which scan?", "nurse")
    untouched = next(row for row in rows if code(row["code"]) == "ra-stable")
    assert code(untouched["businessStatus"]) == "not-looked-at"
    assert not {"note", "owner", "lastModified"} & set(untouched)
    written = {code(one["category"][0]): one for one in resources(document, "Communication")}
    assert written["call"]["note"][0]["text"] == "We talked"
    assert written["ask-more"]["payload"] == [{"contentString": "The paragraph"}]
    assert (written["ask-more"]["status"], written["still-there"]["status"]) == ("completed", "not-done")
    assert written["ask-more"]["sender"]["display"] == "nurse"
    assert "sender" not in written["received"]
    assert {extension["url"].rpartition("/")[2] for extension in written["still-there"]["extension"]} == {
        "owed-at",
        "gave-up-at",
    }
    audited = [(event["type"]["code"], event["agent"][0].get("name")) for event in resources(document, "AuditEvent")]
    events = made.events.select_related("actor")
    assert audited == [(event.kind, event.actor and event.actor.username) for event in events]
    assert "closed (booked)" in str(resources(document, "AuditEvent")).lower()


def test_a_call_without_a_word_is_exported_by_its_event(staff):
    made = inquiry()
    services.log_call(made, "", staff)
    assert "called" in [event["type"]["code"] for event in resources(bundle_of(made), "AuditEvent")]


def test_only_the_events_that_are_passed_are_exported(staff):
    made = inquiry()
    services.add_note(made, "A remark", staff)
    document = bundle_of(made, [made.events.first()])
    assert only(document, "AuditEvent")["type"]["code"] == Event.Kind.RECEIVED


def test_corrected_contact_details_amend_the_response(staff):
    made = inquiry()
    services.correct_contact(made, {"name": "Ana Ríos"}, staff)
    document = bundle_of(made)
    assert only(document, "QuestionnaireResponse")["status"] == "amended"
    assert only(document, "Patient")["name"] == [{"text": "Ana Ríos"}]
    assert problems_of(document) == []


def test_of_a_withdrawn_one_the_dates_and_the_consent_are_left():
    made = inquiry(anything_else="canary")
    services.withdraw(made.pk)
    document = bundle_of(made)
    kinds = {entry["resource"]["resourceType"] for entry in document["entry"]}
    assert kinds == {"Questionnaire", "Task", "Consent", "AuditEvent"}
    assert (only(document, "Task")["status"], only(document, "Consent")["status"]) == ("cancelled", "inactive")
    assert only(document, "Consent")["policyRule"]["text"]
    assert only(document, "Consent")["patient"] == {"display": made.reference}
    places = {entry["fullUrl"] for entry in document["entry"]}
    assert references(document) <= places


def test_of_one_withdrawn_while_on_hold_all_is_there(staff):
    made = inquiry()
    services.place_hold(made, "A dispute", staff)
    services.withdraw(made.pk)
    document = bundle_of(made)
    task = resources(document, "Task")[0]
    assert (task["status"], only(document, "Consent")["status"]) == ("cancelled", "inactive")
    assert task["note"][0]["extension"][0]["valueCode"] == "held"
    assert problems_of(document) == []


@pytest.fixture
def former() -> dict:
    """A wording version with a step, a question and an answer that no longer exist."""
    content = copy.deepcopy(wording_versions.current_wording()[1])
    for words in content.values():
        question = {
            **copy.deepcopy(words["steps"][1]["questions"][0]),
            "key": "former",
            "label": "Formerly?",
            "options": {"once": "Once"},
            "values": ["once"],
            "alone": [],
        }
        words["steps"].insert(4, {**words["steps"][1], "slug": "former", "questions": [question]})
        words["steps"][2]["questions"][0]["label"] = "As it was asked then?"
    return content


@pytest.mark.parametrize("has_structure", [True, False])
def test_one_of_an_old_wording_is_exported_in_its_own_words(former, has_structure):
    made = inquiry("both", oa_joints=["knee", "hip"])
    content = former if has_structure else without_structure(former)
    made.wording = WordingVersion.objects.create(digest="former", content=content)
    made.answers = made.answers | {"former": "once"}
    made.save()
    document = bundle_of(made)
    questionnaire = only(document, "Questionnaire")
    assert (questionnaire["version"], questionnaire["status"]) == ("former", "retired")
    response = only(document, "QuestionnaireResponse")
    assert response["questionnaire"].endswith("|former")
    assert problems_of(document) == []
    assert answers_in(response)["former"] == ["once"]
    assert "As it was asked then?" in {item["text"] for item in items(response)}


def test_a_value_of_no_option_is_exported_as_it_was_stored():
    made = inquiry("ra")
    made.answers = made.answers | {"infection": "former"}
    made.save()
    document = bundle_of(made)
    assert answers_in(only(document, "QuestionnaireResponse"))["infection"] == ["former"]
    assert problems_of(document) == ["infection: not among the options"]


def test_the_bundle_is_named_by_the_reference_and_holds_the_event_of_its_export(desk):
    made = inquiry()
    document = parsed(desk.get(record_of(made, "record_json")).content)
    assert document["identifier"]["value"] == made.reference
    *_others, last = resources(document, "AuditEvent")
    assert (last["type"]["code"], last["agent"][0]["name"]) == ("exported", "nurse")
    assert last["entity"][0]["description"] == "json"
    assert made.events.filter(kind=Event.Kind.EXPORTED).count() == 1


def test_the_walk_meets_every_question():
    met = set().union(*(walked(seed, random.Random(seed).choice(["self", "other"])) for seed in range(20)))
    assert met >= {"patient-name", "ra-symptoms", "oa-rehab", "anything-else", "phone"}
