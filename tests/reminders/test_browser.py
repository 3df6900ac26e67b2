"""In Chromium: somebody says when they want to be told, tries the mail server, and reads what was sent."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from reminders.models import Subscription
from tests import browser
from tests.accounts import people
from tests.factories import in_days, make_domain
from tests.reminders.desk import received, subjects, tick

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_digest_is_set_up_tried_out_and_read(page_of, live_server, mails, settings):
    settings.HOLDFAST_BASE_URL = live_server.url
    alice = people.alice()
    domain = make_domain("nordlysbageri.dk", expires_on=in_days(3), auto_renew=False)
    page = page_of(alice)
    page.goto(live_server.url + reverse("reminders:settings"))
    page.get_by_role("button", name="Send a test mail").click()
    expect(page.locator("main")).to_contain_text("test mail", ignore_case=True)
    assert [mail["to"] for mail in received(mails)] == [[alice.email]]
    page.get_by_label("At", exact=True).select_option("0")
    page.get_by_role("button", name="Save your digest").click()
    expect(page.get_by_label("At", exact=True)).to_have_value("0")
    assert Subscription.objects.get(user=alice).hour == 0
    tick()
    assert subjects(mails, alice)[-1] == "nordlysbageri.dk lapses in 3 days"
    page.goto(live_server.url + reverse("reminders:reminder-list"))
    expect(page.locator("main")).to_contain_text("nordlysbageri.dk")
    page.set_viewport_size({"width": 375, "height": 812})
    assert browser.fits(page)
    link = next(word for word in received(mails, alice)[-1]["text"].split() if word.startswith(live_server.url))
    page.goto(link)
    expect(page.locator("h1")).to_contain_text(domain.name)
