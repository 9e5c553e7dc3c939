"""What a value of the environment may look like: each function returns it in its final form or raises ValueError."""

import ipaddress
import re
import zoneinfo
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

HOST = re.compile(r"[\w.-]+|\[[\da-f:]+\]|\*", re.IGNORECASE)


def _parts(raw: str) -> list[str]:
    """What stands between the commas; never nothing."""
    parts = [part.strip() for part in raw.split(",") if part.strip()]
    if not parts:
        raise ValueError
    return parts


def long_secret(raw: str) -> str:
    if len(raw) < 50 or len(set(raw)) < 5:
        raise ValueError
    return raw


def fernet_keys(raw: str) -> list[str]:
    """Comma-separated Fernet keys, newest first: the first seals, all open."""
    keys = _parts(raw)
    for key in keys:
        Fernet(key)
    return keys


def is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def site_url(raw: str) -> str:
    """A scheme and a host, without path; http only for loopback."""
    parts = urlsplit(raw)
    more = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc or " " in raw
    if parts.scheme not in {"http", "https"} or not parts.hostname or more:
        raise ValueError
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError
    _ = parts.port  # raises ValueError for a port that is no number
    return f"{parts.scheme}://{parts.netloc}"


def hosts(raw: str) -> list[str]:
    names = _parts(raw)
    if not all(HOST.fullmatch(name) for name in names):
        raise ValueError
    return names


def networks(raw: str) -> list[str]:
    return [str(ipaddress.ip_network(part)) for part in _parts(raw)]


def email_address(raw: str) -> str:
    try:
        EmailValidator()(raw)
    except ValidationError:
        raise ValueError from None
    return raw


def email_addresses(raw: str) -> list[str]:
    return [email_address(part) for part in _parts(raw)]


def database(raw: str) -> dict:
    """Django's description of a SQLite or PostgreSQL database."""
    if urlsplit(raw).scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError  # before the library sees it, which would print the address with its password
    config = environ.Env.db_url_config(raw)
    if config["NAME"] in {"", ":memory:"}:
        raise ValueError
    return config


def mail(raw: str) -> dict:
    """Django's EMAIL_* settings: a real SMTP server, or files in a folder."""
    config = environ.Env.email_url_config(raw)
    to_server = config["EMAIL_BACKEND"].endswith(".smtp.EmailBackend") and config["EMAIL_HOST"]
    to_files = config["EMAIL_BACKEND"].endswith(".filebased.EmailBackend") and config["EMAIL_FILE_PATH"]
    if not to_server and not to_files:
        raise ValueError
    return config


def time_zone(raw: str) -> str:
    zoneinfo.ZoneInfo(raw)
    return raw
