"""Charts draw all figures inside the drawing and in proportion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.desk.overview import charts


@pytest.mark.parametrize(
    ("figure", "top"), [(0, 1), (0.4, 1), (1, 1), (3, 4), (4.1, 6), (7, 8), (8.5, 10), (11, 20), (99, 100), (101, 200)]
)
def test_the_top_is_a_number_that_people_count_in(figure, top):
    assert charts.rounded_up(figure) == top


@pytest.mark.slow
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=24))
def test_bars_stand_inside_the_drawing_and_in_proportion(figures):
    drawn = charts.columns(figures)
    for bar in drawn.bars:
        assert 0 <= bar.x < bar.x + bar.width <= charts.WIDTH
        assert 0 <= bar.y <= bar.y + bar.height <= charts.HEIGHT
    order = sorted(range(len(figures)), key=figures.__getitem__)
    heights = [drawn.bars[number].height for number in order]
    assert heights == sorted(heights)
    assert all(bar.height == 0 for bar, figure in zip(drawn.bars, figures, strict=True) if not figure)


@pytest.mark.slow
@given(st.lists(st.none() | st.tuples(*[st.floats(0, 400)] * 3), min_size=1, max_size=24))
def test_spans_stand_inside_the_drawing_and_weeks_without_an_answer_are_empty(figures):
    for three, span in zip(figures, charts.spans(figures).spans, strict=True):
        places = (span.median, span.ninetieth, span.promise)
        assert all(place is None for place in places) if three is None else all(0 <= y <= charts.HEIGHT for y in places)
        assert 0 <= span.left < span.x < span.right <= charts.WIDTH


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=8))
def test_lying_bars_leave_room_for_their_figure(figures):
    for bar, figure in zip(charts.rows(figures), figures, strict=True):
        assert bar.end <= charts.WIDTH - 40
        assert (bar.width == 0) == (figure == 0)
        assert bar.y + bar.height <= charts.height_of_rows(len(figures))


def test_a_drawing_of_nothing_is_a_drawing():
    assert charts.columns([0] * 12).lines[-1].figure == 1
    assert charts.spans([None] * 12).lines[0].figure == 0
