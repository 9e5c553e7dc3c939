"""A process with one invalid setting exits at once, with one sentence that names the variable."""

import pytest

from tests.crc_site.start_process import python, settings_of

pytestmark = pytest.mark.server

REQUIRED = ["SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "SITE_URL", "ALLOWED_HOSTS", "STAFF_NOTIFY_TO"]

MALFORMED = [
    ("DEBUG", "yess"),
    ("SECRET_KEY", "too-short-to-be-secret"),
    ("INDEX_KEY", "too-short-to-be-secret"),
    ("FIELD_KEYS", "no-key-at-all"),
    ("SITE_URL", "http://clinic.example"),
    ("SITE_URL", "clinic.example"),
    ("SITE_URL", "https://clinic.example/site"),
    ("ALLOWED_HOSTS", ","),
    ("ALLOWED_HOSTS", "https://clinic.example"),
    ("DATABASE_URL", "mysql://clinic:opensesame@db.example/clinic"),
    ("DATABASE_URL", "postgrs://clinic:opensesame@db.example/clinic"),
    ("EMAIL_URL", "smtpp://clinic:opensesame@mail.example"),
    ("EMAIL_URL", "smtp://"),
    ("STAFF_NOTIFY_TO", "staff"),
    ("STAFF_NOTIFY_TO", ","),
    ("STAFF_REQUIRE_OTP", "maybe"),
    ("TRUSTED_PROXIES", "proxy.internal"),
    ("TIME_ZONE", "Atlantis"),
    ("CLINIC_EMAIL", "reception"),
    ("PRIVACY_EMAIL", "privacy"),
    ("REPLY_WITHIN_DAYS", "soon"),
    ("REPLY_WITHIN_DAYS", "0"),
    ("RETENTION_DAYS", "99999"),
    ("BACKUP_KEY", "too-short-to-be-secret"),
    ("BACKUP_RECIPIENTS", "age1nobody-has-such-a-key"),
    ("BACKUP_RECIPIENTS", "AGE-SECRET-KEY-1QQQQQQQQQQ"),
    ("BACKUP_KEEP", "0"),
    ("SECRET_KEY_FALLBACKS", "too-short-to-be-secret"),
    ("SECRET_KEY_FILE", "/nowhere/secret-key"),
    ("FIELD_KEYS", " ".join(["A" * 43 + "="] * 2)),
    ("FIELD_KEYS", "\n".join(["A" * 43 + "="] * 2)),
    ("CLINIC_NAME", "two\nlines of a name"),
    ("CLINIC_PHONE", "call us anytime"),
    ("CLINIC_WHATSAPP", "whatsapp"),
    ("CLINIC_MAP_URL", "http://maps.example/insecure"),
    ("CLINIC_MAP_URL", "javascript:alert(1)"),
    ("CLINIC_HOURS", "weekdays, nine to five"),
    ("CLINIC_HOURS", "Mo-Fr 09:00-25:00"),
    ("SITE_URL", "https://*"),
    ("SITE_URL", "https://clinic.example\\evil"),
    ("SITE_URL", 'https://"><script>'),
    ("SITE_URL", "https://one.example,two.example"),
    ("EMAIL_URL", "smtps://mail.example"),
    ("EMAIL_URL", "smtp://clinic:opensesame@mail.example"),
    ("EMAIL_URL", "filemail://relative/folder"),
]


def assert_refused(done, name: str) -> None:
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{name} ")
    assert line.endswith(".")


@pytest.mark.parametrize("name", REQUIRED)
def test_without_a_required_value_nothing_starts(name):
    assert_refused(python("-c", "import crc_site.settings", **{name: None}), name)


def test_a_folder_for_backups_needs_recipients(tmp_path):
    assert_refused(python("-c", "import crc_site.settings", BACKUP_DIR=str(tmp_path)), "BACKUP_RECIPIENTS")


@pytest.mark.parametrize(("name", "value"), MALFORMED)
def test_with_a_malformed_value_nothing_starts_and_the_value_is_not_shown(name, value):
    done = python("-c", "import crc_site.settings", **{name: value})
    assert_refused(done, name)
    assert len(value) < 8 or value not in done.stderr
    assert "opensesame" not in done.stderr


@pytest.mark.parametrize(("name", "value"), [("SECRET_KEY", None), ("DEBUG", "yess")])
def test_every_command_says_so_without_a_traceback(name, value):
    assert_refused(python("manage.py", "check", **{name: value}), name)


def test_a_server_says_so_too():
    assert_refused(python("-c", "import crc_site.wsgi", DATABASE_URL="mysql://x:opensesame@h/n"), "DATABASE_URL")


def test_a_broken_text_keeps_the_server_from_starting(tmp_path):
    program = (
        "import sys; from pathlib import Path; from crc_site import settings;"
        "settings.CONTENT_DIR = Path(sys.argv[1]); import crc_site.wsgi"
    )
    guide = tmp_path / "en" / "guides" / "one.md"
    guide.parent.mkdir(parents=True)
    guide.write_text("No front matter.")
    done = python("-c", program, str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("The site does not start:\n")
    assert f"{guide}, line 1: add title" in done.stderr
    assert "Traceback" not in done.stderr


def test_https_hardens_cookies_and_sends_everyone_to_https():
    found = settings_of(
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "DRAFT_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "CSRF_TRUSTED_ORIGINS",
        SITE_URL="https://clinic.example",
    )
    assert found == {
        "SESSION_COOKIE_NAME": "__Host-staff",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "DRAFT_COOKIE_NAME": "__Host-draft",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "CSRF_TRUSTED_ORIGINS": ["https://clinic.example"],
    }


def test_http_on_this_machine_works_without_them():
    found = settings_of(
        "SESSION_COOKIE_NAME",
        "DRAFT_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
    )
    assert found == {
        "SESSION_COOKIE_NAME": "staff",
        "DRAFT_COOKIE_NAME": "draft",
        "SESSION_COOKIE_SECURE": False,
        "SECURE_SSL_REDIRECT": False,
        "SECURE_HSTS_SECONDS": 0,
    }


@pytest.mark.parametrize(("debug", "required"), [("on", False), ("off", True)])
def test_staff_need_a_code_unless_the_site_is_only_looked_at(debug, required):
    assert settings_of("STAFF_REQUIRE_OTP", DEBUG=debug, STAFF_REQUIRE_OTP=None) == {"STAFF_REQUIRE_OTP": required}


def test_a_secret_may_come_from_a_file(tmp_path):
    file = tmp_path / "key"
    file.write_text("a key of its own that is long enough to be accepted: 0123456789\n")
    assert (
        settings_of("SECRET_KEY", SECRET_KEY=None, SECRET_KEY_FILE=str(file))["SECRET_KEY"] == file.read_text().strip()
    )


def test_djangos_own_check_for_a_deployment_has_nothing_to_say():
    environment = {"SITE_URL": "https://clinic.example", "CLINIC_PHONE": "+52 664 555 0100"}
    done = python("manage.py", "check", "--deploy", "--fail-level", "DEBUG", **environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues (0 silenced)" in done.stdout
