"""All settings, from the environment; a wrong one is said loudly at start."""

import os
import secrets
from pathlib import Path


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


HOME = Path(text("QUIPU_HOME", "var"))
SITE_NAME = text("QUIPU_SITE_NAME", "Quipu")
DEMO = flag("QUIPU_DEMO")
VOUCHERS_SINCE = text("QUIPU_VOUCHERS_SINCE", "2009-01-01")  # the first day that "latest vouchers" show

DEBUG = False
SECRET_KEY = text("QUIPU_SECRET_KEY") or secrets.token_hex(32)  # nothing is signed yet; workers need not agree
ALLOWED_HOSTS = text("QUIPU_HOSTS", "*").split(",")
ROOT_URLCONF = "quipu.portal.urls"
MIDDLEWARE = ["quipu.portal.middleware.Gateway"]
INSTALLED_APPS: list[str] = []
DATABASES: dict[str, dict[str, str]] = {}
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
