"""Django settings, read strictly from the environment. docs/environment.md explains every variable."""

import shlex
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.conf import global_settings

from crc_site import __version__, env, env_parsers
from crc_site.observability import logs

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
CONTENT_DIR = BASE_DIR / "content"
RELEASE = __version__

# The clinic. Unset values are not shown

CLINIC_NAME = env.text("CLINIC_NAME", "Cellular Regeneration Clinic")
CLINIC_SHORT_NAME = "CRC"
CLINIC_LEGAL_NAME = env.text("CLINIC_LEGAL_NAME", "")
CLINIC_PHONE = env.read("CLINIC_PHONE", env_parsers.phone, "a phone number", None) or ""
CLINIC_WHATSAPP = env.read("CLINIC_WHATSAPP", env_parsers.phone, "a phone number", None) or ""
CLINIC_EMAIL = env.read("CLINIC_EMAIL", env_parsers.email_address, "an e-mail address", None) or ""
CLINIC_ADDRESS = env.text("CLINIC_ADDRESS", "", lines=True)
CLINIC_MAP_URL = env.read("CLINIC_MAP_URL", env_parsers.web_page, "an https:// address", None) or ""
CLINIC_HOURS: list[str] = env.read(
    "CLINIC_HOURS", env_parsers.opening_hours, "days and times such as Mo-Fr 09:00-17:00, separated by commas", []
)
PRIVACY_EMAIL = env.read("PRIVACY_EMAIL", env_parsers.email_address, "an e-mail address", None) or ""
DATA_COUNTRY = env.text("DATA_COUNTRY", "")
REPLY_WITHIN_DAYS = env.whole_number("REPLY_WITHIN_DAYS", 3, maximum=30)
APPOINTMENTS_CONFIRMED_AT_ONCE = env.flag("APPOINTMENTS_CONFIRMED_AT_ONCE", False)
RETENTION_DAYS = env.whole_number("RETENTION_DAYS", 365, maximum=3650)

# Mode, keys, hosts

DEBUG = env.flag("DEBUG", False)
SECRET_KEY = env.read("SECRET_KEY", env_parsers.long_secret, "at least 50 random characters")
SECRET_KEY_FALLBACKS = env.read(
    "SECRET_KEY_FALLBACKS", env_parsers.long_secrets, "a list of former secret keys, separated by commas", []
)
FIELD_KEYS = env.read("FIELD_KEYS", env_parsers.fernet_keys, "one or more Fernet keys, separated by commas")
INDEX_KEY = env.read("INDEX_KEY", env_parsers.long_secret, "at least 50 random characters")
SITE_URL: str = env.read(
    "SITE_URL", env_parsers.site_url, "https:// and a host name, or http:// and a loopback host, without a path"
)
ALLOWED_HOSTS = env.read("ALLOWED_HOSTS", env_parsers.hosts, "a list of host names, without scheme or port")
TRUSTED_PROXIES = env.read(
    "TRUSTED_PROXIES", env_parsers.networks, "a list of IP addresses or networks", env_parsers.LOOPBACK
)
STAFF_NOTIFY_TO = env.read("STAFF_NOTIFY_TO", env_parsers.email_addresses, "a list of e-mail addresses")
STAFF_REQUIRE_PASSKEY = env.flag("STAFF_REQUIRE_PASSKEY", False)
STAFF_REQUIRE_OTP = env.flag("STAFF_REQUIRE_OTP", not DEBUG)

# Application

ROOT_URLCONF = "crc_site.urls"
WSGI_APPLICATION = "crc_site.wsgi.application"

INSTALLED_APPS = [
    "crc_site.apps.StaffAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "crispy_forms",
    "django_otp",
    "django_otp.plugins.otp_static",
    "axes",
    "content",
    "screening",
    "screening.accounts",
]

# Health checks and static files respond early; log line and security headers above them still apply.
MIDDLEWARE = [
    "crc_site.observability.logs.request_log",
    "crc_site.middleware.security_headers.security_headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "crc_site.observability.health.health_checks",
    "crc_site.metrics_page.metrics_page",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "crc_site.middleware.languages.language_from_path",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crc_site.middleware.session_timeout.session_timeout",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crc_site.context_processors.clinic",
                "content.context_processors.menus",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ("crc",)
CRISPY_TEMPLATE_PACK = "crc"
CRISPY_FAIL_SILENTLY = False

# Database: SQLite locks for writing at BEGIN, so that two writers queue instead of failing midway

DATABASES = {
    "default": env.read(
        "DATABASE_URL", env_parsers.database, "a sqlite:/// or postgres:// address", "sqlite:///var/db.sqlite3"
    )
}
# Connections are reused and checked first: opening one costs as much as five statements.
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "crc_site.sqlite"
    DATABASES["default"]["NAME"] = BASE_DIR / DATABASES["default"]["NAME"]
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,  # seconds; longer would block readers' threads and delay the worker's stop
        "init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA secure_delete=ON;",
    }
