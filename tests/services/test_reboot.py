"""A reboot is sent once: what can't be told afterwards is left to a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import tokens
from accounts.models import ProviderAccount
from actions.filing import file
from actions.models import Action, Stage, State
from sandbox.portal import Portal
from sandbox.server import Sandbox
from services.models import VirtualMachine
from sync.models import Kind
from tests.accounts import people
from tests.actions.desk import look, mirrored_account, work
from tests.factories import make_machine

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(demo=True, seed=3, data=None) as sandbox:
        yield sandbox


def machine_at(portal: Portal, status: str = "running") -> VirtualMachine:
    account = mirrored_account(portal, Kind.MACHINES)
    found = (
        VirtualMachine.objects.filter(resource__account=account, status=status)
        .select_related("resource__account")
        .first()
    )
    assert found is not None
    return found


def reboots(box: Sandbox) -> int:
    return sum(call.method == "POST" and ("reboot" in call.path or "power" in call.path) for call in box.requests)


@pytest.mark.parametrize("which", ["cloudviet", "vps_org"])
def test_a_reboot_is_sent_once_and_done_when_the_machine_runs(box, which):
    machine = machine_at(getattr(box, which))
    action = work(file("machine.reboot", machine.resource, {}, actor=people.bob()).action)
    if action.stage != Stage.DONE:
        action = look(action)
    assert (action.state, action.stage) == (State.SUCCEEDED, Stage.DONE)
    assert reboots(box) == 1


def test_a_reboot_whose_answer_got_lost_is_not_sent_again(box):
    machine = machine_at(box.cloudviet)
    box.cloudviet.fail("drop-after", method="POST", path="reboot", remaining=1)
    action = work(file("machine.reboot", machine.resource, {}, actor=people.bob()).action)
    assert action.state == State.UNKNOWN
    for _turn in range(3):
        action = look(action, later=timedelta(minutes=5))
    assert action.state == State.UNKNOWN, "no portal tells when a machine was started"
    assert reboots(box) == 1
    again = file("machine.reboot", machine.resource, {}, actor=people.alice())
    assert (again.is_new, again.action) == (False, action), "until somebody has looked, nobody sends a second one"


def test_the_next_reboot_is_free_once_the_last_one_is_settled(box):
    machine = machine_at(box.cloudviet)
    bob = people.bob()
    first = work(file("machine.reboot", machine.resource, {}, actor=bob).action)
    second = file("machine.reboot", machine.resource, {}, actor=bob)
    assert first.state == State.SUCCEEDED
    assert second.is_new


def test_two_people_who_press_at_once_file_one_reboot():
    machine = make_machine()
    machine.resource.account.capabilities = ["services.reboot"]
    first = file("machine.reboot", machine.resource, {}, actor=people.alice(), key="a")
    second = file("machine.reboot", machine.resource, {}, actor=people.bob(), key="b")
    assert (second.is_new, second.action) == (False, first.action)


def test_a_stopped_machine_is_not_rebooted(box):
    machine = machine_at(box.cloudviet, "stopped")
    action = work(file("machine.reboot", machine.resource, {}, actor=people.bob()).action)
    assert action.state == State.FAILED
    assert "nothing to reboot" in action.error
    assert reboots(box) == 0


def test_a_machine_that_is_gone_fails_with_a_sentence_and_nothing_is_sent(box):
    machine = machine_at(box.vps_org)
    machine.resource.upstream_id = "00000000-0000-0000-0000-000000000000"
    machine.resource.save()
    action = work(file("machine.reboot", machine.resource, {}, actor=people.bob()).action)
    assert (action.state, action.error_code) == (State.FAILED, "not_found")
    assert reboots(box) == 0


def test_the_dialog_says_what_will_happen_and_files_it_once(client):
    machine = make_machine("web-03.hcm")
    ProviderAccount.objects.update(capabilities=["services.reboot"])
    client.force_login(people.bob())
    url = reverse("services:machine-reboot", args=[machine.pk])
    dialog = client.get(url).content.decode()
    assert "web-03.hcm" in dialog
    assert "be called back" in dialog
    for _click in range(2):
        answer = client.post(url, {"key": "one-form"}, headers={"HX-Request": "true"})
        assert answer.status_code == 204
    assert Action.objects.count() == 1


def test_what_a_portal_lacks_is_said_where_the_button_would_be(client):
    machine = make_machine()
    client.force_login(people.bob())
    page = client.get(reverse("services:machine-detail", args=[machine.pk])).content.decode()
    assert "No reboot from here:" in page
    assert reverse("services:machine-reboot", args=[machine.pk]) not in page


def test_readers_and_outsiders_do_not_reboot(client):
    machine = make_machine()
    ProviderAccount.objects.update(capabilities=["services.reboot"])
    url = reverse("services:machine-reboot", args=[machine.pk])
    client.force_login(people.charlie())
    assert client.post(url, {"key": "a"}).status_code == 404
    client.force_login(people.rita())
    assert client.post(url, {"key": "a"}, headers={"HX-Request": "true"}).status_code == 422
    assert not Action.objects.exists()


def test_the_api_files_a_reboot(client):
    machine = make_machine()
    ProviderAccount.objects.update(capabilities=["services.reboot"])
    headers = {"Authorization": f"Bearer {tokens.make(people.bob(), scope='write')[1]}"}
    answer = client.post(
        f"/api/v1/virtual-machines/{machine.pk}/reboot/", {}, content_type="application/json", headers=headers
    )
    assert (answer.status_code, answer.json()["kind"]) == (202, "machine.reboot")
    reader = {"Authorization": f"Bearer {tokens.make(people.rita())[1]}"}
    assert client.post(f"/api/v1/virtual-machines/{machine.pk}/reboot/", headers=reader).status_code == 403
