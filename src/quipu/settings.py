"""All settings, from the environment; a wrong one is said loudly at start."""

import os
import secrets
from pathlib import Path
from typing import Any

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


HOME = Path(text("QUIPU_HOME", "var"))
SITE_NAME = text("QUIPU_SITE_NAME", "Quipu")
DEMO = flag("QUIPU_DEMO")
ADDRESS = text("QUIPU_ADDRESS").rstrip("/")  # where the public finds it, "https://…"; for what names pages elsewhere
VOUCHERS_SINCE = text("QUIPU_VOUCHERS_SINCE", "2009-01-01")  # the first day that "latest vouchers" show
PROXIES = whole("QUIPU_PROXIES")  # web servers in front, each adding to X-Forwarded-For whom it was asked by

DEBUG = False
SECRET_KEY = text("QUIPU_SECRET_KEY") or secrets.token_hex(32)  # nothing is signed yet; workers need not agree
ALLOWED_HOSTS = text("QUIPU_HOSTS", "*").split(",")
ROOT_URLCONF = "quipu.portal.urls"
MIDDLEWARE = ["quipu.portal.middleware.Gateway"]
INSTALLED_APPS = ["quipu.books"]
DATABASES: dict[str, dict[str, Any]] = {
    "default": books_in(text("QUIPU_DATABASE_URL"), HOME / "books.sqlite3"),
    "replay": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},  # an empty ledger to play a journal into
}
DATABASE_ROUTERS = ["quipu.books.database.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES: list[dict[str, object]] = []
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False  # languages are ours: prefixes in the address, gettext catalogues read with Babel
APPEND_SLASH = False
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
