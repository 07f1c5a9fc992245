"""All settings, in the order of Django's documentation. Nothing else reads the environment."""

from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import quote

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from pmo import addresses
from pmo.env import (
    env_bool,
    env_folder,
    env_int,
    env_level,
    env_list,
    env_secret,
    env_text,
    env_zone,
    secret_in,
)
from starting.examples import known_example

BASE_DIR = Path(__file__).resolve().parent.parent
EXAMPLE = known_example(env_text("EXAMPLE", "demo"))
VAR_DIR = Path(env_text("VAR_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR = VAR_DIR / EXAMPLE
DATA_DIR.mkdir(parents=True, exist_ok=True)


def secret_of(name: str) -> str:
    """Take the secret from the environment, else from the file made at first start."""
    value = env_secret(name)
    kept = DATA_DIR / f"{name.lower().replace('_', '-')}.txt"
    if not value and kept.exists():
        value = secret_in(kept, name)
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. Set {name} or {name}_FILE, or start with `make run`,"
            " which makes one."
        )
    if len(value) < 40:  # noqa: PLR2004 - Django's own check asks for 50 random characters
        raise ImproperlyConfigured(f"{name} is too short; use at least 40 random characters.")
    return value


# Organization
_ABROAD = EXAMPLE == "nhs"  # the example of British data: pounds, and years that start in April
UNNAMED = "Your organization"  # until somebody sets it up
ORGANIZATION_NAME = env_text(
    "ORGANIZATION_NAME",
    {"demo": "St. Brigid Health", "nhs": "Health and Social Care"}.get(EXAMPLE, UNNAMED),
)
CURRENCY = env_text("CURRENCY", "£" if _ABROAD else "$")
FISCAL_YEAR_START_MONTH = env_int("FISCAL_YEAR_START_MONTH", 4 if _ABROAD else 7, low=1, high=12)
FORGET_UPLOADS_AFTER_DAYS = env_int("FORGET_UPLOADS_AFTER_DAYS", 14, low=1, high=3650)
BASE_URL = addresses.base_url(env_text("BASE_URL", "http://127.0.0.1:8000"))

# Core
DEBUG = env_bool("DEBUG", default=False)
SECRET_KEY = secret_of("SECRET_KEY")
# the host of BASE_URL always: its links, and the check of health, come in under that name
ALLOWED_HOSTS = [
    *addresses.hosts(env_list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])),
    addresses.host_of(BASE_URL),
]
SECURE = env_bool("SECURE", default=BASE_URL.startswith("https://"))
if SECURE and not BASE_URL.startswith("https://"):
    raise ImproperlyConfigured(
        f"SECURE is on, and BASE_URL is {BASE_URL}: every page would lead to https:// and back."
        " Let BASE_URL begin with https://, or set SECURE to 0."
    )
ROOT_URLCONF = "pmo.urls"
WSGI_APPLICATION = "pmo.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["models.W040"]  # SQLite leaves out the columns an index only carries
FORM_RENDERER = "pmo.common.page.forms.RoundsRenderer"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "template_partials",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "knox",
    "csp",
    "pmo.common",
    "pmo.organization",
    "pmo.accounts",
    "projects",
    "projects.communication",
    "projects.project_templates",
    "risks",
    "portfolio",
    "portfolio.governance",
    "portfolio.intake",
    "portfolio.starts",
    "reports",
    "reports.audiences",
    "reports.imports",
    "reports.demo",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pmo.organization.middleware.LocalTimeMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pmo.common.middleware.HtmxLoginMiddleware",
    "pmo.common.middleware.PrivateResponseMiddleware",
    "pmo.accounts.middleware.UnsentWordsMiddleware",
    "pmo.common.middleware.RefusalMiddleware",
    "pmo.common.middleware.DoubtsMiddleware",
    "pmo.common.middleware.OnceMiddleware",  # last: what it runs is the view
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
                "pmo.accounts.context.page_frame",
            ],
            # its csrf_token stands in every form, and so does the key that the form is sent once by
            "builtins": ["pmo.common.templatetags.every_form"],
        },
    }
]

