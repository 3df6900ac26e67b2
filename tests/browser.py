"""What browser tests share: the system's own Chromium, a person's session, and a watch over the console."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from accounts.models import User

_QUIET = ("background-networking", "component-update", "sync", "quic", "gpu", "dev-shm-usage")
# What a refused or cut request leaves there by itself, and htmx's own lines about it.
_EXPECTED = ("status of 4", "status of 5", "Response Status", "ERR_INTERNET", "htmx:sendError", "htmx:afterRequest")


def launch_arguments() -> dict[str, Any]:
    """The Chromium of the system, which asks nobody for anything."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return {
        "executable_path": next((found for found in map(shutil.which, names) if found), None),
        "args": ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in _QUIET)],
    }


def sign_in(context: BrowserContext, person: User, url: str) -> None:
    """Gives this browser a session of that person without the form."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])


@contextmanager
def watched(page: Page) -> Iterator[Page]:
    """Fails when the page's console complained: a broken Content-Security-Policy, an error in a script."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    complaints = [line for line in said if not any(words in line for words in _EXPECTED)]
    assert not complaints, complaints


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
