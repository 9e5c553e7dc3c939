"""The mails that a site has sent, each parsed once: a test that waits for one looks at all of them many times."""

import os
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path

_SEPARATOR = b"\n" + b"-" * 79 + b"\n"  # of Django's file backend, between the mails of one connection


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str
    message: EmailMessage


@cache
def parsed(content: bytes) -> Mail:
    """``text``: of the plain part; empty while the mail is being written."""
    message = message_from_bytes(content, policy=policy.default)
    body = message.get_body(("plain",))
    return Mail(str(message["To"]), str(message["Subject"]), body.get_content() if body else "", message)


def mails_in(folder: Path) -> list[Mail]:
    """Return all mails that Django's file backend has written, oldest first."""
    if not folder.exists():
        return []
    files = sorted(os.scandir(folder), key=lambda file: file.name)
    return [mail for file in files for mail in _mails_of(file.path, file.stat().st_size)]


@cache
def _mails_of(file: str, size: int) -> list[Mail]:
    """Read a file anew only if its size has changed."""
    return [parsed(content) for content in Path(file).read_bytes().split(_SEPARATOR) if content]
