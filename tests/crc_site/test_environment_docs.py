"""docs/environment.md lists what the settings read, no more and no less."""

import ast
import re

from django.conf import settings


def names_read() -> set[str]:
    """The first argument of every environment.…("NAME", …) in the settings."""
    tree = ast.parse((settings.BASE_DIR / "crc_site" / "settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return {call.args[0].value for call in calls if getattr(call.func.value, "id", "") == "environment"}


def names_listed() -> list[str]:
    return re.findall(r"^\| `([A-Z_]+)` \|", (settings.BASE_DIR / "docs" / "environment.md").read_text(), re.MULTILINE)


def test_the_settings_name_what_they_read():
    assert {"SECRET_KEY", "EMAIL_URL", "CLINIC_NAME", "RETENTION_DAYS"} <= names_read()


def test_every_name_that_the_settings_read_is_explained():
    assert names_read() - set(names_listed()) == set()


def test_nothing_is_explained_that_nobody_reads():
    assert set(names_listed()) - names_read() - {"WEB_CONCURRENCY"} == set()


def test_a_name_is_explained_once():
    assert len(names_listed()) == len(set(names_listed()))
