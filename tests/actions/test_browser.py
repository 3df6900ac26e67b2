"""In Chromium: an action is seen to move in place, and an unknown one is settled in the dialog, under the strict policy."""

from __future__ import annotations

from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone

from actions.engine import outcomes
from actions.filing import file
from actions.models import Action, Stage, State
from providers.errors import Unavailable
from tests.accounts import people
from tests.browser import fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def action(domain) -> Action:
    person = people.bob()
    return file("test.buy", domain.resource, {}, actor=person, price=Decimal("12.99"), currency="USD").action


def test_an_action_is_followed_in_place_from_queued_to_done(page_of, live_server, action):
    page = page_of(action.actor)
    page.goto(live_server.url + reverse("actions:action-detail", args=[action.pk]))
    page.get_by_text("Nothing was sent yet; a worker takes it up in a moment.").wait_for()
    Action.objects.update(state=State.RUNNING, generation=1, sent_at=timezone.now())
    page.get_by_text("sent, no answer yet").wait_for()
    Action.objects.update(state=State.SUCCEEDED, stage=Stage.INVOICE_UNPAID, result={"order": "77"})
    page.get_by_text("It acts only once the invoice is paid.").wait_for()
    assert page.locator(".hf-chain .soon").inner_text().endswith("invoice to be paid")
    assert page.locator("#title .hf-tone").inner_text() == "Invoice unpaid"


def test_an_unknown_outcome_is_settled_in_the_dialog(page_of, live_server, action, tmp_path):
    Action.objects.update(state=State.RUNNING, generation=1, sent_at=timezone.now())
    action.refresh_from_db()
    outcomes.lose(action, None, Unavailable("The portal sent no answer within 60 seconds.", upstream_words="502"))
    page = page_of(action.actor)
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(live_server.url + reverse("actions:action-detail", args=[action.pk]))
    page.get_by_text("it may have happened").first.wait_for()
    assert fits(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []
    page.screenshot(path=tmp_path / "unknown.png")
    page.get_by_role("link", name="It did not happen").click()
    dialog = page.locator("#dialog[open]")
    dialog.get_by_role("button", name="Note that it did not happen").click()
    dialog.get_by_text("This field is required").first.wait_for()
    page.screenshot(path=tmp_path / "settle.png")
    dialog.locator("textarea").fill("The portal shows no order.")
    dialog.get_by_role("button", name="Note that it did not happen").click()
    page.get_by_text("Noted: it did not happen. It can be decided anew.").wait_for()
    action.refresh_from_db()
    assert (action.state, action.resolution) == (State.FAILED, "The portal shows no order.")


def test_a_long_ledger_is_read_on_a_phone_and_in_the_dark(page_of, live_server, action, tmp_path):
    states = [State.UNKNOWN, State.QUEUED, State.SUCCEEDED, State.FAILED, State.CANCELLED]
    for number in range(10):
        made = file("test.poke", action.resource, {}, actor=action.actor).action
        Action.objects.filter(pk=made.pk).update(
            state=states[number % 5], error="No answer came." if number % 2 else ""
        )
    page = page_of(action.actor)
    page.emulate_media(color_scheme="dark")
    page.goto(live_server.url + reverse("actions:action-list") + "?view=all")
    page.get_by_text("Poke bahnhof.example").first.wait_for()
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []
    page.screenshot(path=tmp_path / "list.png")
    page.set_viewport_size({"width": 375, "height": 800})
    assert fits(page)
    page.screenshot(path=tmp_path / "phone.png")
