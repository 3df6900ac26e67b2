"""Typed readers of the environment.

Every reader takes NAME from the environment or, when NAME_FILE is set, from that file (secrets as files, as containers
mount them). A value that can't be read stops the start with a sentence that names the variable.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

# Uncached: a rotated secret file is read as it is now.
_ENVIRON: Final[Mapping[str, str]] = FileAwareMapping(cache=False)  # type: ignore[no-untyped-call] # it ships no types
_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off", ""})


def text(name: str, default: str = "") -> str:
    try:
        value = _ENVIRON[name]
    except KeyError:
        return default
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE can't be read: {error.strerror} ({error.filename}).") from error
    return value.strip() or default


def required(name: str, hint: str) -> str:
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set, so Holdfast does not start. {hint}")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    value = text(name).lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return default if value == "" else False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def integer(name: str, default: int, *, least: int = 0) -> int:
    value = text(name)
    if not value:
        return default
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None
    if number < least:
        raise ImproperlyConfigured(f"{name} must be at least {least}, not {number}.")
    return number


def seconds(name: str, default: int, *, least: int = 1) -> timedelta:
    return timedelta(seconds=integer(name, default, least=least))


def listing(name: str, default: str = "") -> list[str]:
    """Comma separated; blanks around the parts and empty parts are dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def folder(name: str, default: Path) -> Path:
    return Path(text(name, str(default))).expanduser().absolute()


def database(name: str, hint: str) -> dict[str, Any]:
    """A Django DATABASES entry. Unix sockets are written postgresql://user@/name?host=/folder.

    DATABASE_PASSWORD is used when the URL has no password, so that the password alone can come from a file."""
    url = required(name, hint)
    if not url.startswith(("postgres://", "postgresql://")):
        # The value is not repeated: it may hold a password.
        raise ImproperlyConfigured(f"{name} must begin with postgresql://; Holdfast runs on PostgreSQL only.")
    entry: dict[str, Any] = environ.Env.db_url_config(url)  # type: ignore[no-untyped-call]
    entry["PASSWORD"] = entry.get("PASSWORD") or text("DATABASE_PASSWORD")
    if not entry.get("NAME"):
        raise ImproperlyConfigured(f"{name} names no database: write postgresql://user:password@host:5432/database.")
    return entry


def redis(name: str, hint: str) -> str:
    """A URL as redis-py takes it: redis://, rediss:// or unix:///path?db=0."""
    url = required(name, hint)
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured(f"{name} must begin with redis://, rediss:// or unix://.")
    return url


def email(name: str) -> dict[str, Any]:
    """Django's EMAIL_* settings; empty when no mail server is named."""
    url = text(name)
    if not url:
        return {}
    try:
        parsed: dict[str, Any] = environ.Env.email_url_config(url)  # type: ignore[no-untyped-call]
    except (KeyError, ValueError):
        raise ImproperlyConfigured(
            f"{name} can't be read: write smtp+tls://user:password@host:587 or smtp+ssl://user:password@host:465."
        ) from None
    return {key: value for key, value in parsed.items() if key.startswith("EMAIL_")}


def fernet_keys(name: str, hint: str) -> list[str]:
    """The vault's keys, the encrypting one first."""
    required(name, hint)
    keys = listing(name)
    for position, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            raise ImproperlyConfigured(f"Key {position} of {name} is not a Fernet key. {hint}") from None
    return keys
