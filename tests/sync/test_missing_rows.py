"""What a list lacks is asked for by its id before it is taken for gone: lists may be cut short and not say so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from domains.models import Domain
from providers.errors import AuthenticationFailed, InvalidRequest, RateLimited, Unavailable
from providers.resources import DomainStatus, ZoneDetail
from sync.engine.vanish import bury
from sync.models import Change, Kind, Resource, Run, Schedule
from sync.verdict import release
from tests.sync.double import drive, sync

pytestmark = pytest.mark.django_db


def present() -> set[str]:
    return set(Resource.objects.present().values_list("upstream_id", flat=True))


def asked(portal) -> list[str]:
    """The details that were read since the last look, in order."""
    read = [call.removeprefix("domains.detail ") for call in portal.calls if call.startswith("domains.detail")]
    portal.calls.clear()
    return read


@pytest.fixture
def listing(account, portal):
    """Forty domains, seen whole, of which a routine run reads two details in turn."""
    portal.fill(40)
    sync(portal, account)
    asked(portal)
    return portal


def test_a_list_that_was_cut_short_marks_nothing_as_gone_and_says_what_it_lacks(account, listing):
    seen_whole = Schedule.objects.get(account=account, kind=Kind.DOMAINS).last_complete_at
    listing.hide(38, 39, 40)
    run = sync(listing, account)
    assert (run.state, run.gone, len(present())) == ("partial", 0, 40)
    assert run.note == (
        "The list lacks d38.example, which the portal still has: it may lack others. Nothing was marked as gone."
    )
    assert Schedule.objects.get(account=account, kind=Kind.DOMAINS).last_complete_at == seen_whole
    assert asked(listing)[0] == "38"
    assert run.requests == 1 + 1 + 2, "the list, the first that decides, and two in turn"
    listing.fill(40)
    assert (sync(listing, account).state, Change.objects.count()) == ("succeeded", 0)


def test_what_is_really_gone_is_asked_for_once_and_then_marked(account, listing):
    listing.drop(4, 5)
    run = sync(listing, account)
    assert (run.state, run.gone) == ("succeeded", 2)
    assert {"4", "5"} <= set(asked(listing))
    sync(listing, account)
    assert not {"4", "5"} & set(asked(listing))


def test_one_that_is_gone_does_not_vouch_for_the_others(account, listing):
    listing.drop(2)
    listing.hide(39)
    assert (sync(listing, account).gone, len(present())) == (0, 40)


def test_nothing_is_asked_for_while_nothing_vanishes(account, listing):
    run = sync(listing, account)
    assert (run.requests, len(asked(listing))) == (3, 2)


def test_no_more_than_a_few_are_asked_for_in_a_run(account, portal, settings):
    settings.HOLDFAST_SYNC = {"asked_missing": 3}
    portal.fill(40)
    sync(portal, account)
    asked(portal)
    portal.drop(*range(1, 8))
    run = sync(portal, account)
    assert (run.state, run.gone) == ("succeeded", 7)
    assert run.requests == 1 + 3 + 2


def test_where_a_person_is_asked_the_portal_is_not(account, listing):
    listing.drop(*range(1, 21))
    run = sync(listing, account)
    assert (run.state, len(run.held_ids), run.skipped) == ("held", 20, 0)
    assert run.requests == 1 + 1, "and what is held is not read in turn either: there is nothing to be read"


@pytest.mark.parametrize("status", [DomainStatus.TRANSFERRED_AWAY, DomainStatus.CANCELLED, DomainStatus.EXPIRED])
def test_what_left_is_gone_and_its_last_state_is_kept(account, listing, status):
    listing.put(7, status=status, upstream_status="Over")
    listing.hide(7)
    run = sync(listing, account)
    assert (run.state, run.gone) == ("succeeded", 1)
    resource = Resource.objects.get(upstream_id="7")
    assert (Domain.objects.get(pk=resource.pk).status, resource.gone_at is not None) == (status.value, True)
    told = set(resource.changes.values_list("field", flat=True))
    assert told == {"status", "upstream_status", "gone"}


def test_a_refusal_is_no_sign_of_life(account, listing):
    def before(operation: str) -> None:
        if operation == "domains.detail 3":
            raise InvalidRequest("The portal refused this.", upstream_words="Domain is not yours")
        if operation == "domains.detail 4":
            raise AuthenticationFailed("The portal refused the sign-in.", upstream_words="Unauthorized")

    listing.hide(3, 4)
    listing.before = before
    assert (sync(listing, account).gone, len(present())) == (2, 38)


def test_without_an_answer_it_stays_for_a_day(account, listing):
    def before(operation: str) -> None:
        if operation == "domains.detail 3":
            raise Unavailable("The portal has trouble of its own (status 500).", cause="server_error")

    listing.drop(3)
    listing.before = before
    run = sync(listing, account)
    assert (run.state, run.gone) == ("partial", 0)
    assert "d3.example, and the portal gave no answer about it" in run.note
    Schedule.objects.filter(account=account).update(last_complete_at=timezone.now() - timedelta(hours=25))
    assert sync(listing, account).gone == 1


def test_an_adapter_that_stumbles_over_the_missing_one_does_not_end_the_run(account, listing):
    def before(operation: str) -> None:
        if operation == "domains.detail 3":
            raise ZeroDivisionError

    listing.drop(3)
    listing.before = before
    assert sync(listing, account).state == "partial"


def test_a_portal_that_says_wait_while_it_is_asked_is_asked_later(account, listing):
    limited = [True]

    def before(operation: str) -> None:
        if operation == "domains.detail 3" and limited and limited.pop():
            raise RateLimited("Too many calls.", retry_after=45, status=429)

    listing.hide(3)
    listing.before = before
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    drive(listing, run, slices=1)
    assert (run.state, run.gone) == ("running", 0)
    Run.objects.filter(pk=run.pk).update(lease_until=None)
    drive(listing, run)
    assert (run.state, run.gone, len(present())) == ("partial", 0, 40)


def test_a_list_that_is_empty_twice_is_not_whole_either_while_the_portal_gives_what_it_lacks(account, portal):
    portal.fill(3)
    sync(portal, account)
    portal.hide(1, 2, 3)
    assert [sync(portal, account).gone for _ in range(3)] == [0, 0, 0]
    portal.drop(1, 2, 3)
    assert sync(portal, account).gone == 3


def test_kinds_that_can_not_tell_are_not_asked(account, portal):
    for number in (1, 2):
        zone = f"domain:{number}"
        portal.zones[zone] = ZoneDetail(id=zone, name=f"z{number}.example", records=())
    sync(portal, account, Kind.ZONES)
    del portal.zones["domain:1"]
    portal.calls.clear()
    run = sync(portal, account, Kind.ZONES)
    assert (run.gone, "dns.detail domain:1" in portal.calls) == (1, False)


def test_what_was_read_alone_in_the_meantime_is_not_buried_by_an_older_list(account, listing, bob):
    listing.drop(*range(1, 11))
    run = sync(listing, account)
    met = Resource.objects.get(upstream_id="1")
    Resource.objects.filter(pk=met.pk).update(fresh_at=timezone.now())
    assert bury(run.held_ids, run) == 9
    assert release(run, bob) == 0
    met.refresh_from_db()
    assert met.gone_at is None
