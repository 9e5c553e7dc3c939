"""What a value of the environment may look like: each function returns it in its final form or raises ValueError."""

import ipaddress
import zoneinfo
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.validators import EmailValidator
from django.core.exceptions import ValidationError


def long_secret(raw: str) -> str:
    if len(raw) < 50 or len(set(raw)) < 5:
        raise ValueError
    return raw


def fernet_keys(raw: str) -> list[str]:
    """Comma-separated Fernet keys, newest first: the first seals, all open."""
    keys = [key.strip() for key in raw.split(",") if key.strip()]
    for key in keys:
        Fernet(key)
    if not keys:
        raise ValueError
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
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError
    _ = parts.port  # raises ValueError for a port that is no number
    return f"{parts.scheme}://{parts.netloc}"


def networks(raw: str) -> list[str]:
    return [str(ipaddress.ip_network(part.strip())) for part in raw.split(",") if part.strip()]


def email_address(raw: str) -> str:
    try:
        EmailValidator()(raw)
    except ValidationError:
        raise ValueError from None
    return raw


def email_addresses(raw: str) -> list[str]:
    return [email_address(part.strip()) for part in raw.split(",") if part.strip()]


def database(raw: str) -> dict:
    """Django's description of a SQLite or PostgreSQL database."""
    config = environ.Env.db_url_config(raw)
    if config["ENGINE"] not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"} or not config["NAME"]:
        raise ValueError
    return config


def mail(raw: str) -> dict:
    """Django's EMAIL_* settings: a real SMTP server, or files in a folder."""
    config = environ.Env.email_url_config(raw)
    if not config["EMAIL_BACKEND"].endswith((".smtp.EmailBackend", ".filebased.EmailBackend")):
        raise ValueError
    return config


def time_zone(raw: str) -> str:
    zoneinfo.ZoneInfo(raw)
    return raw
