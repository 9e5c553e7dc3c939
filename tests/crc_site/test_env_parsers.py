import base64

import pytest

from crc_site import env_parsers

KEY, OLDER_KEY = (base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"k", b"o"))


@pytest.mark.parametrize(
    ("check", "raw", "final"),
    [
        (env_parsers.site_url, "https://clinic.example", "https://clinic.example"),
        (env_parsers.site_url, "https://clinic.example/", "https://clinic.example"),
        (env_parsers.site_url, "HTTPS://clinic.example:8443", "https://clinic.example:8443"),
        (env_parsers.site_url, "http://localhost:8000", "http://localhost:8000"),
        (env_parsers.site_url, "http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        (env_parsers.site_url, "http://[::1]:8000", "http://[::1]:8000"),
        (env_parsers.fernet_keys, f"{KEY}, {OLDER_KEY},", [KEY, OLDER_KEY]),
        (env_parsers.long_secrets, f"{KEY * 2}, {OLDER_KEY * 2}", [KEY * 2, OLDER_KEY * 2]),
        (env_parsers.hosts, "clinic.example, .clinic.example,[::1]", ["clinic.example", ".clinic.example", "[::1]"]),
        (env_parsers.networks, "10.0.0.0/8, 192.0.2.1", ["10.0.0.0/8", "192.0.2.1/32"]),
        (env_parsers.email_addresses, "a@b.example, c@d.example", ["a@b.example", "c@d.example"]),
        (env_parsers.time_zone, "America/Tijuana", "America/Tijuana"),
        (env_parsers.host_and_port, "nginx:443", ("nginx", 443)),
        (env_parsers.host_and_port, "[::1]:8443", ("::1", 8443)),
    ],
)
def test_a_sound_value_is_read_in_its_final_form(check, raw, final):
    assert check(raw) == final


@pytest.mark.parametrize(
    ("check", "raw"),
    [
        (env_parsers.long_secret, "short"),
        (env_parsers.long_secret, "a" * 60),
        (env_parsers.long_secrets, f"{KEY * 2}, short"),
        (env_parsers.fernet_keys, "not-a-key"),
        (env_parsers.fernet_keys, f"{KEY},not-a-key"),
        (env_parsers.fernet_keys, ","),
        (env_parsers.site_url, "clinic.example"),
        (env_parsers.site_url, "ftp://clinic.example"),
        (env_parsers.site_url, "http://clinic.example"),
        (env_parsers.site_url, "http://192.0.2.1"),
        (env_parsers.site_url, "http://localhost.clinic.example"),
        (env_parsers.site_url, "https://clinic.example/path"),
        (env_parsers.site_url, "https://clinic.example?x=1"),
        (env_parsers.site_url, "https://clinic.example#part"),
        (env_parsers.site_url, "https://user:password@clinic.example"),
        (env_parsers.site_url, "https://clinic example"),
        (env_parsers.site_url, "https://clinic.example:port"),
        (env_parsers.site_url, "https://[::1"),
        (env_parsers.hosts, ","),
        (env_parsers.hosts, "https://clinic.example"),
        (env_parsers.hosts, "clinic.example:443"),
        (env_parsers.hosts, "clinic.example other.example"),
        (env_parsers.networks, "proxy.internal"),
        (env_parsers.networks, "10.0.0.1/8"),
        (env_parsers.email_address, "nobody"),
        (env_parsers.email_addresses, "a@b.example, nobody"),
        (env_parsers.email_addresses, ","),
        (env_parsers.database, "garbage"),
        (env_parsers.database, "mysql://user:password@host/name"),
        (env_parsers.database, "postgres://host/"),
        (env_parsers.database, "postgres://host:port/name"),
        (env_parsers.database, "sqlite:///"),
        (env_parsers.mail, "garbage"),
        (env_parsers.mail, "http://host"),
        (env_parsers.mail, "consolemail://"),
        (env_parsers.mail, "smtp://"),
        (env_parsers.mail, "smtp://host:port"),
        (env_parsers.mail, "filemail://"),
        (env_parsers.time_zone, "Tijuana"),
        (env_parsers.host_and_port, "nginx"),
        (env_parsers.host_and_port, ":443"),
        (env_parsers.host_and_port, "nginx:https"),
        (env_parsers.host_and_port, "nginx:70000"),
        (env_parsers.host_and_port, "https://nginx:443"),
        (env_parsers.host_and_port, "nginx:443/path"),
        (env_parsers.host_and_port, "user@nginx:443"),
        (env_parsers.time_zone, "America"),
        (env_parsers.time_zone, "../etc/passwd"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_an_unsound_value_is_refused_in_silence(check, raw):
    with pytest.raises((ValueError, LookupError, env_parsers.environ.ImproperlyConfigured)):
        check(raw)


@pytest.mark.parametrize(
    ("url", "engine", "name"),
    [("sqlite:///var/db.sqlite3", "sqlite3", "var/db.sqlite3"), ("postgres://u:p@host/clinic", "postgresql", "clinic")],
)
def test_a_database_is_sqlite_or_postgresql(url, engine, name):
    found = env_parsers.database(url)
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
    assert expected.items() <= env_parsers.mail(url).items()
