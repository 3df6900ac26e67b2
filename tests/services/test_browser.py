"""In Chromium, with a real worker and the stand-in portal: a machine is rebooted from its page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from sandbox.server import Sandbox
from services.models import VirtualMachine
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


def test_a_machine_is_rebooted_by_keyboard_and_its_page_says_when_it_is_done(box, page_of, live_server):
    account = mirrored_account(box.cloudviet, Kind.MACHINES)
    machine = VirtualMachine.objects.filter(resource__account=account, status="running").first()
    assert machine is not None
    page = page_of(people.bob())
    page.goto(live_server.url + reverse("services:machine-detail", args=[machine.pk]))
    page.get_by_role("link", name=f"Reboot {machine.name}").press("Enter")
    dialog = page.locator("#dialog[open]")
    expect(dialog).to_contain_text("can't be called back")
    dialog.get_by_role("button", name=f"Reboot {machine.name}").press("Enter")
    decided = page.locator("section[aria-labelledby=actions-head]")
    expect(decided).to_contain_text(f"Reboot {machine.name}")
    expect(decided).to_contain_text("Done", timeout=30_000)
    assert sum("reboot" in call.path for call in box.requests) == 1
    page.set_viewport_size({"width": 375, "height": 812})
    assert browser.fits(page)
