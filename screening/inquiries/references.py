"""References such as CRC-7K2M-4Q: short enough to read aloud, without 0 and O, 1 and I."""

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_TYPED = re.compile(r"^(?:CRC)?([2-9A-HJ-NP-Z]{4})([2-9A-HJ-NP-Z]{2})$")


def new_reference() -> str:
    """A random reference; about a thousand million are possible, so now and then one is taken already."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(6))
    return f"CRC-{letters[:4]}-{letters[4:]}"


def parse_reference(typed: str) -> str | None:
    """The reference somebody typed, with or without CRC, dashes and capitals; None when it cannot be one."""
    match = _TYPED.match(re.sub(r"[\s-]", "", typed).upper())
    return f"CRC-{match[1]}-{match[2]}" if match else None
