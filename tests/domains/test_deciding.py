"""The two stories in Chromium, against real parts: a worker process, Valkey, Postgres, portals over HTTP."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from actions.models import Action
from domains.models import Domain
from sandbox.hostbill.portal import CLIENT
from sandbox.server import Sandbox
from tests.accounts import people
from tests.browser import fits
from tests.domains.desk import connect, mirrored_domain, mirrored_zone

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("celery_worker_process"),
]
SLOW = 40_000
"""Milliseconds for what a worker does meanwhile."""
SHOTS = os.environ.get("HOLDFAST_SHOTS", "")
"""A folder for screenshots; none are taken without."""


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(demo=True, seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def domain(box: Sandbox) -> Domain:
    """One whose records are in its portal's DNS, a few weeks before it lapses."""
    portal = box.dns_services
    account = connect(portal, "Nordic DNS")
    account.rate_per_minute = 60_000
    zone = max(portal.state.all("zones"), key=lambda one: len(one["records"]))
    mirrored_zone(account, f"service:{zone['service_id']}:{zone['id']}")
    record = next(one for one in portal.state.all("domains") if one["name"] == zone["name"])
    return mirrored_domain(account, record)


@pytest.fixture
def page(page_of):
    return page_of(people.bob())


def shoot(page: Page, name: str) -> None:
    """The page at both widths, light and dark, when a folder for it is named."""
    if not SHOTS:
        return
    for width, height in ((1440, 900), (375, 812)):
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.evaluate(f"document.documentElement.dataset.bsTheme = '{theme}'")
            page.wait_for_timeout(120)
            page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}-{theme}.png"))
    page.evaluate("document.documentElement.dataset.bsTheme = 'light'")
    page.set_viewport_size({"width": 1440, "height": 900})


def renewals_sent(box: Sandbox) -> int:
    return len([one for one in box.requests if one.method == "POST" and one.path.endswith("/renew")])


def usable(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert fits(page)


def test_a_domain_is_renewed_from_its_page(page: Page, box: Sandbox, domain: Domain, live_server):
    page.goto(f"{live_server.url}/domains/{domain.pk}/")
    page.get_by_role("link", name=re.compile(r"^Renew for 1 year, [\d.]+ DKK$")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_contain_text("Renew")
    confirm = dialog.get_by_role("button", name=re.compile(r"^Renew .+ for 1 year, [\d.]+ DKK$"))
    expect(confirm).to_be_visible(timeout=SLOW)
    usable(page)
    shoot(page, "renew-dialog")
    dialog.get_by_label("For").select_option("2")
    two = dialog.get_by_role("button", name=re.compile(r"for 2 years"))
    expect(two).to_be_visible(timeout=SLOW)
    two.dblclick()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text(re.compile("Filed: Renew"))).to_be_visible()
    expect(page.locator(".hf-actions").get_by_text("Done", exact=True)).to_be_visible(timeout=SLOW)
    before = domain.expires_on
    assert before is not None
    expect(page.locator("#facts")).to_contain_text(str(before.year + 2), timeout=SLOW)
    action = Action.objects.get()
    assert action.parameters["years"] == 2
    assert renewals_sent(box) == 1
    shoot(page, "renewed")
    domain.refresh_from_db()
    assert domain.expires_on is not None
    assert domain.expires_on.year == before.year + 2


def test_several_domains_are_renewed_from_the_list(page: Page, box: Sandbox, domain: Domain, live_server):
    with box.dns_services.lock:
        box.dns_services.state.edit("client", CLIENT)["credit"] = "0.00"
    others = [one for one in box.dns_services.state.all("domains") if one["id"] != domain.resource.upstream_id]
    account = domain.resource.account
    fit = [one for one in others if one["status"] == "Active" and not one["expires"].startswith("0000")][:2]
    gone = next(one for one in others if one["expires"].startswith("0000"))
    for record in [*fit, gone]:
        mirrored_domain(account, record)
    page.goto(f"{live_server.url}/domains/")
    page.locator("[data-hf-all]").check()
    expect(page.locator("#bulk .so")).to_contain_text(re.compile(r"renewing them: [\d.,]+ DKK; 1 can't be renewed"))
    page.get_by_role("button", name="Renew them").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 is left out")
    usable(page)
    shoot(page, "renew-many")
    dialog.get_by_role("button", name=re.compile("^Renew 3 domains, ")).click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("3 renewals are filed.")).to_be_visible()
    expect(page.locator(".hf-renewal").get_by_text("Invoice unpaid")).to_have_count(2, timeout=SLOW)
    # For the third the portal had made an invoice by itself.
    expect(page.locator(".hf-renewal").get_by_text("Failed")).to_be_visible(timeout=SLOW)
    assert Action.objects.get(state="failed").error_code == "invoice_waits"
    shoot(page, "renewing-list")
    assert Action.objects.count() == 3
    assert renewals_sent(box) == 2


