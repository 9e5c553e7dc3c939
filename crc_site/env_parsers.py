"""What a value of the environment may look like: each function returns it in its final form or raises ValueError."""

import ipaddress
import re
import zoneinfo
from typing import Any
from urllib.parse import urlsplit

import environ
import phonenumbers
from cryptography.fernet import Fernet
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from pyrage import RecipientError
from pyrage.x25519 import Recipient

HOST = re.compile(r"[\w.-]+|\[[\da-f:]+\]|\*", re.IGNORECASE | re.ASCII)
ADDRESS = re.compile(r"https?://([\w.-]+|\[[\da-f:]+\])(:\d{1,5})?/?", re.IGNORECASE | re.ASCII)
FERNET_KEY = re.compile(r"[\w-]{43}=", re.ASCII)


def _comma_separated(raw: str) -> list[str]:
    """What stands between the commas; never nothing."""
    parts = [part.strip() for part in raw.split(",") if part.strip()]
    if not parts:
        raise ValueError
    return parts


def long_secret(raw: str) -> str:
    if len(raw) < 50 or len(set(raw)) < 5:
        raise ValueError
    return raw


def long_secrets(raw: str) -> list[str]:
    return [long_secret(part) for part in _comma_separated(raw)]


def fernet_keys(raw: str) -> list[str]:
    """Comma-separated Fernet keys, newest first: the first seals, all open."""
    keys = _comma_separated(raw)
    # Looked at first: the decoder skips characters it does not know, and would take two keys in a line for one.
    if not all(FERNET_KEY.fullmatch(key) for key in keys):
        raise ValueError
    for key in keys:
        Fernet(key)
    return keys


def age_recipients(raw: str) -> list[str]:
    """Comma-separated public keys as `age-keygen` prints them: age1…"""
    recipients = _comma_separated(raw)
    try:
        for recipient in recipients:
            Recipient.from_str(recipient)
    except RecipientError:
        raise ValueError from None
    return recipients


def is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def site_url(raw: str) -> str:
    """A scheme and a host, without path; http only for loopback."""
    if not ADDRESS.fullmatch(raw):
        raise ValueError
    parts = urlsplit(raw)
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError
    _ = parts.port  # raises ValueError for a port that cannot be
    return f"{parts.scheme}://{parts.netloc}"


def hosts(raw: str) -> list[str]:
    names = _comma_separated(raw)
    if not all(HOST.fullmatch(name) for name in names):
        raise ValueError
    return names


# A proxy on the same machine, which is believed when no other is named.
LOOPBACK = ["127.0.0.1/32", "::1/128"]


def networks(raw: str) -> list[str]:
    return [str(ipaddress.ip_network(part)) for part in _comma_separated(raw)]


def email_address(raw: str) -> str:
    try:
        EmailValidator()(raw)
    except ValidationError:
        raise ValueError from None
    return raw


def phone(raw: str) -> str:
    """A telephone number as people write it; without a country code it counts as one of the United States."""
    try:
        number = phonenumbers.parse(raw, "US")
    except phonenumbers.NumberParseException:
        raise ValueError from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError
    return raw


def email_addresses(raw: str) -> list[str]:
    return [email_address(part) for part in _comma_separated(raw)]


def database(raw: str) -> dict[str, Any]:
    """Django's description of a SQLite or PostgreSQL database."""
    if urlsplit(raw).scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError  # before the library sees it, which would print the address with its password
    config: dict[str, Any] = environ.Env.db_url_config(raw)
    if config["NAME"] in {"", ":memory:"}:
        raise ValueError
    return config


def mail(raw: str) -> dict[str, Any]:
    """Django's EMAIL_* settings: a real SMTP server, or files in a folder."""
    address = urlsplit(raw)
    if address.scheme == "smtps" or (
        address.scheme == "smtp" and address.password and not is_loopback(address.hostname)
    ):
        raise ValueError  # smtps is ambiguous here; a password must not cross the network in clear
    config: dict[str, Any] = environ.Env.email_url_config(raw)
    to_server = config["EMAIL_BACKEND"].endswith(".smtp.EmailBackend") and config["EMAIL_HOST"]
    to_files = (
        config["EMAIL_BACKEND"].endswith(".filebased.EmailBackend") and config["EMAIL_FILE_PATH"] and not address.netloc
    )
    if not to_server and not to_files:
        raise ValueError
    return config


def time_zone(raw: str) -> str:
    zoneinfo.ZoneInfo(raw)
    return raw
