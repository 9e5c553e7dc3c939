"""Validate and convert environment values: each function returns the final value or raises ValueError."""

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
    """The parts between commas. Raises ValueError if there are none."""
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
    """Comma-separated Fernet keys, newest first: the first encrypts, all decrypt."""
    keys = _comma_separated(raw)
    # Checked first: the decoder skips unknown characters, and would read two keys without a comma as one.
    if not all(FERNET_KEY.fullmatch(key) for key in keys):
        raise ValueError
    for key in keys:
        Fernet(key)
    return keys


def age_recipients(raw: str) -> list[str]:
    """Comma-separated age public keys (age1…)."""
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
    """Scheme and host without a path; http only for a loopback host."""
    if not ADDRESS.fullmatch(raw):
        raise ValueError
    parts = urlsplit(raw)
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError
    _ = parts.port  # raises ValueError for an invalid port
    return f"{parts.scheme}://{parts.netloc}"


def hosts(raw: str) -> list[str]:
    names = _comma_separated(raw)
    if not all(HOST.fullmatch(name) for name in names):
        raise ValueError
    return names


def host_and_port(raw: str) -> tuple[str, int]:
    """A host name or IP address, and a port; an IPv6 address stands in brackets."""
    parts = urlsplit(f"//{raw}")
    if not parts.hostname or not parts.port or parts.netloc != raw or parts.username is not None:
        raise ValueError
    return parts.hostname, parts.port


# A proxy on the same machine: the default of TRUSTED_PROXIES.
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
    """A phone number as it is written; without a country code it is a US number."""
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
    """The DATABASES entry of a SQLite or PostgreSQL URL."""
    if urlsplit(raw).scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError  # rejected here: the library's error would print the URL with its password
    config: dict[str, Any] = environ.Env.db_url_config(raw)
    if config["NAME"] in {"", ":memory:"}:
        raise ValueError
    return config


def mail(raw: str) -> dict[str, Any]:
    """Django's EMAIL_* settings for an SMTP server or for files in a folder."""
    address = urlsplit(raw)
    if address.scheme == "smtps" or (
        address.scheme == "smtp" and address.password and not is_loopback(address.hostname)
    ):
        raise ValueError  # smtps is ambiguous here; a password must not be sent unencrypted
    config: dict[str, Any] = environ.Env.email_url_config(raw)
    to_server = config["EMAIL_BACKEND"].endswith(".smtp.EmailBackend") and config["EMAIL_HOST"]
    to_files = (
        config["EMAIL_BACKEND"].endswith(".filebased.EmailBackend") and config["EMAIL_FILE_PATH"] and not address.netloc
    )
    if not to_server and not to_files:
        raise ValueError
    return config


def time_zone(raw: str) -> str:
    try:
        zoneinfo.ZoneInfo(raw)
    except OSError as error:  # a folder, such as "America", where zones come from the package tzdata
        raise ValueError from error
    return raw
