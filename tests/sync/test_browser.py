"""In Chromium: a sync is started and seen, and what is ours is edited in the dialog, under the strict Content-Security-Policy."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from sync.models import Resource, Run
from tests import browser
from tests.sync.conftest import make_account
from tests.sync.double import sync

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def on_the_phone(page_of, alice) -> Page:
    opened: Page = page_of(alice)
    opened.set_viewport_size({"width": 375, "height": 800})
    return opened


def test_a_sync_is_started_and_seen_at_once(on_the_phone, live_server, monkeypatch):
    page = on_the_phone
    monkeypatch.setattr("sync.ask.file_slices", lambda _runs: None)  # a worker of the other tests would take it up
    account = make_account("Nordic DNS", provider="dns-services", state="active")
    page.goto(live_server.url + reverse("accounts:account-detail", args=[account.pk]))
    page.locator("#account-state button:not([disabled])").first.click()
    page.get_by_text("Waiting for its turn").wait_for()
    assert browser.fits(page)
    # The page follows by itself until the run has ended.
    Run.objects.update(state="failed", error="Nordic DNS, Domains: The portal is down.")
    page.get_by_text("The portal is down.").wait_for()


def test_notes_are_edited_in_the_dialog_and_stand_on_the_page(on_the_phone, live_server, portal):
    page = on_the_phone
    account = make_account("Nordic DNS", provider="dns-services")
    portal.fill(1)
    sync(portal, account)
    resource = Resource.objects.get()
    page.goto(live_server.url + reverse("domains:domain-detail", args=[resource.pk]))
    page.locator("section[aria-labelledby=ours] a", has_text="Edit").click()
    page.locator("#dialog[open] textarea").fill("Call first.")
    page.locator("#dialog button[type=submit]").click()
    page.locator("section[aria-labelledby=ours]", has_text="Call first.").wait_for()
    assert not page.locator("#dialog").evaluate("dialog => dialog.open")
