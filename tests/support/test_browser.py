"""In Chromium, with a real worker and the stand-in portal: a reply is written, sent, and stands in the thread."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from sandbox.server import Sandbox
from support.models import Ticket
from sync.models import Kind
from tests import browser
from tests.accounts import people
from tests.actions.desk import mirrored_account

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("celery_worker_process"),
]


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(demo=True, seed=3, data=None) as sandbox:
        yield sandbox


def test_a_reply_goes_from_the_box_into_the_thread(box, page_of, live_server):
    account = mirrored_account(box.cloudviet, Kind.TICKETS)
    ticket = Ticket.objects.filter(resource__account=account, status="answered").first()
    assert ticket is not None
    page = page_of(people.bob())
    page.goto(live_server.url + reverse("support:ticket-detail", args=[ticket.pk]))
    page.get_by_role("button", name="Send to").click()
    expect(page.get_by_role("alert")).to_contain_text("the reply is empty")
    page.get_by_label("Your reply").fill("Here are the headers of both.")
    page.get_by_role("button", name="Send to").click()
    expect(page.locator("#messages")).to_contain_text("Here are the headers of both.", timeout=20_000)
    expect(page.locator("#reply .hf-action")).to_contain_text("Done", timeout=20_000)
    expect(page.get_by_label("Your reply")).to_have_value("")
    assert sum("/tickets/" in call.path for call in box.requests if call.method == "POST") == 1
    page.set_viewport_size({"width": 375, "height": 812})
    assert browser.fits(page)
