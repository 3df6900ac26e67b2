"""Connecting an account in a browser, and that everybody can use these pages."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from accounts.models import Customer, ProviderAccount
from tests.accounts import people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(page_of):
    return page_of(people.alice())


def test_a_login_is_tried_told_and_connected(page, live_server, portals):
    portal = portals.dns_services
    page.goto(f"{live_server.url}/accounts/")
    page.get_by_role("link", name="Connect an account").first.click()
    page.get_by_role("link", name="DNS.services").click()
    page.get_by_label("API address").fill(portal.base_url)
    page.get_by_label("E-mail", exact=True).fill(portal.credential["username"])
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Test and connect").click()
    expect(page.get_by_role("alert")).to_contain_text("The portal refused this login.")
    expect(page.get_by_label("Password")).to_have_value("")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value(portal.credential["username"])
    page.get_by_label("Password").fill(portal.credential["password"])
    page.get_by_label("Password").press("Enter")
    expect(page).to_have_url(re.compile(r"/accounts/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("DNS.services")
    assert ProviderAccount.objects.get().login_hint == portal.credential["username"]


def test_another_sign_in_method_keeps_what_was_typed_elsewhere(page, live_server):
    page.goto(f"{live_server.url}/accounts/connect/cloudviet/")
    page.get_by_label("Name", exact=True).fill("Our Cloudviet")
    with page.expect_response(re.compile(r"\?auth=jwt$")):
        page.get_by_label("Sign-in method").select_option("jwt")
    expect(page.get_by_label("Sign-in method")).to_have_value("jwt")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Our Cloudviet")
    expect(page).to_have_url(re.compile(r"/connect/cloudviet/$"))


def test_deleting_waits_for_the_typed_name(page, live_server):
    account = people.make_account("Agency")
    page.goto(f"{live_server.url}/accounts/{account.pk}/")
    page.get_by_role("button", name="More for Agency").click()
    page.get_by_role("link", name="Delete the account").click()
    submit = page.get_by_role("button", name="Delete the account")
    expect(submit).to_be_disabled()
    page.get_by_label("Type Agency to confirm").fill("Agency")
    submit.click()
    expect(page).to_have_url(re.compile(r"/accounts/$"))
    expect(page.get_by_role("link", name="Agency")).to_have_count(0)
    account.refresh_from_db()
    assert account.state == "deleting"


def test_a_token_is_shown_once(page, live_server):
    page.goto(f"{live_server.url}/profile/")
    page.get_by_role("link", name="Make a token").click()
    page.get_by_label("What it is for").fill("backup")
    page.get_by_role("button", name="Make the token").click()
    text = page.get_by_text(re.compile(r"^hf_[\w-]{43}$")).first.inner_text()
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_text("backup")).to_be_visible()
    assert text not in page.content()


@pytest.mark.parametrize("width", [1440, 375])
def test_everybody_can_use_the_pages_and_they_fit(page, live_server, width):
    account = people.make_account("Agency", state="refused", state_reason="The portal refused this login.")
    customer = Customer.objects.create(name="Baltic Ropes", notes="Calls on Mondays.")
    paths = [
        "accounts/",
        f"accounts/{account.pk}/",
        f"accounts/{account.pk}/edit/",
        f"accounts/{account.pk}/credential/",
    ]
    paths += ["accounts/connect/", "accounts/connect/hostbill/", "customers/", f"customers/{customer.pk}/"]
    paths += ["people/", "profile/"]
    page.set_viewport_size({"width": width, "height": 900})
    found = {}
    for path in paths:
        page.goto(f"{live_server.url}/{path}")
        page.wait_for_load_state("networkidle")
        if violations := Axe().run(page).response["violations"]:
            found[path] = [(item["id"], [node["target"] for node in item["nodes"]]) for item in violations]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[f"{path} is too wide"] = []
    assert not found
