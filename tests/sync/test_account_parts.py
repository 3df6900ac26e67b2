"""An account's schedule, how often it is read, its health, and what its portal can do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import gateway
from accounts.models import AccountMemory, AccountShare, AuditEntry, ProviderAccount
from providers.contract import CallRecord
from sync.engine.calls import Calls, Meter
from sync.engine.limits import limits
from sync.models import Kind, Run, Schedule
from tests.accounts import people
from tests.factories import make_account
from tests.sync.double import sync

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
CAN = ["domains.list", "domains.detail", "domains.renew", "support.list", "services.list_machines"]


@pytest.fixture
def account(db):  # noqa: ARG001  # the database first
    made = make_account("Cloudviet main", capabilities=CAN, rate_per_minute=10)
    now = timezone.now()
    for kind in (Kind.DOMAINS, Kind.TICKETS, Kind.MACHINES):
        Schedule.objects.create(
            account=made,
            kind=kind,
            next_due_at=now + timedelta(minutes=40),
            last_complete_at=now - timedelta(minutes=4),
        )
    return made


def ran(account: ProviderAccount, kind: str = Kind.DOMAINS, *, ago: float = 0.5, **columns: object) -> Run:
    """A run that ended so many hours ago, after ten seconds."""
    end = timezone.now() - timedelta(hours=ago)
    given = {"state": "succeeded", "started_at": end - timedelta(seconds=10), "finished_at": end, **columns}
    return Run.objects.create(account=account, kind=kind, **given)


def interval_of(account: ProviderAccount, kind: str) -> timedelta | None:
    return Schedule.objects.get(account=account, kind=kind).interval


def test_the_schedule_tells_how_often_what_it_costs_and_the_sum_against_the_limit(client, account):
    client.force_login(people.alice())
    page = client.get(reverse("sync:account-state", args=[account.pk])).content.decode()
    assert "5 minutes" in page
    assert "about 12 calls an hour" in page
    assert "of the 600 that are allowed" in page
    assert "Change how often" in page
    client.force_login(people.bob())
    assert "Change how often" not in client.get(reverse("sync:account-state", args=[account.pk])).content.decode()


def test_what_backs_off_says_since_when_and_can_be_tried_now(client, account):
    Schedule.objects.filter(account=account, kind=Kind.DOMAINS).update(
        failures=3, failing_since=timezone.now() - timedelta(hours=2)
    )
    ran(account, state="failed", error="Cloudviet main, Domains: No answer.", error_code="unavailable")
    client.force_login(people.bob())
    page = client.get(reverse("sync:account-state", args=[account.pk])).content.decode()
    assert "failed 3 times since" in page
    assert "Try now" in page
    url = reverse("sync:start-kind", args=[account.pk, Kind.DOMAINS])
    assert url in page
    assert client.post(url, headers=HTMX).status_code == 204
    run = Run.objects.get(state="queued")
    assert run.kind == Kind.DOMAINS
    page = client.get(reverse("sync:account-state", args=[account.pk])).content.decode()
    assert reverse("sync:run-cancel", args=[run.pk]) in page
    stopped = client.post(reverse("sync:run-cancel", args=[run.pk]), headers=HTMX)
    assert "hf:sync-started" in stopped.headers["HX-Trigger"], "the schedule is drawn anew"
    assert client.post(reverse("sync:start-kind", args=[account.pk, "nonsense"])).status_code == 404


def test_administrators_set_how_often_and_it_is_recorded(client, account):
    url = reverse("sync:intervals", args=[account.pk])
    client.force_login(people.bob())
    assert client.get(url).status_code == 403
    alice = people.alice()
    client.force_login(alice)
    dialog = client.get(url, headers=HTMX).content.decode()
    assert "1 hour (standard)" in dialog
    answer = client.post(url, {"domains": "7200", "tickets": "900", "virtual-machines": ""}, headers=HTMX)
    assert answer.status_code == 204
    assert {"hf:close-dialog", "hf:sync-started"} <= set(answer.headers["HX-Trigger"].split('"'))
    assert interval_of(account, Kind.DOMAINS) == timedelta(hours=2)
    assert interval_of(account, Kind.MACHINES) is None
    entry = AuditEntry.objects.get(event="sync_intervals_set")
    assert (entry.user, entry.account) == (alice, account)
    page = client.get(reverse("accounts:account-detail", args=[account.pk])).content.decode()
    assert "How often it is read was set" in page
    assert "2 hours" in client.get(url).content.decode()


def test_more_than_the_portal_allows_is_refused_in_words_and_nothing_is_set(client, account):
    ProviderAccount.objects.filter(pk=account.pk).update(rate_per_minute=1)
    client.force_login(people.alice())
    url = reverse("sync:intervals", args=[account.pk])
    answer = client.post(url, {"domains": "60", "tickets": "60", "virtual-machines": "60"}, headers=HTMX)
    assert answer.status_code == 422
    assert "60 are allowed" in answer.content.decode()
    assert "Nothing was set." in answer.content.decode()
    assert interval_of(account, Kind.TICKETS) is None
    odd = client.post(url, {"domains": "7"}, headers=HTMX)
    assert odd.status_code == 422
    assert "7 is not one of the available choices" in odd.content.decode()


def test_the_cost_is_shown_before_it_is_set(client, account):
    client.force_login(people.alice())
    url = reverse("sync:interval-costs", args=[account.pk])
    told = client.post(url, {"tickets": "60", "domains": "", "virtual-machines": ""}, headers=HTMX).content.decode()
    assert 'id="cost-tickets" hx-swap-oob="true"' in told
    assert "about 60 calls an hour" in told
    assert interval_of(account, Kind.TICKETS) is None
    ProviderAccount.objects.filter(pk=account.pk).update(rate_per_minute=1)
    assert "too many" in client.post(url, {"tickets": "60"}, headers=HTMX).content.decode()


def test_the_health_page_tells_runs_latency_faults_and_headroom(client, account):
    for hour in range(3):
        ran(account, ago=hour + 0.5, requests=4, upstream_seconds=1.0, upstream_slowest=0.6)
    ran(
        account, Kind.TICKETS, ago=0.2, state="failed", error="Cloudviet main, Tickets: No answer.",
        error_code="unavailable", upstream_words="<b>502</b>", requests=1,
    )  # fmt: skip
    ran(account, ago=30, requests=500)
    client.force_login(people.bob())
    url = reverse("sync:account-health", args=[account.pk])
    page = client.get(url).content.decode()
    assert "13 calls in 24 hours, 1 syncs failed" in page
    assert "231 ms" in page, "3 s in 13 calls"
    assert "600 ms" in page
    assert "No answer" in page
    assert "&lt;b&gt;502&lt;/b&gt;" in page
    assert "10 calls a minute" in page
    assert "it has not said how many calls are left" in page
    limiter = gateway._limiter_of(account, gateway.spec_of(account))
    limiter.learn(remaining=118, reset_after=41, retry_after=None)
    page = client.get(url).content.decode()
    assert "118 calls left" in page
    assert "counts anew in" in page
    frame = client.get(reverse("accounts:account-health", args=[account.pk]))
    assert frame.status_code == 200
    assert url in frame.content.decode()


def test_the_pages_of_an_account_are_for_who_may_see_it(client, account):
    account.open_to_staff = False
    account.save()
    bob = people.bob()
    client.force_login(bob)
    urls = [
        reverse(f"sync:{name}", args=[account.pk])
        for name in ("account-state", "account-health", "intervals", "interval-costs", "ask-capabilities")
    ]
    posts = {urls[3], urls[4]}
    for url in urls:
        assert (client.post if url in posts else client.get)(url).status_code == 404, url
    AccountShare.objects.create(account=account, user=bob)
    assert client.get(urls[1]).status_code == 200
    client.force_login(people.rita())
    assert client.post(urls[4]).status_code in (403, 404)


def test_the_health_page_costs_the_same_however_many_runs(client, account, django_assert_max_num_queries):
    client.force_login(people.bob())
    url = reverse("sync:account-health", args=[account.pk])
    ran(account, state="failed", error_code="unavailable")
    client.get(url)
    with django_assert_max_num_queries(20) as few:
        client.get(url)
    for number in range(60):
        ran(account, Kind.TICKETS, ago=number / 10, state="failed", error_code=f"odd_{number % 5}")
    with django_assert_max_num_queries(20) as many:
        client.get(url)
    assert len(many) == len(few)


def test_the_schedule_costs_the_same_however_many_runs(client, account, django_assert_max_num_queries):
    client.force_login(people.bob())
    url = reverse("sync:account-state", args=[account.pk])
    client.get(url)
    with django_assert_max_num_queries(20) as few:
        client.get(url)
    for number in range(40):
        ran(account, Kind.TICKETS, ago=number / 10, requests=3)
    with django_assert_max_num_queries(20) as many:
        client.get(url)
    assert len(many) == len(few)


def test_what_the_portal_can_do_stands_in_words_and_can_be_asked_again(client, account):
    lacking = Schedule.objects.create(
        account=account, kind=Kind.ZONES, supported=False, next_due_at=timezone.now() + timedelta(hours=20)
    )
    ProviderAccount.objects.filter(pk=account.pk).update(capabilities_at=timezone.now() - timedelta(hours=2))
    AccountMemory.objects.create(
        account=account, key="hostbill.refused", value=[], until=timezone.now() + timedelta(hours=9)
    )
    client.force_login(people.bob())
    page = client.get(reverse("accounts:account-detail", args=[account.pk])).content.decode()
    assert "renew" in page
    assert "2 hours ago" in page
    answer = client.post(reverse("sync:ask-capabilities", args=[account.pk]), headers=HTMX)
    assert "The portal is asked what it can do." in answer.headers["HX-Trigger"]
    assert Run.objects.get().state == "queued"
    assert not AccountMemory.objects.exists()
    lacking.refresh_from_db()
    assert lacking.next_due_at <= timezone.now()
    page = client.get(reverse("accounts:account-detail", args=[account.pk])).content.decode()
    assert "It is asked again with the next reading." in page


def test_a_run_keeps_how_long_its_calls_took(account, portal):
    meter = Meter()
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    with Calls(run, meter, limits(), threads=1) as calls:
        for seconds in (0.2, 0.7, 0.1):
            meter(CallRecord("domains.list", 200, seconds, 0, 0))
        calls.count()
    assert (run.requests, round(run.upstream_seconds, 3), run.upstream_slowest) == (3, 1.0, 0.7)
    run.delete()
    portal.fill(3)
    kept = sync(portal, account)
    assert kept.upstream_seconds == 0.0, "the double answers at once"
    assert kept.requests == 4
