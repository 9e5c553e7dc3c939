"""Geometry of the charts, in a viewBox of WIDTH by HEIGHT units: figures to positions. No text, no colours.

The top of a chart is its largest figure, rounded up to a round number.
"""

from dataclasses import dataclass

WIDTH, HEIGHT = 320, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 12, 12, 24  # margins: axis figures, half a label, half a line, labels
_MARK = 5
_ROW, _BAR, _LABEL, _FIGURE = 34, 18, 140, 40  # of the horizontal bar chart


@dataclass(frozen=True)
class Line:
    """A horizontal grid line and its figure."""

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
    """Median to 90th percentile, and the promise, of one week; None if nothing was answered.

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
    """Vertical bars, from left to right."""
    most = rounded_up(max(figures, default=0))
    step = (WIDTH - _LEFT - _RIGHT) / max(len(figures), 1)
    bars = []
    for number, figure in enumerate(figures):
        x, y = _LEFT + number * step, _y(figure, most)
        bars.append(Bar(round(x + step * 0.15, 1), y, round(step * 0.7, 1), round(_floor() - y, 1), _middle(x, step)))
    return Columns(bars, _lines(most))


def spans(figures: list[tuple[float, float, float] | None]) -> Spans:
    """Spans from (median, 90th percentile, promise), from left to right."""
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
    """Horizontal bars, from top to bottom; ``middle`` is the y of the label."""
    most = max([*figures, 1])
    longest = WIDTH - _LABEL - _FIGURE
    return [
        Bar(
            _LABEL, number * _ROW + (_ROW - _BAR) / 2, round(longest * figure / most, 1), _BAR, number * _ROW + _ROW / 2
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
