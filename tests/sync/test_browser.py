"""In Chromium: a sync is started and seen, and what is ours is edited in the dialog, under the strict Content-Security-Policy."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from sync.models import Change, Resource, Run, Schedule
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


def test_who_works_with_the_keyboard_keeps_the_place_while_the_schedule_is_drawn_anew(
    on_the_phone, live_server, monkeypatch
):
    page = on_the_phone
    monkeypatch.setattr("sync.ask.file_slices", lambda _runs: None)
    account = make_account("Nordic DNS", provider="dns-services", state="active")
    page.goto(live_server.url + reverse("accounts:account-detail", args=[account.pk]))
    start = page.get_by_role("button", name="Sync Domains now")
    start.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop reading Domains").wait_for()
    with page.expect_response(lambda answer: f"/syncs/accounts/{account.pk}/" in answer.url):
        pass  # the next poll
    page.wait_for_function("document.activeElement.id === 'act-domains'")
    page.keyboard.press("Enter")
    start.wait_for()
    page.wait_for_function("document.activeElement.id === 'act-domains'")
    assert Run.objects.get().state == Run.State.CANCELLED


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


def test_how_often_an_account_is_read_is_set_with_the_keyboard_and_its_cost_seen_first(on_the_phone, live_server):
    page = on_the_phone
    account = make_account("Nordic DNS", provider="dns-services", capabilities=["domains.list", "support.list"])
    Schedule.objects.filter(account=account).update(
        next_due_at=timezone.now() + timedelta(hours=1), last_complete_at=timezone.now(), supported=True
    )
    page.goto(live_server.url + reverse("accounts:account-detail", args=[account.pk]))
    page.get_by_role("link", name="Change how often").press("Enter")
    page.locator("#dialog[open]").wait_for()
    assert "about 12 calls an hour" in page.locator("#cost-tickets").inner_text()
    page.locator("#id_tickets").select_option("900")
    page.locator("#cost-tickets", has_text="about 4 calls an hour").wait_for()
    assert browser.fits(page)
    page.get_by_role("button", name="Set how often").press("Enter")
    page.locator("#account-state", has_text="15 minutes").wait_for()
    assert not page.locator("#dialog").evaluate("dialog => dialog.open")
    assert Schedule.objects.get(account=account, kind="tickets").interval == timedelta(minutes=15)


def test_what_fails_is_tried_again_from_the_list_that_it_makes_old(on_the_phone, live_server, monkeypatch):
    page = on_the_phone
    monkeypatch.setattr("sync.ask.file_slices", lambda _runs: None)  # a worker of the other tests would take it up
    account = make_account("Nordic DNS", provider="dns-services")
    now = timezone.now()
    Schedule.objects.filter(account=account, kind="tickets").update(
        failures=2, failing_since=now - timedelta(hours=1), last_complete_at=now - timedelta(hours=1),
        next_due_at=now + timedelta(minutes=9),
    )  # fmt: skip
    page.goto(live_server.url + reverse("support:ticket-list"))
    page.get_by_text("it is tried again in 9 minutes").wait_for()
    page.get_by_role("button", name="Try now").press("Enter")
    page.get_by_text("1 sync is on its way.").wait_for()
    assert Run.objects.get().kind == "tickets"


def test_the_feed_is_narrowed_to_days_that_are_typed(on_the_phone, live_server):
    page = on_the_phone
    thing = Resource.objects.create(
        account=make_account("Nordic DNS", provider="dns-services"), kind="domains", upstream_id="1", name="a.example"
    )
    now = timezone.now()
    for days in (0, 10):
        Change.objects.create(resource=thing, field="locked", old=True, new=days == 0, at=now - timedelta(days=days))
    page.goto(live_server.url + reverse("sync:changes"))
    page.locator("#chip-more").click()
    page.locator("#menu-more input[name=since]").fill(f"{now - timedelta(days=3):%Y-%m-%d}")
    assert browser.fits(page)
    page.locator("#menu-more input[name=since]").press("Enter")
    page.locator("#chip-since").wait_for()
    page.get_by_text("1 to 1 of 1", exact=True).wait_for()
    assert "since=" in page.url
    page.locator("#clear-since").click()
    page.get_by_text("1 to 2 of 2", exact=True).wait_for()


def test_a_page_that_stands_open_turns_amber_when_what_it_shows_has_become_too_old(on_the_phone, live_server, portal):
    page = on_the_phone
    portal.fill(1)
    sync(portal, make_account("Nordic DNS", provider="dns-services"))
    page.clock.install(time=timezone.now())
    page.goto(live_server.url + reverse("domains:domain-detail", args=[Resource.objects.get().pk]))
    page.locator(".hf-age.fine").wait_for()
    page.clock.run_for("02:05:00")  # twice an hour, and a little
    page.locator(".hf-age.soon", has_text="2 hours ago").wait_for()
    assert not page.locator(".hf-age.fine").count()
