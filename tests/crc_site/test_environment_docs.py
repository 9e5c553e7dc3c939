"""docs/environment.md lists exactly the variables that the settings and gunicorn's configuration read."""

import ast
import re

from django.conf import settings

from tests.crc_site.test_settings_start import REQUIRED

ROW = re.compile(r"^\| `([A-Z_]+)` \| *([^|]*?) *\|", re.MULTILINE)


def names_read() -> set[str]:
    """Return the variable names read by env.…("NAME", …) in settings.py and gunicorn.conf.py."""
    names = set()
    for file in ("settings.py", "gunicorn.conf.py"):
        for node in ast.walk(ast.parse((settings.BASE_DIR / "crc_site" / file).read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("env."):
                names.add(node.args[0].value)
    return names


def rows() -> list[tuple[str, str]]:
    """Name and need of every row."""
    return ROW.findall((settings.BASE_DIR / "docs" / "environment.md").read_text())


def test_the_settings_name_what_they_read():
    assert {"SECRET_KEY", "EMAIL_URL", "CLINIC_NAME", "RETENTION_DAYS"} <= names_read()


def test_every_name_that_is_read_is_explained_once_and_nothing_else_is():
    assert sorted(name for name, _need in rows()) == sorted(names_read())


def test_what_is_needed_is_said_to_be_needed():
    assert {name for name, need in rows() if need == "yes"} == set(REQUIRED)