else:
    # Timeouts, so that no thread is blocked for ever. The last two detect a server that no longer responds.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "options": "-c lock_timeout=5s",
        "keepalives_idle": 10,
        "tcp_user_timeout": 10_000,
        **DATABASES["default"].get("OPTIONS", {}),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Backups: one encrypted file a day if BACKUP_DIR is set, with the erasure log beside them

BACKUP_DIR = env.read("BACKUP_DIR", lambda raw: BASE_DIR / raw, "a folder", None)
BACKUP_RECIPIENTS = env.read(
    "BACKUP_RECIPIENTS",
    env_parsers.age_recipients,
    "one or more public keys of age-keygen (age1…), separated by commas",
    *([None] if BACKUP_DIR is None else []),
)
# Decrypts backups of release 0.1.
BACKUP_KEY = env.read("BACKUP_KEY", env_parsers.long_secret, "at least 50 random characters", None)
BACKUP_KEEP = env.whole_number("BACKUP_KEEP", 14, maximum=366)

# Watching

METRICS = env.flag("METRICS", False)
METRICS_TOKEN = env.read("METRICS_TOKEN", env_parsers.long_secret, "at least 50 random characters", None)
CERTIFICATE_ADDRESS = env.read(
    "CERTIFICATE_ADDRESS", env_parsers.host_and_port, "a host and a port, such as 127.0.0.1:443", None
)
WATCH_COMMAND = env.read("WATCH_COMMAND", shlex.split, "a command", None)

# Language and time. Each folder in content/ with guides is a language; only English has no URL prefix

LANGUAGE_CODE = "en"
LANGUAGES = [(code, name) for code, name in global_settings.LANGUAGES if (CONTENT_DIR / code / "guides").is_dir()]
FORMAT_MODULE_PATH = "crc_site.formats"
LOCALE_PATHS = [BASE_DIR / "crc_site" / "locale"]
TIME_ZONE = env.read("TIME_ZONE", env_parsers.time_zone, "a name such as America/Tijuana", "America/Tijuana")
HOLIDAYS_UNITED_STATES = env.flag("HOLIDAYS_UNITED_STATES", False)
USE_TZ = True

# Static files

STATIC_URL = "/static/"
# Not in var/: static files belong to a release, and a volume mounted at var/ would hide them.
STATIC_ROOT = BASE_DIR / ".static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "crc_site.static_files.MinifiedStaticFilesStorage"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = DEBUG

# Mail: files by default

globals().update(
    env.read(
        "EMAIL_URL",
        env_parsers.mail,
        "an smtp://, smtp+tls://, smtp+ssl:// or filemail:/// address",
        f"filemail:///{VAR_DIR / 'mail'}",
    )
)
EMAIL_TIMEOUT = 20  # seconds for one network operation; the worker limits a whole message
DEFAULT_FROM_EMAIL = CLINIC_EMAIL or f"no-reply@{urlsplit(SITE_URL).hostname}"

# Cookies, https and security headers depend on the scheme of SITE_URL

IS_HTTPS = SITE_URL.startswith("https://")
COOKIE_PREFIX = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}staff"
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = 24 * 60 * 60
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "crc_site.error_pages.csrf_failure"
DRAFT_COOKIE_NAME = f"{COOKIE_PREFIX}draft"
INQUIRY_COOKIE_NAME = f"{COOKIE_PREFIX}inquiry"
STAFF_LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}staff-language"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 1
# No form accepts a file; uploads are never written to disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Staff

LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]

# Lockout after five failures of one name at one address; screening.accounts.lockout explains what axes stores
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_HANDLER = "screening.accounts.lockout.MinimalAxesHandler"
AXES_USERNAME_CALLABLE = "screening.accounts.lockout.hashed_username"
AXES_CLIENT_IP_CALLABLE = "screening.accounts.lockout.hashed_address"
AXES_CLIENT_STR_CALLABLE = "screening.accounts.lockout.anonymous_client"
AXES_LOCKOUT_CALLABLE = "screening.accounts.lockout.lockout_response"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Logs: JSON lines from an allow-list; no mail to administrators, which would contain the request

LOGGING = logs.CONFIG
LOGGING_CONFIG = "logging.config.dictConfig"
ADMINS: list[tuple[str, str]] = []
