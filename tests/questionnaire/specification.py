"""Specification of the clinical questions. A new question is added to the tests here only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Specified:
    """``branch`` is ra or oa, or empty for a question that everybody is asked; ``values`` omit Not sure."""

    branch: str
    criteria: tuple[str, ...]
    values: tuple[str, ...]


def _row(branch: str, criteria: str, values: str) -> Specified:
    return Specified(branch, tuple(criteria.split()), tuple(values.split()))


# By slug (also the key), in the order asked. Slugs and values must never change.
CLINICAL = {
    "condition": _row("", "ra-diagnosis", "ra oa both another none"),
    "ra-symptoms": _row("ra", "ra-residual-symptoms", "yes no not-treated"),
    "ra-medicine-changed": _row("ra", "ra-optimized-therapy", "yes no no-medicine"),
    "ra-keep-medicine": _row("ra", "ra-keep-plan", "yes no no-medicine"),
    "ra-rheumatologist": _row("ra", "ra-follow-up", "often not-often no"),
    "ra-other-health": _row("ra", "ra-stable", "no yes tell-staff"),
    "oa-joints": _row("oa", "", "knee hip shoulder hand foot spine another"),
    "oa-severity": _row("oa", "oa-severity", "mild moderate severe not-told"),
    "oa-pain-with-use": _row("oa", "oa-activity-pain", "yes no always"),
    "oa-imaging": _row("oa", "oa-imaging", "yes no"),
    "oa-joint-shape": _row("oa", "oa-joint-stability", "bent gives-way none"),
    "oa-rehab": _row("oa", "oa-rehab", "yes already no"),
    "infection": _row("", "ra-infection oa-infection", "no treated untreated tell-staff"),
    "goals": _row("", "ra-goals oa-goals", "less-pain move-better protect avoid-surgery cure else"),
}

# The branches asked for each condition.
BRANCHES = {"ra": ("ra",), "oa": ("oa",), "both": ("ra", "oa"), "another": (), "none": (), "unsure": ()}


def steps_for(condition: str) -> list[str]:
    """Return the slugs of all steps for a condition."""
    slugs = [slug for slug, row in CLINICAL.items() if row.branch in ("", *BRANCHES[condition])]
    return ["consent", *slugs, "anything-else", "contact"]


def branch_steps(condition: str) -> list[str]:
    """Return only the slugs of the branch questions."""
    return [slug for slug in steps_for(condition) if slug in CLINICAL and CLINICAL[slug].branch]
