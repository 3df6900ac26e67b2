"""Dialogs, toasts, failures, colours, sizes; and what an automatic check of accessibility finds."""

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.web.models import Boat

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ["/", "/domains/?harbour=cv", "/domains/none/", "/domains/5/", "/domains/5/renew/", "/sign-in/"]


def open_dialog(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/domains/5/")
    page.get_by_role("link", name="Renew for 1 year").click()
    expect(page.locator("#dialog")).to_be_visible()


def test_a_dialog_takes_the_focus_and_gives_it_back(page_of_alice: Page, live_server: LiveServer):
    page = page_of_alice
    open_dialog(page, live_server)
    expect(page.get_by_label("Years")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.get_by_role("link", name="Renew for 1 year")).to_be_focused()


def test_a_refused_form_stays_open_with_the_fault_in_focus(page_of_alice: Page, live_server: LiveServer):
    page = page_of_alice
    open_dialog(page, live_server)
    page.get_by_label("Years").fill("99")
    page.get_by_role("button", name="Renew for 79.00 DKK").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Years")).to_have_value("99")
    page.get_by_label("Years").fill("2")
    page.get_by_role("button", name="Renew for 79.00 DKK").click()
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator(".hf-toast")).to_contain_text("The renewal is queued.")
    expect(page.locator(".hf-toast a")).to_have_attribute("href", "/")


def test_a_typed_confirmation_waits_for_the_name(page_of_alice: Page, live_server: LiveServer):
    page = page_of_alice
    page.goto(f"{live_server.url}/domains/5/")
    page.get_by_role("button", name="More for kystvand.dk").click()
    page.get_by_role("link", name="Delete").click()
    button = page.get_by_role("button", name="Delete it here")
    expect(button).to_be_disabled()
    page.get_by_label("Type kystvand.dk to confirm").fill("kystvand.dk")
    button.click()
    expect(page.locator(".hf-toast")).to_contain_text("kystvand.dk is gone.")
    assert not Boat.objects.filter(pk=5).exists()


def test_failures_are_said_in_words(page_of_alice: Page, live_server: LiveServer, context: BrowserContext):
    page = page_of_alice
    page.goto(live_server.url)
    page.get_by_role("button", name="500").click()
    expect(page.locator(".hf-toast").last).to_contain_text("went wrong on our side")
    page.get_by_role("button", name="403").click()
    expect(page.locator(".hf-toast").last).to_contain_text("You may not do this")
    context.set_offline(True)
    page.get_by_role("button", name="403").click()
    expect(page.locator(".hf-toast").last).to_contain_text("could not be reached")
    context.set_offline(False)


def test_a_part_that_fails_can_be_tried_again(page_of_alice: Page, live_server: LiveServer):
    page = page_of_alice
    page.goto(f"{live_server.url}/domains/5/")
    expect(page.get_by_text("name servers changed")).to_be_visible()
    note = page.get_by_text("The tickets could not be loaded")
    expect(note).to_be_visible()
    with page.expect_request("**/lazy/?fail=1"):
        page.get_by_role("button", name="Try again").click()
    expect(note).to_be_visible()
    expect(page.locator(".hf-toast")).to_have_count(0)


def test_tabs_load_in_place_and_have_their_urls(page_of_alice: Page, live_server: LiveServer):
    page = page_of_alice
    page.goto(f"{live_server.url}/domains/5/")
    page.get_by_role("link", name="DNS 16").click()
    expect(page.locator("#records")).to_be_visible()
    expect(page).to_have_url(f"{live_server.url}/domains/5/records/")
    page.go_back()
    expect(page.get_by_role("heading", name="Facts")).to_be_visible()


def test_the_chosen_colours_are_kept_and_there_before_the_first_paint(page_of_alice: Page, live_server: LiveServer):
    page = page_of_alice
    page.goto(live_server.url)
    page.locator(".hf-me").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.goto(f"{live_server.url}/domains/", wait_until="commit")
    page.wait_for_selector("html[data-bs-theme=dark]", state="attached")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(11, 18, 20)"


def test_a_value_is_copied_with_one_click(page_of_alice: Page, live_server: LiveServer, context: BrowserContext):
    page = page_of_alice
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{live_server.url}/domains/5/")
    page.get_by_role("button", name="Copy 103.56.158.21").click()
    expect(page.locator(".hf-toast")).to_contain_text("Copied 103.56.158.21")
    assert page.evaluate("navigator.clipboard.readText()") == "103.56.158.21"


@pytest.mark.parametrize("width", [375, 720, 1440])
def test_no_page_scrolls_sideways(page_of_alice: Page, live_server: LiveServer, width: int):
    """720 px is what a window of 1440 has left at 200 % zoom."""
    page = page_of_alice
    page.set_viewport_size({"width": width, "height": 800})
    for path in PAGES:
        page.goto(live_server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_a_phone_has_five_places_and_the_rest_behind_more(page_of_alice: Page, live_server: LiveServer):
    page = page_of_alice
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{live_server.url}/domains/")
    assert page.locator(".hf-nav a:visible").count() == 5
    page.get_by_role("button", name="More", exact=True).click()
    page.locator("#more-menu").get_by_role("link", name="Calendar").click()
    expect(page).to_have_url(f"{live_server.url}/calendar/")


@pytest.mark.parametrize(("theme", "width"), [("light", 375), ("dark", 1440)])
def test_the_automatic_check_finds_no_barrier(page_of_alice: Page, live_server: LiveServer, theme: str, width: int):
    page = page_of_alice
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    for path in PAGES:
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"


def test_a_cold_page_weighs_less_than_300_kb(page_of_alice: Page, live_server: LiveServer):
    page = page_of_alice
    sizes: dict[str, int] = {}

    def weigh(path: str, content: bytes) -> None:
        packed = content if path.endswith(".woff2") else gzip.compress(content, 9)
        sizes[path] = len(packed)

    page.on("response", lambda response: weigh(response.url, response.body()) if response.ok else None)
    page.goto(f"{live_server.url}/domains/")
    page.wait_for_load_state("networkidle")
    own = {path: size for path, size in sizes.items() if "/static/" in path}
    assert sum(sizes.values()) < 300_000, sizes
    assert sum(sizes.values()) - sum(own.values()) < 20_000, sizes
