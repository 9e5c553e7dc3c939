"""The recipes of the README, walked on a copy of the tree: each works as written, and no other test needs an edit."""

import os
import re
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
                    _("Do stairs hurt you?"),
                    Option("yes", _("Yes")),
                    Option("no", _("No")),
                    criteria=("oa-activity-pain",),
                ),
            ),
            asked_when=HAS_OA,
        ),
"""
ROW = '    "oa-stairs": _row("oa", "oa-activity-pain", "yes no"),\n'
WORD, SPANISH = "Do stairs hurt you?", "¿Le duele subir escaleras?"
GUIDE = re.search(r"^```\n(---\n.+?)^```$", README, re.MULTILINE | re.DOTALL)[1]
IN_SPANISH = {
    "The first call": "La primera llamada",
    "What we talk about when you call us for the first time.": "De qué hablamos cuando nos llama por primera vez.",
    "What to expect, in short.": "Qué esperar, en breve.",
    "Before you call": "Antes de llamar",
    "Have your list of medicines at hand.": "Tenga a la mano su lista de medicinas.",
}
QUESTIONS = (
    "tests/questionnaire",
    "tests/desk/exports",
    "tests/desk/record/test_sheet.py",
    "tests/inquiries/test_views.py",
    "tests/test_show_questionnaire.py",
    "tests/test_checks.py",
)
TEXTS = ("tests/content", "tests/test_checks.py")

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
    """A command that the README names."""
    assert f"make manage ARGS={arguments}" in README or f'"{arguments}"' in README or f"`{arguments}`" in README
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
    assert WORD in make(tree, "show_questionnaire")
    check(tree, *QUESTIONS)


def test_a_guide_is_added(tree):
    spanish = GUIDE
    for text, translation in IN_SPANISH.items():
        assert text in spanish
        spanish = spanish.replace(text, translation)
    for language, text in (("en", GUIDE), ("es", spanish)):
        (tree / "content" / language / "guides" / "first-call.md").write_text(text, encoding="utf-8")
    make(tree, "check")
    check(tree, *TEXTS)


def test_the_wording_of_a_criterion_is_changed(tree):
    for language, new in (("en", "Your health is stable enough."), ("es", "Su salud es lo bastante estable.")):
        file = tree / CRITERIA.format(language)
        text = file.read_text(encoding="utf-8")
        sentence = re.search(r"^- .+(?=\n\{: #ra-stable \})", text, re.MULTILINE)[0]
        text = re.sub(
            r"^changed: .+$", "changed: 2026-12-01", text.replace(sentence, f"- {new.strip()}"), flags=re.MULTILINE
        )
        file.write_text(text, encoding="utf-8")
    make(tree, "check")
    check(tree, *TEXTS, *QUESTIONS)


def test_a_member_of_staff_is_added(tree):
    run(tree, "make", "manage", "ARGS=migrate --verbosity 0")  # as the first `make run` does
    link = make(tree, "add_staff ana --group Manager").split()[-1]
    assert link.startswith("http://127.0.0.1:8000/staff/enrol/")
