"""The settings of the web app: one file, read from the environment (and `.env`), safe by default."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Any

import dj_database_url
import structlog
from csp.constants import NONE, SELF

from taskplanner import env

BASE_DIR = Path(__file__).resolve().parent.parent
env.load_env_file(BASE_DIR / ".env")

# --- Where data lives ------------------------------------------------------------------------------------
# Everything the app writes outside its database server is in here: the SQLite file, the broker's messages,
# the secret key. Deleting it starts anew.
VAR_DIR = env.read_path("TASKPLANNER_VAR", BASE_DIR / "var")
VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- The server ------------------------------------------------------------------------------------------
DEBUG = env.read_bool("DEBUG", False)
SECRET_KEY = env.read_secret("SECRET_KEY", VAR_DIR / "secret-key")
HOST = env.read_text("HOST", "127.0.0.1")
PORT = env.read_int("PORT", 8000, least=0, most=65535)  # 0: any free port
WEB_THREADS = env.read_int("WEB_THREADS", 8, least=1, most=64)
# The address of the proxy in front whose X-Forwarded headers are believed; none by default.
TRUSTED_PROXY = env.read_text("TRUSTED_PROXY", "")
ALLOWED_HOSTS = env.read_list(
    "ALLOWED_HOSTS", sorted({"localhost", "127.0.0.1", "[::1]", socket.gethostname().lower(), HOST.lower()})
)
CSRF_TRUSTED_ORIGINS = env.read_list("CSRF_TRUSTED_ORIGINS", [])

ROOT_URLCONF = "taskplanner.urls"
WSGI_APPLICATION = "taskplanner.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "health_check",
    "template_partials.apps.SimpleAppConfig",
    "taskplanner.accounts",
    "taskplanner.jobs",
    "taskplanner.plans",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "taskplanner.middleware.HtmxSignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]

# --- Database --------------------------------------------------------------------------------------------
# No ATOMIC_REQUESTS: each service opens its own transaction, and nothing renders or solves inside one.
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        env.read_text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'taskplanner.sqlite3'}"), conn_max_age=60
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A transaction takes the write lock at its start: upgrading a read lock later fails at once.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache -----------------------------------------------------------------------------------------------
# Results are cached by the digest of what they were computed from, so each process may keep its own.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "TIMEOUT": 24 * 3600,
        "OPTIONS": {"MAX_ENTRIES": 2000},
    }
}

# --- Static files ----------------------------------------------------------------------------------------
# A plain checkout serves the files where they lie. An image that ran `collectstatic` sets STATIC_HASHED and
# serves compressed files under names that change with their content.
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_HASHED = env.read_bool("STATIC_HASHED", False)
STATIC_ROOT = BASE_DIR / "staticfiles" if STATIC_HASHED else None
WHITENOISE_USE_FINDERS = not STATIC_HASHED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_HASHED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Security --------------------------------------------------------------------------------------------
# HTTPS=true where browsers reach the app by https (through a proxy that ends TLS): cookies then travel by
# https only, and http is redirected.
HTTPS = env.read_bool("HTTPS", False)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.read_int("HSTS_SECONDS", 3600 if HTTPS else 0, least=0, most=100_000_000)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "taskplanner-session"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True  # htmx takes the token from the page, not from the cookie
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "taskplanner-csrf"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# --- Accounts: sign-in, sign-up, e-mail (taskplanner.accounts) -------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# Whether anybody may sign up. While it is false, people come in by invitation only.
SIGNUP_OPEN = env.read_bool("SIGNUP_OPEN", False)
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
ACCOUNT_ADAPTER = "taskplanner.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "taskplanner.accounts.forms.SignInForm",
    "signup": "taskplanner.accounts.forms.SignUpForm",
    "change_password": "taskplanner.accounts.forms.PasswordChangeForm",
    "set_password": "taskplanner.accounts.forms.PasswordSetForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # there need not be a mail server
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL

# --- Language and time -----------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

# --- Jobs (taskplanner.jobs) -----------------------------------------------------------------------------
# A worker that has not renewed its lease for this long has lost its job to the next one.
JOB_LEASE_SECONDS = env.read_float("JOB_LEASE_SECONDS", 30.0, least=0.5, most=3600)
JOB_SWEEP_SECONDS = env.read_float("JOB_SWEEP_SECONDS", 5.0, least=0.1, most=3600)
JOB_WORKERS = env.read_int("JOB_WORKERS", 2, least=1, most=64)

BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_URL = env.read_text("BROKER_URL", "filesystem://localhost//")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = env.read_int("JOB_SOFT_SECONDS", 600, least=1, most=86_400)
CELERY_TASK_TIME_LIMIT = CELERY_TASK_SOFT_TIME_LIMIT + 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
BROKER_FILES = CELERY_BROKER_URL.startswith("filesystem:")
if BROKER_FILES:
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
elif CELERY_BROKER_URL.startswith(("redis:", "rediss:")):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": CELERY_TASK_TIME_LIMIT + 60,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"confirm_publish": True}
    CELERY_TASK_DEFAULT_QUEUE_TYPE = "quorum"

# --- Logs ------------------------------------------------------------------------------------------------
# One line an event, on standard error: for eyes on a terminal, JSON elsewhere.
LOG_FORMAT = env.read_choice(
    "LOG_FORMAT", "console" if sys.stderr.isatty() else "json", choices=("console", "json")
)
LOG_LEVEL = env.read_choice("LOG_LEVEL", "INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR"))
_shared_processors: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_shared_processors,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "console": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _shared_processors,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
            ],
        },
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _shared_processors,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
    },
}
