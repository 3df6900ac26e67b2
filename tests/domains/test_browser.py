"""The list of domains in a browser: the way back, and that everybody can use it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.accounts import people
from tests.factories import in_days, make_account, make_customer, make_domain, make_record, make_zone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house():
    """A few domains of every sort, two of them without auto-renew."""
    account, customer = make_account("Cloudviet main"), make_customer("Nordlys Bageri")
    make_domain("over.example", account=account, expires_on=in_days(-2), status="expired", auto_renew=False)
    make_domain("soon.example", account=account, customer=customer, expires_on=in_days(19), auto_renew=False)
    make_domain("doubt.example", account=account, expires_on=None, unreadable=["expires_on"], auto_renew=None)
    make_domain("gone.example", account=account, gone_at="2026-01-01T00:00:00Z")
    domain = make_domain("later.example", account=account, customer=customer)
    zone = make_zone("later.example", account=account)
    for name, kind, content in [
        ("@", "A", "192.0.2.1"),
        ("www", "CNAME", "later.example."),
        ("@", "TXT", "v=spf1 -all"),
        ("@", "NS", "ns1.portal.example."),
    ]:
        make_record(zone, name, kind, content)
    return domain


@pytest.fixture
def page(page_of):
    return page_of(people.bob())


def rows(page):
    return page.locator("tbody th a")


@pytest.mark.usefixtures("house")
def test_back_from_a_domain_leads_to_the_filtered_list_and_further_to_the_whole_one(page, live_server):
    page.goto(f"{live_server.url}/domains/")
    expect(rows(page)).to_have_count(4)
    page.locator("#chip-lapses").click()
    page.get_by_role("link", name="within 30 days").click()
    expect(page).to_have_url(re.compile(r"\?lapses=30$"))
    expect(rows(page)).to_have_text(["over.example", "soon.example"])
    rows(page).nth(1).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("soon.example")
    page.locator("#tab-dns").click()
    expect(page).to_have_url(re.compile(r"/dns/$"))
    page.go_back()
    expect(page.locator("#tab-")).to_have_attribute("aria-current", "page")
    page.go_back()
    expect(page.locator("#chip-lapses")).to_have_text("within 30 days")
    expect(rows(page)).to_have_text(["over.example", "soon.example"])
    page.go_back()
    expect(rows(page)).to_have_count(4)


def test_a_record_is_found_while_typing(page, live_server, house):
    page.goto(f"{live_server.url}/domains/{house.pk}/")
    page.locator("#tab-dns").click()
    expect(page.locator(".hf-dns td.val")).to_have_count(4)
    page.get_by_label("Find a record").press_sequentially("spf", delay=40)
    expect(page.locator(".hf-dns td.val")).to_have_text(["v=spf1 -all"])
    expect(page.get_by_role("status").filter(has_text="1 of 4 records")).to_be_visible()
    expect(page.get_by_label("Find a record")).to_be_focused()
    expect(page).to_have_url(re.compile(r"find=spf"))
    page.reload()
    expect(page.locator(".hf-dns td.val")).to_have_count(1)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (375, 812)])
def test_everybody_can_use_the_pages(page, live_server, house, width, height):
    page.set_viewport_size({"width": width, "height": height})
    for path in ("/domains/", f"/domains/{house.pk}/", f"/domains/{house.pk}/dns/", "/domains/zones/"):
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