def test_records_are_staged_seen_as_a_plan_and_applied(page: Page, domain: Domain, live_server):
    page.goto(f"{live_server.url}/domains/{domain.pk}/dns/")
    dialog = page.get_by_role("dialog")
    page.get_by_role("link", name="Add a record").click()
    dialog.get_by_label("Name").fill("shop")
    dialog.get_by_label("Type").select_option("AAAA")
    dialog.get_by_label("Value").fill("not an address")
    dialog.get_by_role("button", name="Stage the record").click()
    expect(dialog.locator(".errors")).to_contain_text("IPv6")
    shoot(page, "dns-record-dialog")
    dialog.get_by_label("Value").fill("2001:DB8:52c::40")
    dialog.get_by_role("button", name="Stage the record").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("tr.add")).to_contain_text("2001:db8:52c::40")

    changed = page.get_by_role("link", name=re.compile("^Edit @ A$")).first
    changed.focus()
    changed.press("Enter")
    dialog.get_by_label("Value").fill("192.0.2.231")
    dialog.get_by_role("button", name="Stage the change").click()
    expect(page.locator("tr.chg:not(.was)")).to_contain_text("192.0.2.231")
    spf = page.locator("tr", has_text="v=spf1").first
    spf.get_by_role("link", name=re.compile("^Edit")).focus()
    spf.get_by_role("link", name=re.compile("^Edit")).press("Enter")
    dialog.get_by_label("Value").fill("v=spf1 include:_spf.dns.services include:sendgrid.net -all")
    dialog.get_by_role("button", name="Stage the change").click()
    expect(page.locator("#plan")).to_contain_text("1 added, 2 changed")
    removes = page.get_by_role("button", name=re.compile(r"^Remove .+ (CNAME|TXT)$"))
    removes.first.focus()
    removes.first.press("Enter")
    expect(page.locator("#plan")).to_contain_text("1 added, 2 changed, 1 removed")
    page.locator("#why").fill("Move the shop")
    page.locator("tr.del").get_by_role("button").press("Enter")
    expect(page.locator("#plan .r")).to_have_text("1 added, 2 changed")
    expect(page.locator("#why")).to_have_value("Move the shop")
    page.reload()
    expect(page.locator("tr.add")).to_have_count(1)
    page.locator("#why").fill("Move the shop")
    usable(page)
    shoot(page, "dns-plan")
    page.get_by_role("button", name="Apply 3 changes").dblclick()
    expect(page.locator("#writing")).to_contain_text("Done", timeout=SLOW)
    expect(page.locator("#plan")).to_have_count(0)
    expect(page.locator("td.val").get_by_text("192.0.2.231")).to_be_visible()
    action = Action.objects.get()
    assert (action.state, action.stage, action.parameters["comment"]) == ("succeeded", "done", "Move the shop")
    usable(page)
    shoot(page, "dns-applied")

    page.get_by_role("link", name="Version 2").click()
    page.get_by_role("button", name="Stage going back to 1").click()
    expect(page.locator("#plan")).to_contain_text("2 changed, 1 removed")
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("#plan")).to_have_count(0)
