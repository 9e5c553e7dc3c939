"""The questionnaire as an HL7 FHIR R4B Questionnaire, made from one version of the wording.

`fhir.resources` checks what is made. It is imported when it is first needed: it takes time and memory that most
processes never need.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override

from screening.questionnaire import wording_versions
from screening.questionnaire.wording_versions import Wording

Element = dict[str, Any]
Words = tuple[dict[str, Any], ...]  # one part of the wording in each language, the base language first

MEDIA_TYPE = "application/fhir+json"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
OPTION_EXCLUSIVE = "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive"
ITEM_CONTROL = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl"
ITEM_CONTROLS = "http://hl7.org/fhir/questionnaire-item-control"

_TYPES = {
    "single_choice": "choice",
    "multiple_choice": "choice",
    "checkbox": "boolean",
    "long_text": "text",
    "name": "string",
    "email": "string",
    "phone": "string",
}
_EXCLUSIVE = {"extension": [{"url": OPTION_EXCLUSIVE, "valueBoolean": True}]}


class NotFhir(Exception):
    """What was made is no valid resource; the message names places and kinds of error, never a value."""


def published() -> bytes:
    """The version in force, as JSON."""
    version, _content = wording_versions.current_wording()
    return _published(version)


@lru_cache(maxsize=2)
def _published(version: str) -> bytes:
    return as_json(questionnaire(version, wording_versions.current_wording()[1]))


def as_json(resource: Element, indent: int | None = None) -> bytes:
    """The resource as JSON, once the library has checked it. Raises NotFhir."""
    from fhir.resources.R4B import get_fhir_model_class
    from pydantic import ValidationError

    try:
        checked = get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except ValidationError as error:
        places = [f"{'.'.join(map(str, found['loc']))} {found['type']}" for found in error.errors(include_input=False)]
        raise NotFhir("; ".join(places)) from None
    return checked.model_dump_json(indent=indent).encode()


def uri(name: str) -> str:
    """The name of a system of codes, of identifiers or of an extension that are the clinic's own."""
    return f"{settings.SITE_URL}/fhir/{name}"


def canonical(version: str) -> str:
    return f"{_address()}|{version}"


def group_id(slug: str) -> str:
    """The linkId of a step's group: a step may have the name of its question, whose linkId is its key."""
    return f"step.{slug}"


def answer_to(question: Element, value: str | list[str]) -> list[Element]:
    """An answer in the words of one language's ``question``; a value of no option as it was stored."""
    if not value:
        return []
    if _type(question) == "boolean":
        return [{"valueBoolean": value == "yes"}]
    if not question["options"]:
        return [{"valueString": value}]
    chosen = value if isinstance(value, list) else [value]
    return [
        {"valueCoding": _coding(question["key"], one) | {"display": question["options"].get(one, one)}}
        for one in chosen
    ]


def questionnaire(version: str, content: Wording) -> Element:
    """The resource; of a version without structure the questions with their answers, and nothing required."""
    languages = sorted(content, key=lambda code: (code != settings.LANGUAGE_CODE, code))
    steps = zip(*(content[code]["steps"] for code in languages), strict=True)
    criteria = tuple(content[code]["criteria"] for code in languages)
    consents = tuple(content[code]["consent"] for code in languages)
    return {
        "resourceType": "Questionnaire",
        "language": languages[0],
        "url": _address(),
        "version": version,
        "name": "CandidacyQuestionnaire",
        **_said("title", languages, _in_each(languages, _title)),
        "status": "active" if version == wording_versions.current_wording()[0] else "retired",
        "subjectType": ["Patient"],
        "publisher": settings.CLINIC_NAME,
        **_said("description", languages, _in_each(languages, _description)),
        "item": [_group(languages, step, criteria, consents) for step in steps],
    }


def _address() -> str:
    return f"{settings.SITE_URL}{reverse('questionnaire-fhir')}"


def _title() -> str:
    return gettext("Am I a candidate?")


