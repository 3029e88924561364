"""All settings, from the environment; a wrong one is said loudly at start."""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url


def text(name: str, default: str = "") -> str:
    """A setting as text."""
    return os.environ.get(name, default)


def flag(name: str) -> bool:
    """A setting that is on ("1", "true", "yes") or off ("", "0", "false", "no"). Anything else is a mistake."""
    value = os.environ.get(name, "").lower()
    if value in ("1", "true", "yes"):
        return True
    if value in ("", "0", "false", "no"):
        return False
    raise ValueError(f"{name} must be 1 or 0, not {value!r}.")


def books_in(url: str, file: Path) -> dict[str, Any]:
    """The books' database: PostgreSQL by its address, else a file that loses nothing it acknowledged."""
    if url:
        return dict(dj_database_url.parse(url, conn_max_age=None))
    begin = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"  # without FULL a posting can die with the power
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 60, "init_command": begin},
    }


def whole(name: str) -> int:
    """A setting that is a whole number from 0 up; 0 where it is not set."""
    value = os.environ.get(name, "") or "0"
    if not (value.isascii() and value.isdigit()):
        raise ValueError(f"{name} must be a whole number from 0 up, not {value!r}.")
    return int(value)


def secret_of(home: Path) -> str:
    """What this house signs with: made once, kept in the home for its owner alone, the same for all its processes."""
    file = home / ".secret"
    try:
        return file.read_text("ascii")
    except OSError:
        secret = secrets.token_hex(32)
    try:
        with tempfile.NamedTemporaryFile("w", dir=home, delete=False) as beside:  # for its owner alone
            beside.write(secret)
        try:
            os.link(beside.name, file)  # never over one that another process has made meanwhile
        except FileExistsError:
            return file.read_text("ascii")
        finally:
            os.unlink(beside.name)
    except OSError:  # no home yet, or one that cannot be written: this process signs for itself alone
        pass
    return secret


def mail_by(address: str) -> dict[str, Any]:
    """Settings of mail by smtp://NAME:PASSWORD@HOST:PORT (smtps:// speaks TLS from the start); "" prints it instead."""
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(address)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError(f"QUIPU_SMTP must be smtp://NAME:PASSWORD@HOST:PORT, not {address!r}.")
    whole_tls = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if whole_tls else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": whole_tls,
        "EMAIL_USE_TLS": not whole_tls and bool(parts.username),
        "EMAIL_TIMEOUT": 20,
    }


def identity_providers() -> dict[str, Any]:
    """Where else people may sign in, by OpenID Connect: QUIPU_OIDC_URL, _NAME, _CLIENT and _SECRET, all or none."""
    told = {name: text(f"QUIPU_OIDC_{name}") for name in ("URL", "CLIENT", "SECRET")}
    if not any(told.values()):
        return {}
    if missing := [f"QUIPU_OIDC_{name}" for name, value in told.items() if not value]:
        raise ValueError(f"Signing in elsewhere also needs {', '.join(missing)}.")
    app = {
        "provider_id": "house",
        "name": text("QUIPU_OIDC_NAME", "OpenID Connect"),
        "client_id": told["CLIENT"],
        "secret": told["SECRET"],
        "settings": {"server_url": told["URL"]},
    }
    return {"openid_connect": {"APPS": [app]}}


HOME = Path(text("QUIPU_HOME", "var"))
SITE_NAME = text("QUIPU_SITE_NAME", "Quipu")
DEMO = flag("QUIPU_DEMO")
ADDRESS = text("QUIPU_ADDRESS").rstrip("/")  # where the public finds it, "https://…"; for what names pages elsewhere
VOUCHERS_SINCE = text("QUIPU_VOUCHERS_SINCE", "2009-01-01")  # the first day that "latest vouchers" show
PROXIES = whole("QUIPU_PROXIES")  # web servers in front, each adding to X-Forwarded-For whom it was asked by

DEBUG = False
SECRET_KEY = text("QUIPU_SECRET_KEY") or secret_of(HOME)
ALLOWED_HOSTS = text("QUIPU_HOSTS", "*").split(",")
ROOT_URLCONF = "quipu.urls"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "quipu.books",
]
# The gateway answers whatever is public and knows nothing of those below it.
MIDDLEWARE = [
    "quipu.portal.middleware.Gateway",
    "quipu.desk.middleware.Entrance",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "quipu.desk.middleware.Desk",
]
DATABASES: dict[str, dict[str, Any]] = {
    "default": books_in(text("QUIPU_DATABASE_URL"), HOME / "books.sqlite3"),
    "replay": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},  # an empty ledger to play a journal into
}
DATABASE_ROUTERS = ["quipu.books.database.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [Path(__file__).parent / "desk" / "templates"],
        "OPTIONS": {
            "environment": "quipu.desk.drawing.environment",
            "context_processors": ["quipu.desk.drawing.furniture"],
        },
    },
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},  # mails of libraries
]
USE_TZ = True
TIME_ZONE = text("QUIPU_TIME_ZONE", "UTC")  # in which deadlines are told; whatever is kept is in UTC
USE_I18N = True  # for what libraries say at the desk; our own texts are in catalogues that are read with Babel
LANGUAGES = [("en", "English"), ("es", "Español"), ("fr", "Français")]
APPEND_SLASH = False
FILE_UPLOAD_HANDLERS = ["quipu.desk.uploads.Cut"]

# Signing in
AUTH_USER_MODEL = "books.Person"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # an address is unique; only whoever has none shares that
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("name", "email")}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
SESSION_COOKIE_NAME = "quipu_desk"
SESSION_COOKIE_AGE = 12 * 3600  # a working day
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ADDRESS.startswith("https://")
SESSION_COOKIE_SAMESITE = "Lax"  # a provider of identities leads back by a link
CSRF_COOKIE_NAME = "quipu_desk_form"
CSRF_TRUSTED_ORIGINS = [ADDRESS] if ADDRESS else []
CSRF_FAILURE_VIEW = "quipu.desk.troubles.forged"
if ADDRESS.startswith("https://"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ACCOUNT_ADAPTER = "quipu.desk.signing.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the sheet of a return has some thirty fields for each project
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation went to the address
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's mailbox is not ours to fill
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600  # seconds that signing in once more counts for grave acts
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/h/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
SOCIALACCOUNT_ADAPTER = "quipu.desk.signing.Outside"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS = identity_providers()
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # clocks differ by half a minute
MFA_TOTP_ISSUER = SITE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ADDRESS.startswith("https://")
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
# Roles besides approvers, certifiers and administrators that need a second factor, comma between.
SECOND_FACTOR_ROLES = tuple(filter(None, text("QUIPU_SECOND_FACTOR").split(",")))
# Failed signings-in are counted where every web process sees them.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "quipu_counts"},
}

# Background work: the queue is a table of the books; `actions/jobs` holds the leases of what runs.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Jobs by the names that `actions/jobs.queue` takes; each is a django_tasks task.
JOBS = {
    "verify": "quipu.actions.nightly.verify_books",
    "sweep": "quipu.actions.nightly.sweep_up",
    "mail": "quipu.desk.news.mailing.send",
    "reminders": "quipu.actions.returns.reminding.remind_all",
    "digests": "quipu.desk.news.digest.send_all",
    "publish": "quipu.actions.publish_now.publish_queued",
}

# Letters
EMAIL_SUBJECT_PREFIX = ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SITE_NAME}: "
DEFAULT_FROM_EMAIL = SERVER_EMAIL = text("QUIPU_MAIL_FROM", "desk@localhost")
locals().update(mail_by(text("QUIPU_SMTP")))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
