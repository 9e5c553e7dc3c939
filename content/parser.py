"""Parse one Markdown file into a document, or report what its author must fix."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frontmatter
import yaml

from content import placeholders
from content.documents import Document, Problem
from content.rendering import Term

CHANGED_IS_A_DATE = "write changed as a date such as 2026-11-22."


def read_document(
    kind: type[Document],
    file: Path,
    root: Path,
    language: str,
    terms: dict[str, Term],
    report: Callable[[Problem], None],
) -> Document | None:
    """Parse ``file``; if it has a mistake, call ``report`` and return None."""
    try:
        raw = file.read_text(encoding="utf-8")
        meta, body = frontmatter.parse(raw)
    except UnicodeDecodeError as error:
        report(Problem(file, error.object[: error.start].count(b"\n") + 1, "save this file as UTF-8."))
        return None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        report(Problem(file, (mark.line if mark else 0) + 1, "the lines between --- and --- are not valid YAML."))
        return None
    except ValueError:  # an impossible date
        report(Problem(file, 1, CHANGED_IS_A_DATE))
        return None
    mistake = _front_matter_problem(meta, kind.needs)
    if mistake:
        report(Problem(file, 1, mistake))
        return None
    before = raw.partition(body)[0] if body else raw
    slug = file.relative_to(root).with_suffix("").as_posix()
    values = placeholders.site_values()
    filled = {
        name: placeholders.fill(value, values) if isinstance(value, str) else value for name, value in meta.items()
    }
    return kind(file, language, slug, filled, body, before.count("\n") + 1, terms)


def _front_matter_problem(meta: dict[str, Any], needs: tuple[str, ...]) -> str:
    """The first mistake in the front matter, or an empty string."""
    missing = [name for name in needs if not meta.get(name)]
    if missing:
        return f"add {', '.join(missing)} between the --- lines at the top."
    folded = [name for name in ("title", "subject", "description") if "\n" in str(meta.get(name, "")).strip()]
    if folded or not all(isinstance(meta.get(name, ""), str) for name in ("title", "subject", "description")):
        return "write title, subject and description as one line of text each."
    if "changed" in needs and not isinstance(meta["changed"], datetime.date):
        return CHANGED_IS_A_DATE
    if not isinstance(meta.get("order", 0), int):
        return "write order as a whole number."
    return ""
