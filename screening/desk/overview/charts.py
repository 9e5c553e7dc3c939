"""Figures become the places of bars and dots on a drawing of WIDTH by HEIGHT units. Pure: no words, no colours.

A drawing has the largest figure at its top, rounded up to a number that people count in.
"""

from dataclasses import dataclass

WIDTH, HEIGHT = 320, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 12, 12, 24  # for figures, for half a word, for half a line, for words
_MARK = 5
_ROW, _BAR, _WORDS, _FIGURE = 34, 18, 140, 40  # of the drawing with one bar a line


@dataclass(frozen=True)
class Line:
    """A level of the drawing, with its figure."""

    y: float
    figure: int


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    middle: float

    @property
    def end(self) -> float:
        return round(self.x + self.width, 1)


@dataclass(frozen=True)
class Columns:
    bars: list[Bar]
    lines: list[Line]


@dataclass(frozen=True)
class Span:
    """From the median up to the 90th percentile, and the promise of the same time; None where nothing was answered.

    ``left`` and ``right`` are the ends of the promise's line, ``mark`` those of the percentile's.
    """

    x: float
    left: float
    right: float
    mark: tuple[float, float]
    median: float | None
    ninetieth: float | None
    promise: float | None


@dataclass(frozen=True)
class Spans:
    spans: list[Span]
    lines: list[Line]


def columns(figures: list[int]) -> Columns:
    """One upright bar for each figure, from left to right."""
    most = rounded_up(max(figures, default=0))
    step = (WIDTH - _LEFT - _RIGHT) / max(len(figures), 1)
    bars = []
    for number, figure in enumerate(figures):
        x, y = _LEFT + number * step, _y(figure, most)
        bars.append(Bar(round(x + step * 0.15, 1), y, round(step * 0.7, 1), round(_floor() - y, 1), _middle(x, step)))
    return Columns(bars, _lines(most))


def spans(figures: list[tuple[float, float, float] | None]) -> Spans:
    """Median, 90th percentile and promise of each time, from left to right."""
    most = rounded_up(max((max(three) for three in figures if three), default=0))
    step = (WIDTH - _LEFT - _RIGHT) / max(len(figures), 1)
    made = []
    for number, three in enumerate(figures):
        x = _LEFT + number * step
        places = [_y(figure, most) for figure in three] if three else [None, None, None]
        middle = _middle(x, step)
        made.append(Span(middle, round(x + 1, 1), round(x + step - 1, 1), (middle - _MARK, middle + _MARK), *places))
    return Spans(made, _lines(most))


def rows(figures: list[int]) -> list[Bar]:
    """One lying bar for each figure, from top to bottom, beside its word; ``middle`` is where the words stand."""
    most = max([*figures, 1])
    longest = WIDTH - _WORDS - _FIGURE
    return [
        Bar(
            _WORDS, number * _ROW + (_ROW - _BAR) / 2, round(longest * figure / most, 1), _BAR, number * _ROW + _ROW / 2
        )
        for number, figure in enumerate(figures)
    ]


def height_of_rows(count: int) -> int:
    return count * _ROW


def rounded_up(figure: float) -> int:
    """The next of 1, 2, 4, 6, 8, 10, 20, 40, …"""
    power = 1
    while figure > 8 * power:
        power *= 10
        if figure <= power:
            return power
    return next(step * power for step in (1, 2, 4, 6, 8) if figure <= step * power)


def _lines(most: int) -> list[Line]:
    figures = [0, most // 2, most] if most % 2 == 0 else [0, most]
    return [Line(_y(figure, most), figure) for figure in figures]


def _middle(x: float, step: float) -> float:
    return round(x + step / 2, 1)


def _floor() -> float:
    return HEIGHT - _BOTTOM


def _y(figure: float, most: float) -> float:
    return round(_floor() - (_floor() - _TOP) * figure / most, 1)
