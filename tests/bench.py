"""What every test run stands on: an environment of its own and real engines that are thrown away afterwards."""

from __future__ import annotations

import atexit
import os
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psycopg
import redis
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from portal.runtime import engines

# Fixed and public on purpose: nothing that a test writes outlives its run.
ENVIRONMENT: Final = {
    "DJANGO_SETTINGS_MODULE": "portal.settings",
    "SECRET_KEY": "tests-only-" + "x" * 50,
    "HOLDFAST_VAULT_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "HOLDFAST_ALLOWED_UPSTREAMS": "127.0.0.1,::1,localhost",
    "HOLDFAST_BASE_URL": "http://testserver",
    "HOLDFAST_INSECURE_HTTP": "1",
    "HOLDFAST_PLAIN_STATIC": "1",
    "HOLDFAST_LOG_LEVEL": "WARNING",
    "HOLDFAST_DB_POOL": "20",
    # Playwright's synchronous driver runs an event loop in the test's own thread, which Django would take for async code.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}

# Undone by atexit and not by a fixture: that also runs after Ctrl-C and after an error while collecting. After kill -9 of
# pytest the kernel ends the engines.
_left_over: Final = ExitStack()
atexit.register(_left_over.close)


def set_environment() -> None:
    os.environ.update(ENVIRONMENT)
    # Never the developer's own var/.
    data = Path(_left_over.enter_context(TemporaryDirectory(prefix="hf-data-")))
    (data / "static").mkdir()
    os.environ["HOLDFAST_DATA"] = str(data)


def start_engines() -> None:
    """Unless DATABASE_URL and REDIS_URL name others already (a CI's own, or those of the xdist controller)."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        _check_that_they_answer()
        return
    os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = _left_over.enter_context(engines.throw_away())


def _check_that_they_answer() -> None:
    """Else each test would wait for them in vain, at its end too: a run of hours that looks like one that hangs."""
    try:
        redis.Redis.from_url(os.environ["REDIS_URL"], socket_connect_timeout=5, retry=None).ping()
        psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5).close()
    except (redis.RedisError, psycopg.Error) as error:
        told = "DATABASE_URL and REDIS_URL name engines that do not answer. Without the two the tests start their own."
        raise SystemExit(f"{told} ({error})") from None


def keep_autovacuum_away(connection: BaseDatabaseWrapper) -> None:
    """What a test writes is mostly rolled back. Autovacuum may come by at that moment, finds a table of many pages and no row,
    and tells so to the planner, which from then on joins thousands of rows each with each: minutes instead of milliseconds."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = false)").format(sql.Identifier(table)))
