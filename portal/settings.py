"""Settings, all from the environment (.env.example explains each name). Safe by default: what is not said is locked."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from celery.schedules import schedule
from csp.constants import NONE, SELF

from portal import env, logs

BASE_DIR: Final = Path(__file__).resolve().parent.parent
HOLDFAST_DATA: Final = env.folder("HOLDFAST_DATA", BASE_DIR / "var")

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.required(
    "SECRET_KEY", "Give it 50 or more random characters (SECRET_KEY_FILE names a file); bin/up makes one by itself."
)
HOLDFAST_VAULT_KEYS = env.fernet_keys(
    "HOLDFAST_VAULT_KEYS",
    "It wants one or more Fernet keys, comma separated, the encrypting one first; make one with: python -c "
    "'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'",
)

# --- Where it is served ---------------------------------------------------------------------------------------------

HOLDFAST_BASE_URL = env.text("HOLDFAST_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
HOLDFAST_METRICS_TOKEN = env.text("HOLDFAST_METRICS_TOKEN")
_INSECURE_HTTP: Final = env.flag("HOLDFAST_INSECURE_HTTP")
HOLDFAST_BEHIND_PROXY = env.flag("HOLDFAST_BEHIND_PROXY")

# Loopback names stay allowed: health checks inside a container ask by them.
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *env.listing("HOLDFAST_ALLOWED_HOSTS")]
if (_base_host := urlsplit(HOLDFAST_BASE_URL).hostname) and _base_host not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(_base_host)
CSRF_TRUSTED_ORIGINS = [HOLDFAST_BASE_URL]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

# --- Apps and middleware --------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    # Ours first, so that our templates and commands win over those of the libraries.
    "portal",
    "domains",
    "billing",
    "support",
    "services",
    "profiles",
    "reminders",
    "actions",
    "sync",
    "accounts",
    "web",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "django_filters",
    "django_tables2",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
    "django_structlog",
    "django_prometheus",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pads at random and meets masked CSRF tokens, so that lengths tell nothing (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "web.middleware.LogMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "web.middleware.TimeZoneMiddleware",
    "web.middleware.SignInAgainMiddleware",
    # Last, as its documentation asks: it turns a locked sign-in into its answer.
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.context.shell",
            ],
        },
    },
]

# --- Engines --------------------------------------------------------------------------------------------------------

_ENGINE_HINT: Final = "bin/up and bin/manage start one and set this; elsewhere name your own (see .env.example)."
DATABASES = {"default": env.database("DATABASE_URL", _ENGINE_HINT)}
# The pool wants connections that are not kept by Django, and checked ones: else the first request after a restart of
# PostgreSQL is a 500. It is per process, so processes x max_size must stay below PostgreSQL's max_connections.
DATABASES["default"] |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
    "min_size": 0,
    "max_size": env.integer("HOLDFAST_DB_POOL", 16, least=1),
    "timeout": 10,
    # Each idle connection costs PostgreSQL some 10 MB.
    "max_idle": 60,
}

REDIS_URL: Final = env.redis("REDIS_URL", _ENGINE_HINT)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "holdfast",
    }
}

# --- Celery: the row in Postgres is the truth, the queue only carries it ----------------------------------------------

# redis-py writes a socket as unix://, Celery as redis+socket:// with its own name for the database number.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Celery's time limits are not set, because the threads pool heeds none. What ends long work is our own: sync works in slices,
# network calls have deadlines, and a row's lease says when others may take it over. What a worker that died had taken comes
# back from the queue only after this time-out; it lies far above the longest run, because a task that outlived it would be
# delivered a second time while it runs. Nobody waits for that either: ticks and sweeps file the row again long before.
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "global_keyprefix": "celery:",
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "UTC"
CELERY_TASK_DEFAULT_QUEUE = "default"
# Each queue has a worker of its own; the tick that fills the queue of syncs does not stand in it, and what forgets old ones does
# not take the place of one.
CELERY_TASK_ROUTES = {
    "sync.tasks.tick": {"queue": "default"},
    "sync.tasks.prune": {"queue": "default"},
    "sync.*": {"queue": "sync"},
    "actions.*": {"queue": "actions"},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(HOLDFAST_DATA / "beat-schedule")
_TICK: Final = env.seconds("HOLDFAST_TICK_SECONDS", 60)
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
CELERY_BEAT_SCHEDULE = {
    "sync": {"task": "sync.tasks.tick", "schedule": schedule(_TICK), "options": {"expires": _TICK.total_seconds()}},
    "actions": {
        "task": "actions.tasks.sweep",
        "schedule": schedule(_TICK),
        "options": {"expires": _TICK.total_seconds()},
    },
    "reminders": {
        "task": "reminders.tasks.tick",
        "schedule": schedule(_TICK),
        "options": {"expires": _TICK.total_seconds()},
    },
    # Counted from when it last ran, which beat keeps: a desk that is switched off at night gets there too.
    "pruning": {"task": "sync.tasks.prune", "schedule": schedule(86_400), "options": {"expires": 3600}},
    "deletions": {"task": "accounts.tasks.sweep_deletions", "schedule": schedule(600), "options": {"expires": 600}},
    "heartbeat": {"task": "portal.tasks.heartbeat", "schedule": schedule(10), "options": {"expires": 30}},
}

# --- People ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
SESSION_COOKIE_AGE = 14 * 24 * 3600

# Locked by name and address together, in Postgres: a stranger can't lock a member of staff out from elsewhere, and an
# emptied cache forgets no failure.
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# The field of the form; axes would take the model's (email), find nothing there and lock nobody.
AXES_USERNAME_FORM_FIELD = "username"
AXES_FAILURE_LIMIT = env.integer("HOLDFAST_SIGN_IN_LIMIT", 6, least=1)
AXES_COOLOFF_TIME = env.seconds("HOLDFAST_SIGN_IN_COOLOFF", 15 * 60)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "web.visitor.address_of"
AXES_USERNAME_CALLABLE = "accounts.spelling.name_for_the_lock"

# --- Security headers and cookies -----------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not _INSECURE_HTTP
SECURE_HSTS_SECONDS = 0 if _INSECURE_HTTP else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HOLDFAST_HSTS_SUBDOMAINS")
# Browsers' preload lists bind a whole domain for years: that is its owner's to decide, at their proxy, and not a desk's.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
# Health checks come over plain http from inside.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HOLDFAST_BEHIND_PROXY else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- Upstream -------------------------------------------------------------------------------------------------------

# Private, loopback and link-local addresses that provider accounts may point at: host, host:port or CIDR.
HOLDFAST_ALLOWED_UPSTREAMS = env.listing("HOLDFAST_ALLOWED_UPSTREAMS")

# How long syncs and what they found are kept, in days.
HOLDFAST_KEEP_RUNS_DAYS = env.integer("HOLDFAST_KEEP_RUNS_DAYS", 30, least=1)
HOLDFAST_KEEP_CHANGES_DAYS = env.integer("HOLDFAST_KEEP_CHANGES_DAYS", 730, least=1)

# --- Mail -----------------------------------------------------------------------------------------------------------

_EMAIL: Final = env.email("EMAIL_URL")
# Without a server the SMTP default stays: sending fails aloud instead of vanishing, and pages say why.
HOLDFAST_MAIL_CONFIGURED = bool(_EMAIL)
EMAIL_BACKEND: str = _EMAIL.get("EMAIL_BACKEND") or "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST: str = _EMAIL.get("EMAIL_HOST") or "localhost"
EMAIL_PORT: int = _EMAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER: str = _EMAIL.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD: str = _EMAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS: bool = _EMAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("HOLDFAST_MAIL_FROM", f"Holdfast <holdfast@{_base_host or 'localhost'}>")
# Where the demo's mails can be read; bin/up sets it together with EMAIL_URL when it starts the demo's mail catcher.
HOLDFAST_DEMO_MAIL_URL = env.text("HOLDFAST_DEMO_MAIL_URL")

# --- Language, time, files ------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.folder("HOLDFAST_STATIC_ROOT", HOLDFAST_DATA / "static")
_PLAIN_STATIC: Final = env.flag("HOLDFAST_PLAIN_STATIC", default=DEBUG)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _PLAIN_STATIC
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = _PLAIN_STATIC
MEDIA_ROOT = HOLDFAST_DATA / "media"

# --- API ------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.tokens.ScopePermission"],
    "EXCEPTION_HANDLER": "web.rest.handle_exception",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Holdfast API",
    "DESCRIPTION": "One desk for every hosting account an agency holds.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    # Several rooms have a field of such a name, each with its own words.
    "ENUM_NAME_OVERRIDES": {
        "KindEnum": "sync.models.Kind",
        "AccountStateEnum": "accounts.models.ProviderAccount.State",
        "RunStateEnum": "sync.models.Run.State",
        "ActionStateEnum": "actions.models.State",
        "ReminderStateEnum": "reminders.models.State",
        "DomainStatusEnum": "portal.api.DOMAIN_STATUSES",
        "InvoiceStatusEnum": "billing.words.STATUS.items",
        "TicketStatusEnum": "support.words.STATUS.items",
        "ServiceStatusEnum": "services.words.SERVICE.items",
        "MachineStatusEnum": "services.words.MACHINE.items",
        "CertificateStatusEnum": "services.words.CERTIFICATE.items",
    },
}

# --- Logs and metrics -----------------------------------------------------------------------------------------------

HOLDFAST_LOG_LEVEL = env.text("HOLDFAST_LOG_LEVEL", "INFO").upper()
logs.configure_structlog()
LOGGING = logs.logging_config(HOLDFAST_LOG_LEVEL)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
PROMETHEUS_EXPORT_MIGRATIONS = False
