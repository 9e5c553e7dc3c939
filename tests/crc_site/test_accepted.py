import base64

import pytest

from crc_site import accepted

KEY, OLDER_KEY = (base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"k", b"o"))


@pytest.mark.parametrize(
    ("check", "raw", "final"),
    [
        (accepted.site_url, "https://clinic.example", "https://clinic.example"),
        (accepted.site_url, "https://clinic.example/", "https://clinic.example"),
        (accepted.site_url, "HTTPS://clinic.example:8443", "https://clinic.example:8443"),
        (accepted.site_url, "http://localhost:8000", "http://localhost:8000"),
        (accepted.site_url, "http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        (accepted.site_url, "http://[::1]:8000", "http://[::1]:8000"),
        (accepted.fernet_keys, f"{KEY}, {OLDER_KEY},", [KEY, OLDER_KEY]),
        (accepted.long_secrets, f"{KEY * 2}, {OLDER_KEY * 2}", [KEY * 2, OLDER_KEY * 2]),
        (accepted.hosts, "clinic.example, .clinic.example,[::1]", ["clinic.example", ".clinic.example", "[::1]"]),
        (accepted.networks, "10.0.0.0/8, 192.0.2.1", ["10.0.0.0/8", "192.0.2.1/32"]),
        (accepted.email_addresses, "a@b.example, c@d.example", ["a@b.example", "c@d.example"]),
        (accepted.time_zone, "America/Tijuana", "America/Tijuana"),
    ],
)
def test_a_sound_value_is_read_in_its_final_form(check, raw, final):
    assert check(raw) == final


@pytest.mark.parametrize(
    ("check", "raw"),
    [
        (accepted.long_secret, "short"),
        (accepted.long_secret, "a" * 60),
        (accepted.long_secrets, f"{KEY * 2}, short"),
        (accepted.fernet_keys, "not-a-key"),
        (accepted.fernet_keys, f"{KEY},not-a-key"),
        (accepted.fernet_keys, ","),
        (accepted.site_url, "clinic.example"),
        (accepted.site_url, "ftp://clinic.example"),
        (accepted.site_url, "http://clinic.example"),
        (accepted.site_url, "http://192.0.2.1"),
        (accepted.site_url, "http://localhost.clinic.example"),
        (accepted.site_url, "https://clinic.example/path"),
        (accepted.site_url, "https://clinic.example?x=1"),
        (accepted.site_url, "https://clinic.example#part"),
        (accepted.site_url, "https://user:password@clinic.example"),
        (accepted.site_url, "https://clinic example"),
        (accepted.site_url, "https://clinic.example:port"),
        (accepted.site_url, "https://[::1"),
        (accepted.hosts, ","),
        (accepted.hosts, "https://clinic.example"),
        (accepted.hosts, "clinic.example:443"),
        (accepted.hosts, "clinic.example other.example"),
        (accepted.networks, "proxy.internal"),
        (accepted.networks, "10.0.0.1/8"),
        (accepted.email_address, "nobody"),
        (accepted.email_addresses, "a@b.example, nobody"),
        (accepted.email_addresses, ","),
        (accepted.database, "garbage"),
        (accepted.database, "mysql://user:password@host/name"),
        (accepted.database, "postgres://host/"),
        (accepted.database, "postgres://host:port/name"),
        (accepted.database, "sqlite:///"),
        (accepted.mail, "garbage"),
        (accepted.mail, "http://host"),
        (accepted.mail, "consolemail://"),
        (accepted.mail, "smtp://"),
        (accepted.mail, "smtp://host:port"),
        (accepted.mail, "filemail://"),
        (accepted.time_zone, "Tijuana"),
        (accepted.time_zone, "America"),
        (accepted.time_zone, "../etc/passwd"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_an_unsound_value_is_refused_in_silence(check, raw):
    with pytest.raises((ValueError, LookupError, accepted.environ.ImproperlyConfigured)):
        check(raw)


@pytest.mark.parametrize(
    ("url", "engine", "name"),
    [("sqlite:///var/db.sqlite3", "sqlite3", "var/db.sqlite3"), ("postgres://u:p@host/clinic", "postgresql", "clinic")],
)
def test_a_database_is_sqlite_or_postgresql(url, engine, name):
    found = accepted.database(url)
    assert (found["ENGINE"], found["NAME"]) == (f"django.db.backends.{engine}", name)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", {"EMAIL_HOST": "mail.example"}),
        ("smtp+tls://u:p@mail.example:587", {"EMAIL_PORT": 587, "EMAIL_USE_TLS": True, "EMAIL_HOST_PASSWORD": "p"}),
        ("smtp+ssl://mail.example:465", {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True}),
        ("filemail:////tmp/mail", {"EMAIL_FILE_PATH": "/tmp/mail"}),
    ],
)
def test_mail_goes_to_a_server_or_to_files(url, expected):
    assert expected.items() <= accepted.mail(url).items()
