"""The clinic's texts make no forbidden claim; a claim is allowed only if the same sentence denies it."""

import re

import pytest

from tests.content import copies_of_texts
from tests.content.readability import sentences_of

# Claims that the site never makes. Many are allowed after a "not": "not a cure", "not FDA-approved".
CLAIMS = re.compile(
    r"""\b(
      cur(?:e|es|ed|ing|ative) | guarante\w* | breakthrough\w* | miracle\w* | revolutionary
    | (?:clinically[ -])?prove[nsd]? | proof
    | (?:FDA|COFEPRIS)[ -](?:approved|cleared|certified|endorsed)(?!\ one\b) | approved\ by\ the\ FDA
    | HIPAA | (?:free\ of|without|no|zero)\ risks? | risk[- ]free | safe\ and\ effective
    | (?:perfectly|completely|totally|100\ ?%)\ safe
    | permanent\w* | reverses? | regrows? | success\ rate | promise[sd]?
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
# Not allowed even when denied.
NEVER = re.compile(
    r"\b(testimonials?|before[ -]and[ -]after|discounts?|special offer|limited time|act now|last chance|hurry|"
    r"only \d+ (spots|places) left|don['’]t miss|book today|money[ -]back)\b",
    re.IGNORECASE,
)
DENIAL = re.compile(r"\b(no|not|never|none|nobody|cannot|without|neither|nor|\w+n['’]t)\b", re.IGNORECASE)
CLAIMS_IN_SPANISH = re.compile(
    r"""\b(
      cura(?:n|rá|rán|mos|r|tiv[oa]s?)? | garanti\w+ | milagr\w+ | revolucionari[oa]s?
    | (?:está|están|ha|han|fue|sido)\ (?:clínicamente\ )?(?:comprobad[oa]s?|demostrad[oa]s?|probad[oa]s?)
    | (?:aprobad[oa]s?|autorizad[oa]s?|avalad[oa]s?)\ por\ la\ (?:FDA|COFEPRIS)
    | HIPAA | (?:sin|cero)\ (?:ningún\ )?riesgos? | (?:totalmente|completamente|100\ ?%)\ segur[oa]s?
    | permanentes? | revierte\w* | regenera\ el | tasa\ de\ éxito | promete\w* | testimonios? | descuentos?
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
DENIAL_IN_SPANISH = re.compile(r"\b(no|ni|nunca|ningun[oa]?|ningún|nadie|sin|tampoco|nada)\b", re.IGNORECASE)
NEAR = 8  # words between the denial and the claim


def is_denied(sentence: str, claim: re.Match, denial: re.Pattern = DENIAL) -> bool:
    """Return whether a denial precedes the claim closely, in the same clause."""
    clause = re.split(r"[;:—]|\bbut\b(?! not)|\bpero\b(?! no)", sentence[: claim.start()])[-1]
    return bool(denial.search(" ".join(clause.split()[-NEAR:])))


def claims_in(sentence: str) -> list[str]:
    promised = [claim[0] for claim in CLAIMS.finditer(sentence) if not is_denied(sentence, claim)]
    return promised + [found[0] for found in NEVER.finditer(sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Our treatment cures arthritis.",
        "A cure for osteoarthritis is here.",
        "We guarantee results.",
        "Guaranteed relief.",
        "This breakthrough helps you.",
        "Proven relief for your knees.",
        "There is proof that it works.",
        "Our exosomes are FDA-approved.",
        "It is approved by the FDA.",
        "This site is HIPAA compliant.",
        "The injection is risk-free.",
        "You get better with no risk.",
        "It is completely safe.",
        "Read our testimonials.",
        "There is no discount, so hurry.",
        "Do not wait: it is a cure.",
        "It is not surgery, but a proven cure.",
        "Not everyone knows this, and many ask their doctor about it for years, but it is proven.",
    ],
)
def test_a_promise_is_found(sentence):
    assert claims_in(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "This treatment is not proven for arthritis.",
        "It is not FDA-approved.",
        "Your goals are realistic: more comfort, better function, and protected joints, but not a cure.",
        "A license to operate is not proof that a treatment works.",
        "No exosome product is FDA-approved.",
        "No injection is free of risk.",
        "Meeting every point is not a promise that treatment will help.",
        "In December 2024 the FDA approved one, only for children.",
        "Some of our patients report that they feel better.",
        "We cannot guarantee a result.",
    ],
)
def test_an_honest_sentence_passes(sentence):
    assert claims_in(sentence) == []


@pytest.mark.parametrize(
    "document",
    copies_of_texts.shipped().texts_in("en").all_documents(),
    ids=lambda document: f"{document.file.parent.name}/{document.slug}",
)
def test_no_text_promises_what_nobody_can(document):
    written = [*strings(document.meta), *sentences_of(document.html)]
    assert {sentence: claims_in(sentence) for sentence in written if claims_in(sentence)} == {}


def claims_in_spanish(sentence: str) -> list[str]:
    found = CLAIMS_IN_SPANISH.finditer(sentence)
    return [claim[0] for claim in found if not is_denied(sentence, claim, DENIAL_IN_SPANISH)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Nuestro tratamiento cura la artritis.",
        "Le garantizamos resultados.",
        "Está comprobado que funciona.",
        "Es un producto aprobado por la FDA.",
        "La inyección es sin riesgo.",
        "No es cirugía, pero está demostrado que ayuda.",
        "Lea los testimonios.",
    ],
)
def test_a_promise_in_spanish_is_found(sentence):
    assert claims_in_spanish(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "No se ha demostrado que funcione para la artritis.",
        "Ningún producto de exosomas está aprobado por la FDA.",
        "Sus metas son realistas, y no una cura.",
        "Nadie puede garantizar un resultado.",
    ],
)
def test_an_honest_sentence_in_spanish_passes(sentence):
    assert claims_in_spanish(sentence) == []


@pytest.mark.parametrize(
    "document",
    copies_of_texts.shipped().texts_in("es").all_documents(),
    ids=lambda document: f"{document.file.parent.name}/{document.slug}",
)
def test_no_spanish_text_promises_what_nobody_can(document):
    written = [*strings(document.meta), *sentences_of(document.html)]
    assert {sentence: claims_in_spanish(sentence) for sentence in written if claims_in_spanish(sentence)} == {}


def strings(meta) -> list[str]:
    """Return every string of the front matter, at any depth."""
    if isinstance(meta, str):
        return [meta]
    if isinstance(meta, dict):
        meta = list(meta.values())
    return [text for entry in meta for text in strings(entry)] if isinstance(meta, list) else []
