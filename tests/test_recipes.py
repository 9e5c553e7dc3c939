"""The recipes of the README, walked on a copy of the tree: each works as written, and no other test needs an edit."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.environment import VALUES

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
STEPS, SPECIFICATION = "screening/questionnaire/steps.py", "tests/questionnaire/specification.py"
CATALOGUE = "crc_site/locale/es/LC_MESSAGES/django.po"
CRITERIA = "content/{}/guides/who-might-be-a-candidate.md"

# A question of the branch for osteoarthritis, before the one about rehabilitation.
STEP = """\
        Step(
            "oa-stairs",
            OA,
            (
                single_choice(
                    "oa-stairs",
                    _("Canary question: do stairs hurt?"),
                    Option("yes", _("Yes")),
                    Option("no", _("No")),
                    criteria=("oa-activity-pain",),
                ),
            ),
            asked_when=HAS_OA,
        ),
"""
ROW = '    "oa-stairs": _row("oa", "oa-activity-pain", "yes no"),\n'
WORD, SPANISH = "Canary question: do stairs hurt?", "Pregunta canario: ¿le duele subir escaleras?"
GUIDE = """\
---
title: {title}
description: "{title}."
changed: 2026-11-22
shelf: decide
order: 11
related: [who-might-be-a-candidate]
---

{title}.

## {title} {{: #before }}

{title}.
"""

pytestmark = pytest.mark.recipe


@pytest.fixture
def tree(tmp_path) -> Path:
    """The working tree without what Git ignores; the virtual environment is shared."""
    ignored = shutil.ignore_patterns(".git", ".venv", "var", ".static", ".*_cache", ".hypothesis", "__pycache__")
    shutil.copytree(ROOT, tmp_path / "site", ignore=ignored)
    (tmp_path / "site" / ".venv").symlink_to(ROOT / ".venv")
    return tmp_path / "site"


def insert(file: Path, new: str, *, before: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{before} in {file}"
    file.write_text(text.replace(before, new + before), encoding="utf-8")


def translate(tree: Path, text: str, translation: str) -> None:
    """Fill in the empty msgstr of a message."""
    file = tree / CATALOGUE
    catalogue = file.read_text(encoding="utf-8")
    empty = f'msgid "{text}"\nmsgstr ""\n'
    assert empty in catalogue
    file.write_text(catalogue.replace(empty, f'msgid "{text}"\nmsgstr "{translation}"\n'), encoding="utf-8")


def run(tree: Path, *command: str) -> str:
    inherited = {name: value for name, value in os.environ.items() if name not in (*VALUES, "DATABASE_URL")}
    environment = {name: value for name, value in inherited.items() if not name.startswith(("PYTEST", "MAKE"))}
    done = subprocess.run(
        command, cwd=tree, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert done.returncode == 0, done.stdout[-6000:]
    return done.stdout


def make(tree: Path, arguments: str) -> str:
    """A command of the README."""
    command = f"make manage ARGS={arguments}" if " " not in arguments else f'make manage ARGS="{arguments}"'
    assert command in README
    return run(tree, "make", "manage", f"ARGS={arguments}")


def check(tree: Path, *tests: str) -> None:
    """The tests of the areas that a recipe touches, as `make fast` runs them."""
    run(tree, ".venv/bin/pybabel", "--quiet", "compile", "--directory", "crc_site/locale", "--domain", "django")
    which = "not browser and not text_browser and not server and not nginx and not recipe"
    os.environ.setdefault("EXAMPLES_DIVISOR", "10")
    run(tree, ".venv/bin/python", "-m", "pytest", "-n", "2", "-m", which, *tests)


def test_a_question_is_added(tree):
    insert(tree / STEPS, STEP, before='        Step(\n            "oa-rehab",\n')
    make(tree, "messages")
    translate(tree, WORD, SPANISH)
    insert(tree / SPECIFICATION, ROW, before='    "oa-rehab": _row(')
    check(tree, *os.environ.get("RECIPE_TESTS", "tests").split())
