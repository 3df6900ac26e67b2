"""How often kinds are read, what that costs, and who may set what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, ProviderAccount
from providers.errors import Unavailable
from sync.ask import ask
from sync.declare import interval_of, registry
from sync.due import tick
from sync.intervals import IntervalsRefused, KindPlan, plan_of, set_intervals
from sync.models import Kind, Run, Schedule
from tests.sync.conftest import make_account
from tests.sync.double import drive, sync

pytestmark = pytest.mark.django_db

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def offering(db: None) -> ProviderAccount:  # noqa: ARG001  # to have it first
    """An account whose portal offers domains and the balance, at most ten calls a minute."""
    return make_account(
        "Small",
        provider="cloudviet",
        rate_per_minute=10,
        capabilities=["domains.list", "domains.detail", "billing.balances"],
    )


def kind_of(account, kind: str) -> KindPlan:
    return next(each for each in plan_of(account).kinds if each.kind == kind)


def test_kinds_are_read_as_often_as_they_matter():
    minutes = {declaration.kind.value: declaration.interval / MINUTE for declaration in registry.in_order()}
    expected = {
        "tickets": 5, "virtual-machines": 10, "domains": 60, "invoices": 60, "balance": 60, "services": 60,
        "zones": 360, "certificates": 360, "contacts": 1440, "catalogue": 1440, "prices": 1440,
        "profile": 1440,
    }  # fmt: skip
    assert minutes == {kind: expected[kind] for kind in minutes}
    assert len(minutes) >= 9


def test_the_plan_counts_lists_and_the_details_of_a_routine_run(offering, portal):
    portal.fill(240)
    portal.page_size = 100
    sync(portal, offering)
    first = kind_of(offering, "domains")
    sync(portal, offering)
    routine = kind_of(offering, "domains")
    # A 24th of 240 details each hour.
    assert (routine.list_calls, routine.detail_calls, routine.per_hour) == (3, 10, 13)
    assert (first.detail_calls, first.estimated) == (10, False), "what is new once is not counted as routine"
    assert kind_of(offering, "balance").estimated
    plan = plan_of(offering)
    assert {each.kind for each in plan.kinds} == {"domains", "balance"}
    assert (plan.per_hour, plan.allowed_per_hour, plan.fits) == (14, 600, True)


def test_a_choice_is_counted_before_it_is_made(offering, portal):
    portal.fill(240)
    sync(portal, offering)
    sync(portal, offering)
    often = plan_of(offering, {"domains": timedelta(minutes=5)})
    domains = next(each for each in often.kinds if each.kind == Kind.DOMAINS)
    assert (domains.list_calls, domains.detail_calls) == (1, 1), (
        "details are spread over their age, however often it is read"
    )
    assert domains.per_hour == 24
    assert kind_of(offering, "domains").interval == HOUR


def test_an_interval_is_set_told_and_heeded(offering, alice):
    later = timezone.now() + HOUR
    Schedule.objects.update(next_due_at=later)
    assert set_intervals(offering, {"domains": timedelta(minutes=10)}, user=alice)
    schedule = Schedule.objects.get(account=offering, kind="domains")
    assert interval_of(schedule) == timedelta(minutes=10)
    assert schedule.next_due_at <= timezone.now() + timedelta(minutes=10), "not only after the old one is over"
    entry = AuditEntry.objects.get(event="sync_intervals_set")
    assert (entry.account, entry.user, entry.detail) == (offering, alice, {"domains": [None, 600]})
    Schedule.objects.filter(pk=schedule.pk).update(next_due_at=timezone.now())
    tick()
    schedule.refresh_from_db()
    assert timedelta(minutes=8) < schedule.next_due_at - timezone.now() < timedelta(minutes=12)
    assert not set_intervals(offering, {"domains": timedelta(minutes=10)}, user=alice), "nothing moved"
    assert set_intervals(offering, {"domains": HOUR}, user=alice)
    schedule.refresh_from_db()
    assert schedule.interval is None, "what equals the default follows the default"
    assert AuditEntry.objects.filter(event="sync_intervals_set").count() == 2


@pytest.mark.parametrize(
    ("kind", "interval", "word"),
    [
        ("domains", timedelta(seconds=59), "one minute"),
        ("domains", timedelta(days=8), "seven days"),
        ("poems", HOUR, "no such kind"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(offering, alice, kind, interval, word):
    with pytest.raises(IntervalsRefused) as refused:
        set_intervals(offering, {kind: interval, "balance": HOUR}, user=alice)
    assert list(refused.value.reasons) == [kind]
    assert word in refused.value.reasons[kind]
    assert not AuditEntry.objects.exists()


def test_what_the_rate_limit_does_not_allow_is_refused_and_less_is_always_allowed(offering, portal, alice):
    portal.fill(240)
    portal.page_size = 20
    sync(portal, offering)
    with pytest.raises(IntervalsRefused) as refused:
        set_intervals(offering, {"domains": MINUTE}, user=alice)
    assert "calls an hour. 600 are allowed" in refused.value.reasons[""]
    Schedule.objects.filter(kind="domains").update(interval=MINUTE)  # from before the limit was lowered
    assert set_intervals(offering, {"domains": timedelta(minutes=2)}, user=alice)


def test_a_back_off_says_since_when_and_how_often_and_is_over_with_the_first_good_run(account, portal, alice):
    def away(_operation: str) -> None:
        raise Unavailable("The portal can't be reached.")

    portal.before = away
    sync(portal, account)
    first = Schedule.objects.get(account=account, kind="domains")
    sync(portal, account)
    second = Schedule.objects.get(account=account, kind="domains")
    assert (first.failures, second.failures, second.failing_since) == (1, 2, first.failing_since)
    assert 90 < (second.next_due_at - timezone.now()).total_seconds() < 140
    assert tick() == len(Schedule.objects.filter(account=account)) - 1, "routine waits until the next try"
    portal.before = lambda _operation: None
    [run] = ask(account, ["domains"], user=alice, full=False)
    drive(portal, run)
    healed = Schedule.objects.get(account=account, kind="domains")
    assert (run.state, healed.failures, healed.failing_since) == (Run.State.SUCCEEDED, 0, None)
    assert healed.next_due_at > timezone.now() + timedelta(minutes=50)
