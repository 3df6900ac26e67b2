"""A mypy plugin that only sets the environment: the Django plugin after it imports the settings, which refuse to load
without their secrets. It starts nothing and connects to nothing."""

from __future__ import annotations

import os

from mypy.plugin import Plugin

_PLACEHOLDERS = {
    "SECRET_KEY": "mypy",
    "HOLDFAST_VAULT_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "DATABASE_URL": "postgresql://nobody@/none?host=/nowhere",
    "REDIS_URL": "unix:///nowhere?db=0",
}


def plugin(_version: str) -> type[Plugin]:
    for name, value in _PLACEHOLDERS.items():
        os.environ.setdefault(name, value)
    return Plugin
