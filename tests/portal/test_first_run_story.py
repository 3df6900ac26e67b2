"""The first hour of somebody new, in Chromium, against real parts: a worker process, Valkey, Postgres, portals over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import ProviderAccount
from sandbox.portal import Portal
from sandbox.server import Sandbox
from sync.models import Kind, Resource, Run
from tests.accounts import people
from tests.browser import fits

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("celery_worker_process"),
]
SLOW = 40_000
"""Milliseconds for what a worker does meanwhile."""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(demo=True, seed=1, domains=10) as fresh:
        yield fresh


@pytest.fixture
def page(watched_page: Page, live_server: LiveServer) -> Page:
    """A browser at the desk's door, and Alice's account behind it."""
    people.alice()
    watched_page.goto(live_server.url)
    return watched_page


def upstream(portal: Portal, path: str, **fields: str) -> None:
    """What somebody at the portal does, over its control address."""
    requests.post(f"{portal.origin}/_sandbox{path}", json=fields, timeout=10).raise_for_status()


def sign_in(page: Page, password: str = people.PASSWORD) -> None:
    page.get_by_label("E-mail address").fill("alice@agency.example")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def hurry() -> None:
    """What is tested here is not the portals' patience."""
    ProviderAccount.objects.update(rate_per_minute=60_000, concurrency=8)


def read(page: Page, account: ProviderAccount) -> None:
    hurry()
    page.goto(f"{page.url.partition('/accounts/')[0].rstrip('/')}/accounts/{account.pk}/")
    page.get_by_role("button", name="Sync now", exact=True).click()
    wait_until_read(page)


def wait_until_read(page: Page) -> None:
    """The page follows the runs by itself until the last has ended."""
    expect(page.locator("#account-state")).not_to_have_attribute("hx-trigger", re.compile("every 2s"), timeout=SLOW)
    unlike = Run.objects.exclude(state=Run.State.SUCCEEDED)
    assert not unlike.exists(), list(unlike.values("kind", "state", "error"))


def names(page: Page) -> list[str]:
    return page.locator("tbody th a").all_inner_texts()


def go(page: Page, section: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=section).click()


def test_from_the_first_sign_in_to_a_desk_that_shows_everything(page: Page, sandbox: Sandbox):
    portal = sandbox.dns_services
    sign_in(page, "not the pass phrase")
    expect(page.get_by_role("alert")).to_contain_text("password")
    sign_in(page)
    expect(page.get_by_text("No account is connected yet")).to_be_visible()

    page.get_by_role("link", name="Connect an account").first.click()
    page.get_by_role("link", name="DNS.services").first.click()
    page.get_by_label("API address").fill(portal.base_url)
    page.get_by_label("E-mail", exact=True).fill(portal.credential["username"])
    page.get_by_label("Password", exact=True).fill("guessed")
    page.get_by_role("button", name="Test and connect").click()
    expect(page.get_by_role("alert")).to_contain_text("refused this login")
    assert not ProviderAccount.objects.exists()
    page.get_by_label("Password", exact=True).fill(portal.credential["password"])
    page.get_by_role("button", name="Test and connect").click()
    expect(page).to_have_url(re.compile(r"/accounts/\d+/$"))
    hurry()
    expect(page.locator("#account-state progress").first).to_be_visible()
    wait_until_read(page)
    expect(page.locator("#account-state tbody tr", has_text="Domains")).to_contain_text("Succeeded")

    the_domains(page, portal)
    the_money(page)
    the_thread(page)


