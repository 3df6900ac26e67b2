"""Before a reminder leaves, the portal is asked once more: against the stand-in portals, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import states
from accounts.models import ProviderAccount, User
from accounts.roles import Role
from domains.models import Domain
from reminders import deliver as delivery
from reminders.deliver import Outcome
from reminders.models import Reading, Reminder, State, Subscription
from sandbox.server import Sandbox
from sync.models import Kind, Resource, Schedule
from tests.accounts import people
from tests.factories import in_days, make_domain
from tests.reminders.desk import names, received, subjects, texts, tick

pytestmark = pytest.mark.django_db


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as portals:
        yield portals


@pytest.fixture
def account(sandbox: Sandbox) -> ProviderAccount:
    return people.account_at(sandbox.cloudviet, "Cloudviet")


@pytest.fixture(autouse=True)
def alice() -> User:
    person = people.alice()
    Subscription.objects.create(user=person, hour=0)
    return person


def mirrored(sandbox: Sandbox, account: ProviderAccount, number: int, days: int) -> Domain:
    """A domain of the portal, with a day that both agree on."""
    record = sandbox.cloudviet.state.all("domains")[number]
    at_portal(sandbox, record["id"], days)
    return make_domain(record["name"], account=account, upstream_id=str(record["id"]), expires_on=in_days(days))


def at_portal(sandbox: Sandbox, upstream_id: object, days: int) -> None:
    with sandbox.cloudviet.lock:
        record = sandbox.cloudviet.state.edit("domains", str(upstream_id))
        record["expires"] = record["next_due"] = in_days(days).isoformat()
        record["status"] = "Active"


def test_a_domain_that_was_renewed_meanwhile_is_not_reminded_of_and_the_mirror_learns_its_day(sandbox, account, mails):
    domain = mirrored(sandbox, account, 0, 5)
    at_portal(sandbox, domain.resource.upstream_id, 370)
    assert tick() == [Outcome.NOTHING]
    assert mails.mails() == []
    row = Reminder.objects.get()
    assert row.state == State.CANCELLED
    assert row.reason.startswith("The date moved to ")
    assert Resource.objects.get(pk=domain.pk).due_on == in_days(370)
    assert tick() == []


def test_the_others_of_the_same_mail_go_out(sandbox, account, mails):
    moved, kept = mirrored(sandbox, account, 0, 5), mirrored(sandbox, account, 1, 6)
    at_portal(sandbox, moved.resource.upstream_id, 370)
    tick()
    assert [names(text) for text in texts(mails)] == [[kept.resource.name]]


def test_a_day_that_moved_nearer_is_told_with_the_new_day(sandbox, account, mails):
    domain = mirrored(sandbox, account, 0, 50)
    at_portal(sandbox, domain.resource.upstream_id, 2)
    assert tick() == [Outcome.NOTHING]
    assert tick() == [Outcome.SENT]
    assert subjects(mails) == [f"{domain.resource.name} lapses in 2 days"]


def test_an_unreachable_portal_holds_no_reminder_back_and_the_mail_says_as_of_when(sandbox, account, mails):
    domain = mirrored(sandbox, account, 0, 5)
    read = timezone.now() - timedelta(hours=7)
    Schedule.objects.create(account=account, kind=Kind.DOMAINS, next_due_at=read, last_complete_at=read)
    sandbox.cloudviet.fail("status", status=503)
    assert tick() == [Outcome.SENT]
    (text,) = texts(mails)
    assert names(text) == [domain.resource.name]
    assert "    As of " in text
    assert "portal unreachable (" in text
    assert account.name in text


def test_a_refused_credential_is_tried_once_and_holds_nothing_back(sandbox, account, mails):
    for number in range(3):
        mirrored(sandbox, account, number, 5)
    sandbox.cloudviet.fail("status", status=401)
    assert tick() == [Outcome.SENT]
    assert len(names(texts(mails)[0])) == 3
    assert ProviderAccount.objects.get().state == ProviderAccount.State.REFUSED


def test_a_paused_account_is_not_asked_and_its_domains_are_told_all_the_same(sandbox, account, mails):
    mirrored(sandbox, account, 0, 5)
    states.pause(account, by=None)
    before = len(sandbox.requests)
    assert tick() == [Outcome.SENT]
    assert len(sandbox.requests) == before
    assert "the account is paused" in texts(mails)[0]


def test_a_thing_that_the_portal_no_longer_finds_is_told_with_its_words(account, mails):
    domain = make_domain("vanished.example", account=account, upstream_id="999999", expires_on=in_days(3))
    assert tick() == [Outcome.SENT]
    assert names(texts(mails)[0]) == [domain.resource.name]
    assert "As of an unknown time, the portal did not tell of it (" in texts(mails)[0]


def test_ten_recipients_cost_one_question_a_thing(sandbox, account, mails):
    mirrored(sandbox, account, 0, 5)
    for number in range(9):
        person = people.make_person(f"Colleague{number}", Role.STAFF)
        Subscription.objects.create(user=person, hour=0)
    assert tick() == [Outcome.SENT] * 10
    assert len(received(mails)) == 10
    assert Reading.objects.count() == 1
    assert sum(entry.status == 200 and "/domain/" in entry.path for entry in sandbox.requests) == 1


def test_what_can_t_be_looked_up_in_one_go_is_looked_up_in_the_next(sandbox, account, mails, monkeypatch):
    for number in range(3):
        mirrored(sandbox, account, number, 5)
    monkeypatch.setattr(delivery, "LOOK_SECONDS", 0.0)
    assert tick() == [Outcome.AGAIN]
    assert mails.mails() == []
    monkeypatch.setattr(delivery, "LOOK_SECONDS", 30.0)
    assert tick() == [Outcome.SENT]
    assert len(names(texts(mails)[0])) == 3


def test_a_mail_that_failed_for_hours_asks_the_portal_anew_before_it_leaves(sandbox, account, mails, settings):
    domain, kept = mirrored(sandbox, account, 0, 5), mirrored(sandbox, account, 1, 6)
    working, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    with time_machine.travel(timezone.now().replace(hour=1, minute=0), tick=False) as clock:
        assert tick() == [Outcome.FAILED]
        at_portal(sandbox, domain.resource.upstream_id, 370)
        settings.EMAIL_PORT = working
        clock.shift(timedelta(hours=3))
        assert tick() == [Outcome.SENT]
    assert [names(text) for text in texts(mails)] == [[kept.resource.name]]
    assert "As of" not in texts(mails)[0]