# Database
DATABASE_URL = env_secret("DATABASE_URL")
DATABASES: dict[str, Any] = {
    "default": addresses.database(DATABASE_URL)
    if DATABASE_URL
    else addresses.sqlite(DATA_DIR / "rounds.sqlite3")
}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # IMMEDIATE: a transaction that starts as a reader and turns writer fails at once, timeout or not
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
            "PRAGMA recursive_triggers=ON;"
        ),
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    asked: dict[str, Any] = DATABASES["default"].setdefault("OPTIONS", {})
    asked.setdefault("connect_timeout", 10)
    # PostgreSQL compiles what it guesses to be dear: seconds for sums that take a twentieth of one
    asked["options"] = f"-c jit=off {asked.get('options', '')}".strip()
# SQLite: also refuse to delete frozen rows; only tests, which empty all tables, turn this off
FENCE_DELETES = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["pmo.accounts.backends.RolesAtOnceBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
if SECURE:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
AUDIT_KEY = env_secret("AUDIT_KEY", SECRET_KEY)
# of the administrator that `rounds create-admin` adds where nobody can type one
ROUNDS_ADMIN_PASSWORD = env_secret("ROUNDS_ADMIN_PASSWORD")

# Browser side
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "pmo.common.page.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

# Static files
STATIC_URL = "static/"
STATIC_ROOT = Path(env_text("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "media"

# Documents: fonts for scripts that ours do not write; empty means ours alone
FONT_DIR = env_folder("FONT_DIR")

# Words, dates and time
LANGUAGE_CODE = "en-us"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env_zone("TIME_ZONE", "UTC")

# Mail
EMAIL_URL = env_secret("EMAIL_URL")
DEFAULT_FROM_EMAIL = env_text("EMAIL_FROM", "rounds@localhost")
if "@" not in parseaddr(DEFAULT_FROM_EMAIL)[1]:
    raise ImproperlyConfigured(
        f"EMAIL_FROM is {DEFAULT_FROM_EMAIL!r}, which is no mail address; write it as"
        " rounds@hospital.example or Rounds <rounds@hospital.example>."
    )
EMAIL_TIMEOUT = 20
_MAIL = addresses.mail(EMAIL_URL or f"file://{quote(str(DATA_DIR / 'mail'))}")
EMAIL_BACKEND, EMAIL_FILE_PATH = _MAIL.backend, _MAIL.folder
EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_SSL, EMAIL_USE_TLS = _MAIL.is_ssl, _MAIL.is_tls

# Background work: Redis when given, else files under VAR_DIR. The Job table is the truth either way.
REDIS_URL = addresses.redis(env_secret("REDIS_URL"))
BROKER_DIR = DATA_DIR / "broker"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "visibility_timeout": 900,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
    }
else:
    BROKER_DIR.mkdir(exist_ok=True)
    CELERY_BROKER_URL = (
        "filesystem://localhost"  # in our reading: pmo/common/background/file_broker.py
    )
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # nobody asks over files, and each question is one
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR),
        "data_folder_out": str(BROKER_DIR),
        "control_folder": str(DATA_DIR / "broker-control"),
        "polling_interval": 0.5,
    }
CELERY_TASK_ALWAYS_EAGER = False  # tests do at once what others leave to a worker
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# touched whenever a worker does something, for the health check of its container; empty means no file
WORKER_ALIVE_FILE = env_text("WORKER_ALIVE_FILE", "")
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    # the schedule only wakes the clockwork; period keys decide what is due
    "tick": {"task": "common.tick", "schedule": 60.0},
    # with the lease of a minute, a job whose worker was killed goes on within 75 seconds
    "take over": {"task": "common.take_over", "schedule": 10.0},
}

# API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["pmo.accounts.api.HasPermission"],
    "DEFAULT_RENDERER_CLASSES": ["pmo.common.api.bodies.AnyTextRenderer"],
    "DEFAULT_PARSER_CLASSES": ["pmo.common.api.bodies.BoundedJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "pmo.common.api.paging.Pages",
    "DEFAULT_SCHEMA_CLASS": "pmo.common.api.schema.RecordSchema",
    "EXCEPTION_HANDLER": "pmo.common.api.views.explain",
    "PAGE_SIZE": 25,
}
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_TTL": timedelta(days=90), "AUTO_REFRESH": False}
SPECTACULAR_SETTINGS = {
    "TITLE": "Rounds",
    "DESCRIPTION": "Project portfolio management for hospitals.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [],  # choices stay where they are used; named ones would collide
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env_level("LOG_LEVEL", "WARNING")},
    # a refusal (403, 404) is an answer, not trouble: its traceback would bury what is
    "loggers": {"django.request": {"level": "ERROR"}},
}
