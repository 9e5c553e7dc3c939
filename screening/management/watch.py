"""Tells somebody when a line of the status needs a person, once, and when it is well again.

It works beside worker and database, either of which may be what is wrong: it remembers in a file, and mails by itself.
"""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext

from screening.management.status_report import StatusLine

COMMAND_LIMIT = 60  # seconds


@dataclass(frozen=True)
class Change:
    """Lines that need a person since the last message, and those that no longer do."""

    wrong: list[StatusLine]
    well: list[StatusLine]


def change_since(known: Sequence[str], lines: Sequence[StatusLine]) -> Change:
    """Compare with the ``known`` subjects that need a person."""
    wrong = [line for line in lines if line.needs_attention and line.subject not in known]
    now = {line.subject: line for line in lines}
    # A line that is missing, as most are without a database, is not known to be well.
    return Change(wrong, [now[subject] for subject in known if subject in now and not now[subject].needs_attention])


def still_known(known: Sequence[str], change: Change) -> list[str]:
    """The subjects that need a person after ``change`` was told."""
    well = {line.subject for line in change.well}
    return sorted({*known, *(line.subject for line in change.wrong)} - well)


def read_known(path: Path) -> list[str]:
    """The subjects told of before; none in a file that is missing or damaged."""
    try:
        return [str(subject) for subject in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError):
        return []


def write_known(path: Path, known: list[str]) -> None:
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(json.dumps(known), encoding="utf-8")
    partial.replace(path)


def tell(change: Change) -> None:
    """By WATCH_COMMAND, which reads the message, or by mail to STAFF_NOTIFY_TO. Raises what either raises."""
    subject, text = _message(change)
    if settings.WATCH_COMMAND:
        message = f"{subject}\n\n{text}"
        subprocess.run(settings.WATCH_COMMAND, input=message, text=True, check=True, timeout=COMMAND_LIMIT)  # noqa: S603
    else:
        EmailMessage(subject, text, to=settings.STAFF_NOTIFY_TO).send()


def _message(change: Change) -> tuple[str, str]:
    """Subject and text: a sentence for staff in every language, and the lines for the technician."""
    subjects, sentences = [], []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            if change.wrong:
                subjects.append(gettext("The website needs your technician"))
                sentences.append(gettext("Something needs attention. Please pass this mail to your technician."))
            else:
                subjects.append(gettext("The website is well again"))
                sentences.append(gettext("What needed attention is well again."))
    lines = [f"! {line.subject}: {line.text}" for line in change.wrong]
    lines += [f"  {line.subject}: {line.text}" for line in change.well]
    return " / ".join(subjects), "\n".join([*sentences, "", settings.SITE_URL, *lines, "", "docs/runbook.md", ""])
