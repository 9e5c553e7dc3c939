"""The drills in short, on one site; results that depend on the machine's speed are not asserted."""

import pytest

from tests import on_postgresql
from tests.drills.catalog import BEHIND_NGINX, ON_POSTGRESQL_ALONE, SUBJECTS
from tests.drills.environment import ground
from tests.drills.size import SHORT
from tests.report import Result, table

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def place():
    """Web processes get a minute to finish their requests: on a busy machine the usual seconds may not be enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUNICORN_CMD_ARGS", "--graceful-timeout=60")
        with ground() as made:
            yield made


@pytest.fixture(scope="module")
def place_on_postgresql():
    """On a server of its own, as `make test` may have none."""
    programs = on_postgresql.binaries()
    if programs is None:
        pytest.skip("for want of PostgreSQL's programs (Debian: postgresql)")
    with on_postgresql.throwaway_server(programs) as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", address)
        with ground() as made:
            yield made


def drills(subjects: list) -> list:
    return [
        pytest.param(drill, id=drill.__name__, marks=[pytest.mark.nginx] if subject in BEHIND_NGINX else [])
        for subject in subjects
        for drill in subject.DRILLS
    ]


@pytest.mark.parametrize("drill", drills([one for one in SUBJECTS if one not in ON_POSTGRESQL_ALONE]))
def test_a_promise_holds_when_it_is_drilled_in_short(place, drill):
    holds(place, drill)


@pytest.mark.parametrize("drill", drills(ON_POSTGRESQL_ALONE))
def test_a_promise_of_several_machines_holds_when_it_is_drilled_in_short(place_on_postgresql, drill):
    holds(place_on_postgresql, drill)


def holds(place, drill) -> None:
    counted = [result for result in drill(place, SHORT) if not result.is_timed]
    assert counted
    assert [result for result in counted if not result.is_met] == []


def test_the_table_says_what_is_not_met():
    rows = table([Result("Kept", "0 lost", "0 lost", is_met=True), Result("Sent", "all", "2 of 3", is_met=False)])
    assert [line.split()[-1] for line in rows.splitlines()] == ["figure", "met", "MET"]
    assert "NOT MET" in rows.splitlines()[2]
