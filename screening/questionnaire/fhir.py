"""Builds the HL7 FHIR R4B Questionnaire of a wording version.

`fhir.resources` validates it. It is imported lazily, because it is slow and large and most processes never use it.
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
Words = tuple[dict[str, Any], ...]  # the same part of the wording in each language, the base language first

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
    """The resource is not valid; the message has locations and types of the errors, never a value."""


def published() -> bytes:
    """The Questionnaire of the current wording version, as JSON."""
    version, _content = wording_versions.current_wording()
    return _published(version)


@lru_cache(maxsize=2)
def _published(version: str) -> bytes:
    return as_json(questionnaire(version, wording_versions.current_wording()[1]))


def as_json(resource: Element, indent: int | None = None) -> bytes:
    """Validate the resource and return it as JSON; raises NotFhir."""
    from fhir.resources.R4B import get_fhir_model_class
    from pydantic import ValidationError

    try:
        checked = get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except ValidationError as error:
        places = [f"{'.'.join(map(str, found['loc']))} {found['type']}" for found in error.errors(include_input=False)]
        raise NotFhir("; ".join(places)) from None
    return checked.model_dump_json(indent=indent).encode()


def uri(name: str) -> str:
    """The URI of one of the clinic's own code systems, identifier systems or extensions."""
    return f"{settings.SITE_URL}/fhir/{name}"


def canonical(version: str) -> str:
    return f"{_address()}|{version}"


def group_id(slug: str) -> str:
    """The linkId of a step's group; prefixed, because a step's slug may equal a question's key, also a linkId."""
    return f"step.{slug}"


def answer_to(question: Element, value: str | list[str]) -> list[Element]:
    """A stored answer as FHIR, with labels from one language's ``question``; an unknown value is its own label."""
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
    """The resource. For versions without structure (see `wording_versions`) no question is required."""
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
        **_translated("title", languages, _in_each_language(languages, _title)),
        "status": "active" if version == wording_versions.current_wording()[0] else "retired",
        "subjectType": ["Patient"],
        "publisher": settings.CLINIC_NAME,
        **_translated("description", languages, _in_each_language(languages, _description)),
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


def _in_each_language(languages: list[str], make_text: Callable[[], str]) -> list[str]:
    texts: list[str] = []
    for code in languages:
        with override(code):
            texts.append(make_text())
    return texts


def _translated(element: str, languages: list[str], texts: Iterable[str]) -> Element:
    """An element with a text in the base language, and its translations as extensions."""
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
        **_translated("text", languages, [words.get("title") or words["section"] for words in step]),
        "type": "group",
        **_enable_when(step[0]),
        "item": items,
    }


def _question(languages: list[str], question: Words, criteria: Words) -> Element:
    first = question[0]
    item = {
        "linkId": first["key"],
        "code": [_criterion(languages, id_, criteria) for id_ in first["criteria"]],
        **_translated("text", languages, [words["label"] for words in question]),
        "type": _type(first),
        **_enable_when(first),
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
    """For versions without structure every question with options may repeat."""
    return question["kind"] == "multiple_choice" if "kind" in question else bool(question["options"])


def _options(languages: list[str], question: Words) -> list[Element]:
    first = question[0]
    return [
        {
            "valueCoding": _coding(first["key"], value)
            | _translated("display", languages, [words["options"][value] for words in question]),
            **(_EXCLUSIVE if _repeats(first) and value in first.get("alone", ()) else {}),
        }
        for value in first.get("values") or list(first["options"])
    ]


def _coding(key: str, value: str) -> Element:
    """A code in the question's own code system, since values have different meanings in different questions."""
    return {"system": uri(f"answers/{key}"), "code": value}


def _criterion(languages: list[str], id_: str, criteria: Words) -> Element:
    display = _translated("display", languages, [texts.get(id_, id_) for texts in criteria])
    return {"system": uri("criteria"), "code": id_} | display


def _enable_when(part: Element) -> Element:
    """The condition of a step or a question: one of several answers to another question."""
    condition = part.get("asked_when")
    if not condition:
        return {}
    key = condition["key"]
    values = condition["values"]
    conditions = [{"question": key, "operator": "=", "answerCoding": _coding(key, value)} for value in values]
    return {"enableWhen": conditions, **({"enableBehavior": "any"} if len(conditions) > 1 else {})}


def _hint(languages: list[str], question: Words) -> Element:
    display = _display(languages, f"{question[0]['key']}.hint", [words["hint"] for words in question])
    control = {"coding": [{"system": ITEM_CONTROLS, "code": "help"}]}
    return display | {"extension": [{"url": ITEM_CONTROL, "valueCodeableConcept": control}]}


def _display(languages: list[str], link_id: str, texts: list[str]) -> Element:
    return {"linkId": link_id, **_translated("text", languages, texts), "type": "display"}
