"""docs/security.md names the drills and tests of each promise: all exist, and no drill is missing."""

import re

from django.conf import settings

from tests.drills.catalog import SUBJECTS

DRILLS = {drill.__name__ for subject in SUBJECTS for drill in subject.DRILLS}


def rows() -> list[list[str]]:
    """Return promise, drills and tests of each table row."""
    text = (settings.BASE_DIR / "docs" / "security.md").read_text(encoding="utf-8")
    part = text.partition("## Each promise")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def named(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


def test_every_promise_has_a_drill_or_a_test():
    assert len(rows()) == 24
    assert [promise for promise, drills, tests in rows() if not named(drills) | named(tests)] == []


def test_the_drills_are_those_that_there_are():
    assert set().union(*(named(drills) for _promise, drills, _tests in rows())) == DRILLS


def test_the_tests_are_there():
    files = set().union(*(named(tests) for _promise, _drills, tests in rows()))
    assert [name for name in files if not (settings.BASE_DIR / "tests" / name).exists()] == []
