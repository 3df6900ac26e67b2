# ruff: noqa: ARG001 - a fixture asks for another by naming it
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import BrowserContext, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.web import models
from web import shell

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's own Chromium, which asks nobody for anything."""
    quiet = ["background-networking", "component-update", "sync", "quic", "gpu", "dev-shm-usage"]
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome"),
        "args": ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in quiet)],
    }


@pytest.fixture
def site(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small site of tests/web/urls.py instead of the desk, in a frame that no other app adds to."""
    monkeypatch.setattr(shell, "_sources", [])
    settings.ROOT_URLCONF = "tests.web.urls"
    engine: dict[str, Any] = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [HERE / "templates", *engine["DIRS"]]}]


@pytest.fixture
def alice(db: None) -> Any:
    return get_user_model().objects.create_user(email="alice@example.com", password="a long enough one")


@pytest.fixture
def fleet(site: None, db: None) -> None:
    models.launch()


@pytest.fixture
def desk(fleet: None, client: Client, alice: Any) -> Client:
    """Alice, signed in, before a list of 120 boats."""
    client.force_login(alice)
    return client


@pytest.fixture
def harbour(site: None, transactional_db: None) -> Iterator[None]:
    """The same boats where a live server sees them."""
    models.launch()
    yield
    models.sink()


@pytest.fixture
def page_of_alice(
    harbour: None, client: Client, live_server: LiveServer, context: BrowserContext, page: Page
) -> Iterator[Page]:
    """Alice's browser. What the console says in the end (a broken Content-Security-Policy, an error) fails the test."""
    alice = get_user_model().objects.create_user(email="alice@example.com", password="a long enough one")
    client.force_login(alice)
    cookie = client.cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_default_timeout(8000)
    yield page
    # What a refused or cut request leaves there by itself, and htmx's own lines about it.
    expected = ("status of 4", "status of 5", "Response Status", "ERR_INTERNET", "htmx:sendError", "htmx:afterRequest")
    assert [line for line in said if not any(words in line for words in expected)] == []
