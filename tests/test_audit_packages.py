import pytest

from tests.audit_packages import NOT_ASKED, verdict

UNKNOWN = (
    "webauthn  Dependency not found on PyPI and could not be audited: webauthn (3.0.1)\nNo known vulnerabilities found"
)
OFFLINE = "ERROR:pip_audit._cli:Connection error: HTTPSConnectionPool(host='pypi.org'): Max retries exceeded with url"


@pytest.mark.parametrize(("code", "output"), [(0, UNKNOWN), (1, OFFLINE)])
def test_who_cannot_ask_does_not_say_that_all_is_well(code, output):
    found, text = verdict(code, output)
    assert found == NOT_ASKED
    assert "not asked" in text


@pytest.mark.parametrize(
    ("code", "output"), [(0, "No known vulnerabilities found"), (1, "Found 1 known vulnerability")]
)
def test_an_answer_is_passed_on(code, output):
    assert verdict(code, output) == (code, output)
