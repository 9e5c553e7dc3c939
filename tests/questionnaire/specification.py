"""The specification of the clinical questions: the one place that a new question is added to in the tests."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Specified:
    """``branch`` is ra or oa, empty for a question that everybody is asked; ``values`` leave out Not sure."""

    branch: str
    criteria: tuple[str, ...]
    values: tuple[str, ...]


def _row(branch: str, criteria: str, values: str) -> Specified:
    return Specified(branch, tuple(criteria.split()), tuple(values.split()))


# By slug, which is the key too, in the order in which they are asked. Slugs and values are for ever.
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

# Which branches a condition opens.
BRANCHES = {"ra": ("ra",), "oa": ("oa",), "both": ("ra", "oa"), "another": (), "none": (), "unsure": ()}


def steps_for(condition: str) -> list[str]:
    """The slugs of the whole path for an answer to the first clinical question."""
    asked = [slug for slug, row in CLINICAL.items() if row.branch in ("", *BRANCHES[condition])]
    return ["consent", *asked, "anything-else", "contact"]


def branch_steps(condition: str) -> list[str]:
    """Those of them that not everybody is asked."""
    return [slug for slug in steps_for(condition) if slug in CLINICAL and CLINICAL[slug].branch]
