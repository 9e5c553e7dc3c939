"""References of inquiries, such as CRC-7K2M-4Q: short, and without 0, O, 1 and I, so easy to read aloud."""

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_TYPED = re.compile(r"^(?:CRC)?([2-9A-HJ-NP-Z]{4})([2-9A-HJ-NP-Z]{2})$")


def new_reference() -> str:
    """A random reference of about a thousand million; it may be taken already."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(6))
    return f"CRC-{letters[:4]}-{letters[4:]}"


def parse_reference(typed: str) -> str | None:
    """The reference in ``typed``, which may lack CRC, dashes and capitals; None if it is not a reference."""
    match = _TYPED.match(re.sub(r"[\s-]", "", typed).upper())
    return f"CRC-{match[1]}-{match[2]}" if match else None