def the_domains(page: Page, portal: Portal) -> None:
    go(page, "Domains")
    everything = {record["name"] for record in portal.state.all("domains")}
    expect(page.locator("tbody tr")).to_have_count(50)
    page.locator("#sort-name").click()
    expect(page).to_have_url(re.compile("sort="))
    first = names(page)
    assert first == sorted(first)
    page.locator("#page-next").click()
    expect(page).to_have_url(re.compile("page=2"))
    expect(page.locator("tbody tr")).to_have_count(len(everything) - 50)
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(50)
    assert names(page) == first
    page.locator("#find").press_sequentially("nordlysbageri", delay=20)
    expect(page).to_have_url(re.compile("q=nordlysbageri"))
    expect(page.locator("tbody tr")).to_have_count(len([name for name in everything if "nordlysbageri" in name]))
    page.get_by_role("link", name="nordlysbageri.eu", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("nordlysbageri.eu")
    page.locator("#tab-dns").click()
    expect(page.locator(".hf-dns td.val", has_text="198.51.100.133").first).to_be_visible()


def the_money(page: Page) -> None:
    go(page, "Billing")
    page.locator("tbody th a").first.click()
    expect(page.locator(".hf-lines tbody tr").first).to_be_visible()
    expect(page.locator(".hf-lines tfoot")).to_contain_text("DKK")


def the_thread(page: Page) -> None:
    go(page, "Support")
    page.locator("tbody th a").first.click()
    expect(page.locator(".hf-msg, .hf-fold").first).to_be_visible()


def test_what_changes_upstream_stands_on_the_pages_after_the_next_sync(page: Page, sandbox: Sandbox):
    portal = sandbox.cloudviet
    sign_in(page)
    read(page, people.account_at(portal, "Cloudviet"))

    ticket = next(ticket for ticket in portal.state.all("tickets") if ticket["status"] == "Open")
    machine = next(machine for machine in portal.state.all("machines") if machine["status"] == "running")
    domain = next(domain for domain in portal.state.all("domains") if domain["status"] == "Active")
    upstream(portal, f"/tickets/{ticket['number']}/reply", name="Lê Thu Hà", body="The transfer went through.")
    upstream(portal, f"/vms/{machine['id']}", status="stopped")
    upstream(portal, f"/domains/{domain['id']}", expires="2031-05-06")
    page.get_by_role("button", name="Sync now", exact=True).click()
    expect(page.locator("#account-state progress").first).to_be_visible()
    wait_until_read(page)

    base = page.url.partition("/accounts/")[0]
    thing = {kind: Resource.objects.filter(kind=kind) for kind in Kind}
    page.goto(f"{base}/support/tickets/{thing[Kind.TICKETS].get(upstream_id=ticket['number']).pk}/")
    expect(page.get_by_text("The transfer went through.")).to_be_visible()
    stopped = thing[Kind.MACHINES].get(upstream_id__endswith=f":{machine['id']}")
    page.goto(f"{base}/machines/{stopped.pk}/")
    expect(page.locator(".hf-title")).to_contain_text("Stopped")
    moved = thing[Kind.DOMAINS].get(upstream_id=domain["id"])
    page.goto(f"{base}/domains/{moved.pk}/")
    page.get_by_role("link", name="History").click()
    line = page.locator(".hf-log li", has_text="expiry")
    expect(line).to_contain_text("6 May 2031")
    expect(line).to_contain_text("not by us")
    page.goto(base)
    expect(page.locator(".hf-need", has_text=machine["name"])).to_contain_text("is down")
    expect(page.locator(".hf-log li", has_text=domain["name"]).first).to_contain_text("not by us")


def test_the_desk_is_used_by_keyboard_in_the_dark_and_on_a_phone(page: Page, sandbox: Sandbox):
    """Whatever the mirror holds of a real portal; nothing is scrolled sideways."""
    sign_in(page)
    read(page, people.account_at(sandbox.cloudviet, "Cloudviet"))

    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page.get_by_role("heading", name="Domains", level=1)).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("hoasen", delay=20)
    expect(page).to_have_url(re.compile("q=hoasen"))
    page.keyboard.press("Tab")
    page.keyboard.press("j")
    expect(page.locator("tr.here th a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("hoasen")

    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 375, "height": 812})
    base = page.url.partition("/domains/")[0]
    for path in ("/", *LISTS):
        page.goto(base + path)
        assert fits(page), path
        if path in LISTS:
            page.locator("tbody th a").first.click()
            expect(page.locator("#detail")).to_be_visible()
            assert fits(page), page.url


LISTS = (
    "/domains/",
    "/domains/zones/",
    "/billing/",
    "/support/",
    "/services/",
    "/machines/",
    "/certificates/",
    "/accounts/",
    "/syncs/",
)
