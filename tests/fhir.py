"""Strict FHIR parsing, and validation of a QuestionnaireResponse against its Questionnaire."""

import json
from collections.abc import Iterator
from datetime import timedelta
from random import Random

from fhir.resources.R4B import get_fhir_model_class

from screening.inquiries import services
from screening.models import Inquiry
from screening.questionnaire import drafts, flow, wording_versions
from screening.questionnaire.fhir import OPTION_EXCLUSIVE, TRANSLATION
from screening.questionnaire.steps import QUESTIONNAIRE
from screening.questionnaire.types import Answers, Question

# The allowed codes by resource type; the library does not validate them.
STATUSES = {
    "AuditEvent": {None},
    "Bundle": {None},
    "Communication": {"preparation", "in-progress", "not-done", "on-hold", "stopped", "completed"},
    "Consent": {"draft", "proposed", "active", "rejected", "inactive"},
    "Patient": {None},
    "Questionnaire": {"draft", "active", "retired", "unknown"},
    "QuestionnaireResponse": {"in-progress", "completed", "amended", "entered-in-error", "stopped"},
    "RelatedPerson": {None},
    "Task": {"draft", "requested", "received", "accepted", "ready", "cancelled", "in-progress", "on-hold", "completed"},
}


def parsed(content: bytes | str) -> dict:
    """Parse a resource: it has no unknown element, and a round trip loses nothing."""
    data = json.loads(content)
    resource = get_fhir_model_class(data["resourceType"]).model_validate(data)
    assert json.loads(resource.model_dump_json()) == data
    for part in [data, *(entry["resource"] for entry in data.get("entry", ()))]:
        assert part.get("status") in STATUSES[part["resourceType"]]
    return data


def resources(bundle: dict, kind: str) -> list[dict]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def items(part: dict) -> Iterator[dict]:
    """Yield all nested items, depth first."""
    for item in part.get("item", ()):
        yield item
        yield from items(item)


def words(part: dict, element: str, language: str) -> str:
    """Return a text in this language: its translation, or the base text."""
    for extension in part.get(f"_{element}", {}).get("extension", ()):
        values = {inner["url"]: inner.get("valueCode") or inner.get("valueString") for inner in extension["extension"]}
        if extension["url"] == TRANSLATION and values["lang"] == language:
            return values["content"]
    return part[element]


def problems(questionnaire: dict, response: dict) -> list[str]:
    """Return why this response is not complete and valid."""
    version = f"{questionnaire['url']}|{questionnaire['version']}"
    found = [] if response["questionnaire"] == version else ["another questionnaire"]
    given = {item["linkId"]: item.get("answer", []) for item in items(response)}
    return found + list(_problems(questionnaire, response, given, response["language"]))


def _problems(questionnaire: dict, response: dict, given: dict, language: str) -> Iterator[str]:
    by_id = {item["linkId"]: item for item in response.get("item", ())}
    known = [item["linkId"] for item in questionnaire.get("item", ())]
    yield from (f"{unknown}: unknown here" for unknown in set(by_id) - set(known))
    if list(by_id) != [link_id for link_id in known if link_id in by_id]:
        yield "another order"
    for item in questionnaire.get("item", ()):
        answered = by_id.get(item["linkId"])
        if not is_enabled(item, given):
            yield from [f"{item['linkId']}: not enabled"] if answered else []
        elif item["type"] == "group" and item["item"]:
            yield from _problems(item, answered or {}, given, language)
        elif answered is None or not answered.get("answer"):
            yield from [f"{item['linkId']}: required"] if item.get("required") else []
        else:
            yield from (f"{item['linkId']}: {problem}" for problem in _wrong(item, answered, language))


def is_enabled(item: dict, given: dict) -> bool:
    ways = [
        {"valueCoding": way["answerCoding"]} in [_bare(answer) for answer in given.get(way["question"], ())]
        for way in item.get("enableWhen", ())
    ]
    assert len(ways) < 2 or item["enableBehavior"] == "any"
    return not ways or any(ways)


def _bare(answer: dict) -> dict:
    """Without its display text."""
    coding = answer.get("valueCoding")
    return {"valueCoding": {"system": coding["system"], "code": coding["code"]}} if coding else answer


def _wrong(item: dict, answered: dict, language: str) -> Iterator[str]:
    if answered["text"] != words(item, "text", language):
        yield "another text"
    if len(answered["answer"]) > 1 and not item["repeats"]:
        yield "several answers"
    kind = {"choice": "valueCoding", "boolean": "valueBoolean"}.get(item["type"], "valueString")
    for answer in answered["answer"]:
        if list(answer) != [kind]:
            yield "another type"
        elif kind == "valueString" and len(answer[kind]) > item.get("maxLength", 2000):
            yield "too long"
        elif kind == "valueCoding":
            yield from _not_among(item["answerOption"], answer[kind], len(answered["answer"]), language)


def _not_among(options: list[dict], coding: dict, count: int, language: str) -> Iterator[str]:
    for option in options:
        offered = option["valueCoding"]
        if (offered["system"], offered["code"]) == (coding["system"], coding["code"]):
            if coding["display"] != words(offered, "display", language):
                yield "another display"
            if is_exclusive(option) and count > 1:
                yield "not alone"
            return
    yield "not among the options"


def is_exclusive(option: dict) -> bool:
    return {"url": OPTION_EXCLUSIVE, "valueBoolean": True} in option.get("extension", ())


def walked(seed: int, who: str) -> Answers:
    """Return random answers to the whole questionnaire, deterministic for each seed."""
    draw, given = Random(seed), {}
    while step := flow.first_unanswered(QUESTIONNAIRE, given):
        given |= {question.key: _drawn(draw, question) for question in step.questions_for(given)}
        if step == QUESTIONNAIRE.steps[0]:
            given["who"] = who
    return given


def _drawn(draw: Random, question: Question) -> str | list[str]:
    values = [option.value for option in question.options]
    if question.takes_several:
        alone = [option.value for option in question.options if option.stands_alone]
        several = [value for value in values if value not in alone and draw.random() < 0.5]
        return several or [draw.choice(values)]
    if values:
        return draw.choice(values)
    texts = {
        "long_text": ("", "Since 2019\u00a0\n\n“worse”, 4\u20135 days\n🙂", "x" * 1000),
        "email": ("", "ana@example.com"),
        "phone": ("", "+526641234567"),
    }
    return draw.choice(texts.get(question.kind, ("Ana Pérez", "Ñ. O’Brien-García")))


def sent(given: Answers, language: str) -> Inquiry:
    begun = drafts.save_answers(None, given, wording_versions.consent_version(language))
    begun.started_at -= timedelta(minutes=1)
    begun.save()
    return services.submit(begun.pk, language)
