"""Lists as people use them: back, typing, keys, ticks."""

import re

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def first_name(page: Page) -> str:
    return page.locator("tbody th a").first.inner_text()


def test_back_brings_the_filters_of_before(page_of_alice: Page, live_server: LiveServer):
    page = page_of_alice
    page.goto(f"{live_server.url}/domains/")
    page.get_by_role("link", name="Auto-renew off").click()
    expect(page).to_have_url(re.compile(r"\?view=off$"))
    page.locator("#chip-harbour").click()
    page.get_by_role("link", name="VPS.org").first.click()
    expect(page).to_have_url(re.compile(r"view=off&harbour=vo$"))
    expect(page.locator("#chip-harbour")).to_have_text("VPS.org")
    page.go_back()
    expect(page.locator("#chip-harbour")).to_have_text("any account")
    expect(page.locator("#view-off")).to_have_attribute("aria-current", "page")
    page.go_back()
    expect(page.locator("#view-")).to_have_attribute("aria-current", "page")
    page.go_forward()
    expect(page.locator("#view-off")).to_have_attribute("aria-current", "page")


def test_back_from_a_row_shows_the_page_and_not_its_fragment(page_of_alice: Page, live_server: LiveServer):
    page = page_of_alice
    page.goto(f"{live_server.url}/domains/")
    page.locator("#sort-name").click()
    expect(page).to_have_url(re.compile("sort=name"))
    page.locator("tbody tr").nth(2).locator("td.c-meta").click()
    expect(page.locator("#detail")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    expect(page.locator("[aria-sort]")).to_have_count(1)


def test_typing_in_the_search_goes_on_while_answers_arrive(page_of_alice: Page, live_server: LiveServer):
    page = page_of_alice
    page.goto(f"{live_server.url}/domains/")
    page.keyboard.press("/")
    page.keyboard.type("lotus", delay=90)
    expect(page).to_have_url(re.compile("q=lotus"))
    page.keyboard.type("dental 3-", delay=90)
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("#find")).to_be_focused()
    expect(page.locator("#find")).to_have_value("lotusdental 3-")
    page.go_back()
    expect(page.locator("#find")).to_have_value("")
    expect(page.locator("tbody tr")).to_have_count(50)


def test_a_tab_empties_the_search_box(page_of_alice: Page, live_server: LiveServer):
    page = page_of_alice
    page.goto(f"{live_server.url}/domains/?q=kyst")
    page.get_by_role("link", name="Dates unknown").click()
    expect(page.locator("#find")).to_have_value("")


def test_a_menu_of_several_stays_open_and_keeps_the_focus(page_of_alice: Page, live_server: LiveServer):
    page = page_of_alice
    page.goto(f"{live_server.url}/domains/")
    page.locator("#chip-harbour").press("Enter")
    page.locator("#option-harbour-1").press("Enter")
    expect(page.locator("#chip-harbour")).to_have_text("Cloudviet")
    expect(page.locator("#menu-harbour")).to_be_visible()
    expect(page.locator("#option-harbour-1")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#chip-harbour")).to_have_text("Cloudviet, DNS.services")
    expect(page.locator("#option-harbour-2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#menu-harbour")).to_be_hidden()


def test_the_keys_alone_do_the_work(page_of_alice: Page, live_server: LiveServer):
    page = page_of_alice
    page.goto(live_server.url)
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page.get_by_role("heading", name="Domains")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr.here")).to_have_count(1)
    expect(page.locator("tr.here th a")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("#bulk")).to_contain_text("1 selected")
    page.keyboard.press("k")
    name = page.locator("tr.here th a").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.keyboard.press("Control+k")
    expect(page.get_by_label("Search everything")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_the_focus_stays_on_the_head_that_sorted(page_of_alice: Page, live_server: LiveServer):
    page = page_of_alice
    page.goto(f"{live_server.url}/domains/")
    page.locator("#sort-price").press("Enter")
    expect(page.locator("[aria-sort]")).to_contain_text("Next renewal")
    expect(page.locator("#sort-price")).to_be_focused()


def test_ticks_raise_a_bar_that_tells_the_consequences(page_of_alice: Page, live_server: LiveServer):
    page = page_of_alice
    page.goto(f"{live_server.url}/domains/")
    ticks = page.locator("tbody input[name=pick]")
    ticks.nth(0).check()
    ticks.nth(3).click(modifiers=["Shift"])
    expect(page.locator("#bulk")).to_contain_text("4 selected")
    expect(page.locator("#bulk .so")).to_contain_text("25.98 USD")
    expect(page.locator("#bulk .so")).to_contain_text("770,000 VND")
    page.get_by_role("button", name="Renew them").click()
    expect(page.locator("#dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="clear").click()
    expect(page.locator("#bulk")).to_be_hidden()
    page.get_by_label("Select all 50 on this page").check()
    expect(page.locator("#bulk")).to_contain_text("50 selected")


def test_an_ended_session_leads_to_the_sign_in_and_back(
    page_of_alice: Page, live_server: LiveServer, context: BrowserContext
):
    page = page_of_alice
    page.goto(f"{live_server.url}/domains/?q=kyst")
    context.clear_cookies()
    page.get_by_role("link", name="Auto-renew off").click()
    expect(page).to_have_url(f"{live_server.url}/sign-in/?next=%2Fdomains%2F%3Fq%3Dkyst")


def test_without_javascript_links_and_search_still_work(page_of_alice: Page, live_server: LiveServer, client: Client):
    page_of_alice.goto(live_server.url)
    cookie = client.cookies["sessionid"].value
    browser = page_of_alice.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = plain.new_page()
    page.goto(f"{live_server.url}/domains/?view=off")
    page.locator("#find").fill("lotus")
    page.locator("#find").press("Enter")
    expect(page).to_have_url(re.compile("view=off&q=lotus"))
    page.locator("#sort-name").click()
    page.locator("tbody th a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1-lotusdental.vn")
    plain.close()
