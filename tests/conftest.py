"""The test bench. The engines start when this file is read: before Django's settings and before any other conftest."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests import bench

bench.set_environment()
bench.start_engines()

import django  # noqa: E402
import pytest  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402

# The real one takes a quarter of a second a sign-in, on purpose; the tests make hundreds.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from playwright.sync_api import BrowserContext, Page  # noqa: E402
from pytest_django import DjangoDbBlocker  # noqa: E402
from pytest_django.live_server_helper import LiveServer  # noqa: E402

from accounts.models import User  # noqa: E402
from portal import heartbeats  # noqa: E402
from portal.celery import app  # noqa: E402
from portal.runtime import process  # noqa: E402
from tests import browser, migrated_rows  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
WORKER = (
    "celery -A portal.celery:app worker --queues sync,actions,default --pool threads --concurrency 2 "
    "--without-mingle --without-gossip --loglevel INFO"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """pytest-playwright takes every test with an argument `page`, `context` or `browser` for one of its own, and pytest
    then runs it together with those, in another place than pytest-django gave it."""
    for item in items:
        driven = "browser_name" in getattr(item, "fixturenames", ())
        if driven and item.get_closest_marker("browser") is None:
            raise pytest.UsageError(f"{item.nodeid}: mark it as a browser test, or call its argument something else")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:  # noqa: ARG001 - goes first
    with django_db_blocker.unblock():
        migrated_rows.come_back_after_each_flush()
        bench.keep_autovacuum_away(connection)


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Tests share one Valkey; what one leaves in the cache must not decide the next."""
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _worker_rests_before_the_flush(request: pytest.FixtureRequest) -> Iterator[None]:
    """The flush after a transactional test locks every table: a worker in the middle of a transaction would deadlock with it."""
    marker = request.node.get_closest_marker("django_db")
    flushes = marker is not None and marker.kwargs.get("transaction")
    if not flushes or "celery_worker_process" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")  # there before us, so that it is torn down after us
    yield
    worker: subprocess.Popen[bytes] = request.getfixturevalue("celery_worker_process")
    deadline = time.monotonic() + 60
    while worker.poll() is None:
        app.control.purge()
        inspect = app.control.inspect(timeout=5, limit=1)
        busy = [*(inspect.active() or {}).values(), *(inspect.reserved() or {}).values()]
        if not any(busy):
            return
        assert time.monotonic() < deadline, f"the worker does not come to rest: {busy}"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, **browser.launch_arguments()}


@pytest.fixture
def watched_page(context: BrowserContext) -> Iterator[Page]:
    """A browser whose console fails the test when it complains in the end."""
    page = context.new_page()
    page.set_default_timeout(8000)
    with browser.watched(page):
        yield page


@pytest.fixture
def page_of(watched_page: Page, context: BrowserContext, live_server: LiveServer) -> Callable[[User], Page]:
    """The watched browser with a person's session: `page_of(people.bob())`."""

    def opened(person: User) -> Page:
        browser.sign_in(context, person, live_server.url)
        return watched_page

    return opened


@pytest.fixture(scope="module")
def celery_worker_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worker") / "worker.log"


@pytest.fixture(scope="module")
def celery_worker_process(
    django_db_setup: None,  # noqa: ARG001 - the test database has to be there
    django_db_blocker: DjangoDbBlocker,
    celery_worker_log: Path,
) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker on the test database and Valkey. Tests that use it need `@pytest.mark.django_db(transaction=True)`,
    because the worker sees only what is committed. It ends with the module: others take the queue's work in their own hands."""
    with django_db_blocker.unblock():
        database = connection.settings_dict["NAME"]
    service = process.Service(
        name="worker",
        command=[sys.executable, "-m", *WORKER.split()],
        log=celery_worker_log,
        env={"DATABASE_URL": url_of(database), "HOLDFAST_LOG_LEVEL": "INFO"},
        inherits=process.desk_environment,
        ready=lambda: heartbeats.ages()[heartbeats.WORKER] is not None,
        cwd=ROOT,
    )
    cache.clear()
    child = process.start(service)
    try:
        assert process.wait_ready(child, service), process.last_lines(service.log, 40)
        yield child
    finally:
        process.stop(child, service)


def url_of(database: str) -> str:
    """DATABASE_URL with another database in it."""
    head, _, query = os.environ["DATABASE_URL"].partition("?")
    return head.rpartition("/")[0] + "/" + database + (f"?{query}" if query else "")
