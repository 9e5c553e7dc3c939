"""The drills in short, all on one site; only what is counted, since how long things take depends on the machine."""

import pytest

from tests.drills.ground import ground
from tests.drills.register import SUBJECTS
from tests.drills.size import SHORT
from tests.report import Result, table

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def place():
    with ground() as made:
        yield made


@pytest.mark.parametrize(
    "drill", [drill for subject in SUBJECTS for drill in subject.DRILLS], ids=lambda it: it.__name__
)
def test_a_promise_holds_when_it_is_drilled_in_short(place, drill):
    counted = [result for result in drill(place, SHORT) if not result.is_timed]
    assert counted
    assert [result for result in counted if not result.is_met] == []


def test_the_table_says_what_is_not_met():
    rows = table([Result("Kept", "0 lost", "0 lost", is_met=True), Result("Sent", "all", "2 of 3", is_met=False)])
    assert [line.split()[-1] for line in rows.splitlines()] == ["figure", "met", "MET"]
    assert "NOT MET" in rows.splitlines()[2]
