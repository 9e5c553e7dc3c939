"""The style guide: one page with every element and state of the site, in DEBUG only."""

import re
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from content import opening_hours
from content.documents import Page, Profile
from content.library import library

TOKENS = Path("static/css/tokens.css")
SCHEMES = {"light": "", "dark": "prefers-color-scheme: dark"}

# Colour tokens of text, and of the background behind it.
PAIRS = [
    ("ink", "ground"),
    ("ink", "card"),
    ("ink", "ra-tint"),
    ("ink", "teal-tint"),
    ("muted", "ground"),
    ("muted", "card"),
    ("teal", "ground"),
    ("teal", "card"),
    ("teal", "teal-tint"),
    ("on-teal", "teal"),
    ("ra-ink", "card"),
    ("ra-ink", "ra-tint"),
    ("oa-ink", "card"),
    ("oa-ink", "oa-tint"),
    ("warn", "ground"),
    ("warn", "warn-tint"),
    ("on-meaning", "meaning"),
]

# Made up, to show what a clinic may add.
CLINIC = {
    "phone": "+52 664 555 0100",
    "whatsapp": "+52 664 555 0101",
    "email": "hello@clinic.example",
    "address": "Calle Ejemplo 1\n22000 Tijuana",
    "map": "https://maps.example/clinic",
}
HOURS = ["Mo-Fr 09:00-17:00", "Sa 09:00-13:00"]
TEAM = {
    "with-a-portrait": {"title": "Dr. Ana Example", "role": "Rheumatologist", "license": "0000000, Example"},
    "without": {"title": "Luis Ejemplo", "role": "Nurse"},
}

SAMPLE = """
Running text keeps a measure of about 66 characters. It has **weight**, *stress*, [a link](/guides/) and a word
that explains itself: {terms}. A note follows.[^note]

## A heading {{: #style-heading }}

A paragraph below its heading.

### A smaller heading {{: #style-smaller }}

- An item
- An item with more to say, long enough that it runs on to a second line on a phone and perhaps on a wide screen too

| | Rheumatoid arthritis (RA) | Osteoarthritis (OA) |
|---|---|---|
| A row | What stands in the first column | What stands in the second |
| Another | First | Second |

> A quotation.

!!! note "Something to remember"
    A short text.

!!! clinic "What the clinic states"
    - A statement of the clinic’s own.

!!! known "Known"
    - What studies show.

!!! unknown "Not known"
    - What nobody knows.

!!! fact ""
    One sentence to rest on.

!!! steps ""
    1. **First.** One thing.
    2. **Then.** Another.

[^note]: [A source](https://doi.org/), with its date.
"""


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    texts = library().texts_in()
    context = {
        "sample": sample(),
        "drawings": [_page("drawing", f"![{name}](drawing:{name})") for name in texts.drawings],
        "reach_us": CLINIC | {"hours": opening_hours.in_words(HOURS)},
        "team": [_profile(slug, meta) for slug, meta in TEAM.items()],
        "pictured": texts.public(),
        "schemes": {name: contrasts(tokens(query)) for name, query in SCHEMES.items()},
    }
    return render(request, "content/style.html", context)


def sample() -> Page:
    terms = list(library().texts_in().pages["home"].terms.values())[:2]
    return _page("sample", SAMPLE.format(terms=", ".join(f"[{term.name}](/glossary/#{term.id})" for term in terms)))


def _page(slug: str, source: str) -> Page:
    home = library().texts_in().pages["home"]
    return Page(home.file, home.language, slug, {"title": slug}, source, terms=home.terms)


def _profile(slug: str, meta: dict) -> Profile:
    home = library().texts_in().pages["home"]
    return Profile(home.file, home.language, slug, meta, "Made up. What this person does, in a sentence.")


def tokens(query: str = "") -> dict[str, str]:
    """The colours of tokens.css by name, with the rules of the media query ``query`` applied."""
    plain, *blocks = (settings.BASE_DIR / TOKENS).read_text(encoding="utf-8").split("@media")
    css = plain + "".join(block for block in blocks if query and query in block)
    return {
        name: value if len(value) == 7 else f"#{value[1] * 2}{value[2] * 2}{value[3] * 2}"
        for name, value in re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", css)
    }


def contrasts(colours: dict[str, str]) -> list[dict]:
    return [
        {"text": text, "ground": ground, "fill": colours[ground], "ink": colours[text], "ratio": ratio}
        for text, ground in PAIRS
        for ratio in [contrast(colours[text], colours[ground])]
    ]


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