def _description() -> str:
    return gettext(
        "Answer some questions about your arthritis. A person at the clinic reads them and answers you. "
        "Not a diagnosis, price or booking."
    )


def _in_each(languages: list[str], say: Callable[[], str]) -> list[str]:
    said: list[str] = []
    for code in languages:
        with override(code):
            said.append(say())
    return said


def _said(element: str, languages: list[str], texts: Iterable[str]) -> Element:
    """A text in the base language, with its translations beside it."""
    base, *others = texts
    if not others:
        return {element: base}
    translations = [
        {
            "url": TRANSLATION,
            "extension": [{"url": "lang", "valueCode": code}, {"url": "content", "valueString": text}],
        }
        for code, text in zip(languages[1:], others, strict=True)
    ]
    return {element: base, f"_{element}": {"extension": translations}}


def _group(languages: list[str], step: Words, criteria: Words, consents: Words) -> Element:
    questions = zip(*(words["questions"] for words in step), strict=True)
    items = [_question(languages, question, criteria) for question in questions]
    if any(question["key"] == "consent" for question in step[0]["questions"]):
        items.insert(0, _display(languages, "consent.text", [words["text"] for words in consents]))
    return {
        "linkId": group_id(step[0]["slug"]),
        **_said("text", languages, [words.get("title") or words["section"] for words in step]),
        "type": "group",
        **_enabled(step[0]),
        "item": items,
    }


def _question(languages: list[str], question: Words, criteria: Words) -> Element:
    first = question[0]
    item = {
        "linkId": first["key"],
        "code": [_criterion(languages, id_, criteria) for id_ in first["criteria"]],
        **_said("text", languages, [words["label"] for words in question]),
        "type": _type(first),
        **_enabled(first),
        "required": not first.get("is_optional", True),
        "repeats": _repeats(first),
        "maxLength": None if first["options"] else first.get("most"),
        "answerOption": [] if _type(first) == "boolean" else _options(languages, question),
    }
    if first.get("hint"):
        item["item"] = [_hint(languages, question)]
    return {name: value for name, value in item.items() if value not in (None, [])}


def _type(question: Element) -> str:
    return _TYPES.get(question.get("kind", ""), "choice" if question["options"] else "text")


def _repeats(question: Element) -> bool:
    """A version without structure does not say which questions take several answers, so any may."""
    return question["kind"] == "multiple_choice" if "kind" in question else bool(question["options"])


def _options(languages: list[str], question: Words) -> list[Element]:
    first = question[0]
    return [
        {
            "valueCoding": _coding(first["key"], value)
            | _said("display", languages, [words["options"][value] for words in question]),
            **(_EXCLUSIVE if _repeats(first) and value in first.get("alone", ()) else {}),
        }
        for value in first.get("values") or list(first["options"])
    ]


def _coding(key: str, value: str) -> Element:
    """Each question has a system of its own, since a value may have another meaning in another question."""
    return {"system": uri(f"answers/{key}"), "code": value}


def _criterion(languages: list[str], id_: str, criteria: Words) -> Element:
    said = _said("display", languages, [texts.get(id_, id_) for texts in criteria])
    return {"system": uri("criteria"), "code": id_} | said


def _enabled(part: Element) -> Element:
    """When a step or a question is asked: with one of several answers to another question."""
    condition = part.get("asked_when")
    if not condition:
        return {}
    key = condition["key"]
    ways = [{"question": key, "operator": "=", "answerCoding": _coding(key, value)} for value in condition["values"]]
    return {"enableWhen": ways, **({"enableBehavior": "any"} if len(ways) > 1 else {})}


def _hint(languages: list[str], question: Words) -> Element:
    shown = _display(languages, f"{question[0]['key']}.hint", [words["hint"] for words in question])
    control = {"coding": [{"system": ITEM_CONTROLS, "code": "help"}]}
    return shown | {"extension": [{"url": ITEM_CONTROL, "valueCodeableConcept": control}]}


def _display(languages: list[str], link_id: str, texts: list[str]) -> Element:
    return {"linkId": link_id, **_said("text", languages, texts), "type": "display"}
