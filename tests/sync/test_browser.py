"""In Chromium: a sync is started and seen, and what is ours is edited in the dialog, under the strict Content-Security-Policy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, sync_playwright

from sync.models import Resource, Run
from tests.sync.conftest import make_account
from tests.sync.double import sync

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run --disable-dev-shm-usage"
)


@pytest.fixture
def page(live_server, client, alice) -> Iterator[Page]:
    """Alice's browser; what the policy refuses, or a script stumbles over, fails the test."""
    client.force_login(alice)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS.split())
        context = browser.new_context(viewport={"width": 375, "height": 800}, base_url=live_server.url)
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        opened = context.new_page()
        complaints: list[str] = []
        opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        yield opened
        browser.close()
        assert complaints == []


def test_a_sync_is_started_and_seen_at_once(page, monkeypatch):
    monkeypatch.setattr("sync.ask.file_slices", lambda _runs: None)  # a worker of the other tests would take it up
    account = make_account("Nordic DNS", provider="dns-services", state="active")
    page.goto(reverse("accounts:account-detail", args=[account.pk]))
    page.locator("#account-state button:not([disabled])").first.click()
    page.get_by_text("Waiting for its turn").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    # The page follows by itself until the run has ended.
    Run.objects.update(state="failed", error="Nordic DNS, Domains: The portal is down.")
    page.get_by_text("The portal is down.").wait_for()


def test_notes_are_edited_in_the_dialog_and_stand_on_the_page(page, portal):
    account = make_account("Nordic DNS", provider="dns-services")
    portal.fill(1)
    sync(portal, account)
    resource = Resource.objects.get()
    page.goto(reverse("domains:domain-detail", args=[resource.pk]))
    page.locator("section[aria-labelledby=ours] a", has_text="Edit").click()
    page.locator("#dialog[open] textarea").fill("Call first.")
    page.locator("#dialog button[type=submit]").click()
    page.locator("section[aria-labelledby=ours]", has_text="Call first.").wait_for()
    assert not page.locator("#dialog").evaluate("dialog => dialog.open")
