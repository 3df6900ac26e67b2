# ruff: noqa: ARG001 - a fixture asks for another by naming it
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Page
from pytest_django import Settings

from tests.web import models
from web import shell

HERE = Path(__file__).parent


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
def page_of_alice(harbour: None, client: Client, page_of: Callable[[Any], Page]) -> Page:
    """Alice's browser, watched. The test's own client has a session of hers as well."""
    alice = get_user_model().objects.create_user(email="alice@example.com", password="a long enough one")
    client.force_login(alice)
    return page_of(alice)
