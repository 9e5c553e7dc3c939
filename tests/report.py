"""A table of results."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """A measured figure and its target. Tests do not assert ``is_timed`` results, which depend on the machine."""

    promise: str
    target: str
    figure: str
    is_met: bool
    is_timed: bool = False


HEADINGS = Result("promise", "target", "figure", is_met=True)


def table(results: Iterable[Result]) -> str:
    rows = [HEADINGS, *results]
    wide = [max(len(getattr(row, name)) for row in rows) for name in ("promise", "target", "figure")]
    return "\n".join(_line(row, wide) for row in rows)


def _line(row: Result, wide: list[int]) -> str:
    verdict = "" if row is HEADINGS else "met" if row.is_met else "NOT MET"
    cells = zip((row.promise, row.target, row.figure), wide, strict=True)
    return "  ".join([*(cell.ljust(width) for cell, width in cells), verdict]).rstrip()
