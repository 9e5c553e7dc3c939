"""Read the environment strictly: a missing or malformed value stops the start with a sentence that names it."""

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import environ

_REQUIRED = object()


class ImproperEnvironment(SystemExit):
    """Ends the process with one sentence on standard error and exit code 1; never prints the value itself."""


def text(name: str, default: Any = _REQUIRED, *, lines: bool = False) -> Any:
    """The value of NAME, or the contents of the file that NAME_FILE names. An empty value counts as unset.

    Only with ``lines`` may a value have several lines; other control characters would break headers and logs.
    """
    file_name = os.environ.get(f"{name}_FILE", "")
    if file_name:
        try:
            value = Path(file_name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise ImproperEnvironment(f"{name}_FILE names a file that cannot be read as text.") from None
    else:
        value = os.environ.get(name, "").strip()
    if any(unicodedata.category(char) == "Cc" and not (lines and char == "\n") for char in value):
        raise ImproperEnvironment(f"{name} must be {'text' if lines else 'one line'} without control characters.")
    if value:
        return value
    if default is _REQUIRED:
        raise ImproperEnvironment(
            f"{name} is missing: set it, or {name}_FILE, in the environment (see docs/environment.md)."
        )
    return default


def read(name: str, convert: Callable[[str], Any], expected: str, default: Any = _REQUIRED) -> Any:
    """The value of NAME through ``convert``; ``expected`` completes the sentence 'NAME must be …' when that fails."""
    raw = text(name, default)
    if not isinstance(raw, str):
        return raw
    try:
        return convert(raw)
    except (ValueError, KeyError, LookupError, environ.ImproperlyConfigured):
        raise ImproperEnvironment(f"{name} must be {expected} (see docs/environment.md).") from None


def flag(name: str, default: Any = _REQUIRED) -> Any:
    words = {"1": True, "on": True, "true": True, "yes": True, "0": False, "off": False, "false": False, "no": False}
    return read(name, lambda raw: words[raw.lower()], "on or off", default)


def whole_number(name: str, default: Any = _REQUIRED, *, minimum: int = 1, maximum: int = 36_500) -> Any:
    """An integer from ``minimum`` to ``maximum``; the default is not checked."""

    def convert(raw: str) -> int:
        number = int(raw)
        if not minimum <= number <= maximum:
            raise ValueError
        return number

    return read(name, convert, f"a whole number from {minimum} to {maximum}", default)
