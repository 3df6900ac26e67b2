"""A login that may not see everything: portals refuse it in the words for strangers, and it is no wrong login for that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, ProviderAccount
from providers.errors import AuthenticationFailed, RateLimited, Unavailable
from sandbox.server import Sandbox
from sync.ask import ask
from sync.engine.slices import run_slice
from sync.models import Kind, Resource, Run, Schedule
from tests.sync.desk import connect
from tests.sync.double import Portal, drive, sync


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(demo=False, seed=7, domains=12) as sandbox:
        yield sandbox


def read(account: ProviderAccount, kind: Kind) -> Run:
    run = ask(account, [kind], user=None)[0]
    for _ in range(5):
        run_slice(run.pk)
        run.refresh_from_db()
        if not run.under_way:
            break
    return run


def unauthorized(operation: str) -> AuthenticationFailed:
    return AuthenticationFailed("The portal refused the sign-in.", operation=operation, upstream_words="Unauthorized")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["cloudviet", "dns_services"])
def test_a_list_that_a_sub_login_may_not_read_locks_nothing_but_that_kind(box, key):
    portal = getattr(box, key)
    account = connect(portal, "Sub-login")
    portal.faults.add("status", status=401, path=r"/tickets$")
    run = read(account, Kind.TICKETS)
    assert (run.state, run.error_code) == ("failed", "permission_denied")
    schedule = Schedule.objects.get(account=account, kind=Kind.TICKETS)
    assert (schedule.supported, schedule.failures) == (True, 1), "portals stumble: it is tried once more"
    portal.log.clear()
    run = read(account, Kind.TICKETS)
    assert (run.state, run.error_code) == ("failed", "permission_denied")
    assert run.error.startswith("Sub-login, Tickets (GET /tickets): This login may not do that")
    assert [entry.path for entry in portal.log].count("/api/details") == 1, "asked once whether the login is good"
    schedule.refresh_from_db()
    assert not schedule.supported
    assert "This login may not do that" in schedule.words
    assert schedule.next_due_at > timezone.now() + timedelta(hours=23)
    read(account, Kind.TICKETS)
    schedule.refresh_from_db()
    assert not schedule.supported, "a day later"
    account.refresh_from_db()
    assert (account.state, AuditEntry.objects.filter(event="account_refused").count()) == ("active", 0)
    assert read(account, Kind.DOMAINS).state == "succeeded"


@pytest.mark.django_db(transaction=True)
def test_a_login_that_nothing_is_answered_to_stops_all_trying(box):
    account = connect(box.cloudviet, "Wrong")
    box.cloudviet.faults.add("status", status=401)
    run = read(account, Kind.TICKETS)
    account.refresh_from_db()
    assert (run.state, run.error_code, account.state) == ("failed", "authentication_failed", "refused")
    asked = [entry.path for entry in box.cloudviet.log]
    assert len(asked) <= 4, "what was wanted, and one look whether the login is good"
    assert ask(account, [Kind.DOMAINS], user=None) == []


@pytest.mark.django_db(transaction=True)
def test_a_password_that_is_refused_at_the_sign_in_is_not_tried_once_more(box):
    portal = box.dns_services
    account = connect(portal, "Wrong")
    portal.faults.add("status", status=401, path=r"/login$")
    read(account, Kind.DOMAINS)
    account.refresh_from_db()
    assert account.state == "refused"
    assert [entry.path for entry in portal.log].count("/api/login") == 1


@pytest.mark.django_db
def test_one_detail_that_a_sub_login_may_not_read_costs_that_row_alone(account, portal):
    portal.fill(30)
    tests = counted(portal)

    def before(operation: str) -> None:
        if operation == "domains.detail 7":
            raise unauthorized(operation)

    portal.before = before
    run = sync(portal, account)
    assert (run.state, run.skipped, run.details_done) == ("partial", 1, 30)
    assert run.skipped_rows.get().upstream_id == "7"
    assert len(tests) == 1
    assert Resource.objects.filter(detail_wanted=True).count() == 1


@pytest.mark.django_db
def test_details_that_a_sub_login_may_not_read_at_all_are_soon_no_more_asked_for(account, portal):
    portal.fill(200)
    tests = counted(portal)

    def before(operation: str) -> None:
        if operation.startswith("domains.detail"):
            raise unauthorized(operation)

    portal.before = before
    run = sync(portal, account)
    assert (run.state, len(tests), Resource.objects.count()) == ("partial", 1, 200)
    assert "in a row were not given" in run.note


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (unauthorized("GET /details"), "authentication_failed"),
        (Unavailable("The portal does not answer."), "authentication_failed"),
        (RateLimited("Too many calls.", retry_after=400), "rate_limited"),
    ],
)
def test_a_login_that_can_not_be_told_to_be_good_is_not_taken_for_good(account, portal, answer, code):
    portal.fill(30)
    told: list[str] = []

    def before(operation: str) -> None:
        if operation.startswith("domains.detail"):
            raise unauthorized(operation)

    def test() -> None:
        told.append("test")
        raise answer

    portal.before, portal.test = before, test
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    drive(portal, run)
    assert (run.state, run.error_code, len(told)) == ("failed", code, 1)


def counted(portal: Portal) -> list[str]:
    """Notes each test of the login."""
    tests: list[str] = []
    honest = portal.test

    def test():
        tests.append("test")
        return honest()

    portal.test = test  # type: ignore[method-assign]
    return tests
