"""What is held while a person decides: it stays held, costs no more than its share, and ends when the portal takes it back."""

from __future__ import annotations

import pytest

from domains.models import Domain
from providers.errors import PermissionDenied
from providers.resources import BadRow, DomainStatus
from sync.models import HeldRow, Resource, Run
from sync.reread import reread
from sync.verdict import dismiss, release
from tests.sync.double import drive, sync

pytestmark = pytest.mark.django_db

OURS, THEIRS = ("ns1.example.", "ns2.example."), ("ns.elsewhere.example.",)


def nameservers() -> set[tuple[str, ...]]:
    return {tuple(each or ()) for each in Domain.objects.values_list("nameservers", flat=True)}


def move_all(portal, count: int) -> None:
    for number in range(1, count + 1):
        portal.put(number, nameservers=THEIRS)


@pytest.fixture
def held(account, portal):
    """The first 48 of 48 domains, whose name servers moved at once, held by a full run."""
    portal.fill(48)
    sync(portal, account)
    move_all(portal, 48)
    run = sync(portal, account, full=True)
    assert (run.state, run.held_changes) == ("held", 48)
    return run


@pytest.mark.usefixtures("held")
def test_a_held_row_costs_its_share_by_age_and_no_more(account, portal):
    runs = [sync(portal, account) for _ in range(30)]
    assert {(run.state, run.held_changes, run.details_done) for run in runs} == {("held", 48, 2)}
    assert nameservers() == {OURS}
    assert HeldRow.objects.count() == 48


@pytest.mark.usefixtures("held")
def test_a_portal_that_takes_its_word_back_is_noticed_in_turn(account, portal):
    portal.fill(48)
    runs = [sync(portal, account) for _ in range(24)]
    assert [run.held_changes for run in runs] == list(range(46, -1, -2))
    assert runs[-1].state == "succeeded"
    assert not HeldRow.objects.exists()


@pytest.mark.usefixtures("held")
def test_a_portal_that_takes_its_word_back_and_shows_it_in_the_list_is_noticed_at_once(account, portal):
    for number in range(1, 49):
        portal.put(number, upstream_status="Active again")
    run = sync(portal, account)
    assert (run.state, run.held_changes, run.details_done) == ("succeeded", 0, 48)


@pytest.mark.usefixtures("held")
def test_what_a_person_accepts_is_read_and_written_at_once(account, portal, bob):
    later = sync(portal, account)
    assert release(later, bob) == 48
    following = drive(portal, Run.objects.get(state="queued"))
    assert (following.state, following.details_done) == ("succeeded", 48)
    assert nameservers() == {THEIRS}


def test_what_was_accepted_and_could_not_be_read_yet_waits_for_the_next_run(account, portal, held, bob):
    release(held, bob)

    def before(operation: str) -> None:
        if operation == "domains.detail 7":
            raise PermissionDenied("Not now.")

    portal.before = before
    drive(portal, Run.objects.get(state="queued"))
    assert Domain.objects.filter(nameservers=list(OURS)).count() == 1
    portal.before = lambda _operation: None
    assert sync(portal, account).state == "succeeded"
    assert nameservers() == {THEIRS}
    assert not HeldRow.objects.exists()


def test_what_a_person_rejects_is_read_once_more_and_then_in_turn(account, portal, held, bob):
    dismiss(held, bob)
    assert [sync(portal, account).details_done for _ in range(3)] == [48, 2, 2]


def test_a_detail_stays_held_while_the_list_of_the_same_row_is_held_too(account, portal):
    portal.fill(48)
    sync(portal, account)
    for number in range(1, 21):
        portal.put(number, nameservers=THEIRS, status=DomainStatus.CANCELLED)
    # The list says nothing of the name servers: that much the details alone tell.
    run = sync(portal, account, full=True)
    assert (run.held_changes, run.held_fields) == (20, ["nameservers", "status"])
    for number in range(1, 21):
        portal.put(number, nameservers=THEIRS, status=DomainStatus.CANCELLED)
    for _ in range(24):
        run = sync(portal, account)
        assert (run.state, run.held_changes, run.held_fields) == ("held", 20, ["nameservers", "status"])
    assert nameservers() == {OURS}


def test_a_held_row_that_can_not_be_read_stays_held(account, portal):
    portal.fill(48)
    sync(portal, account)
    for number in range(1, 13):
        portal.put(number, status=DomainStatus.CANCELLED)
    assert sync(portal, account).held_changes == 12
    whole = list(portal.listed)
    portal.hide(3)
    portal.bad = (BadRow(id="3", name="d3.example", reason="The date makes no sense."),)
    assert sync(portal, account).held_changes == 12
    portal.listed, portal.bad = whole, ()
    assert sync(portal, account).held_changes == 12
    assert set(Domain.objects.values_list("status", flat=True)) == {"active"}


@pytest.mark.usefixtures("held")
def test_what_an_action_read_alone_is_held_no_longer(account, portal):
    resource = Resource.objects.select_related("account").get(upstream_id="48")
    assert reread(resource, portal)
    assert sync(portal, account).held_changes == 47
    assert Domain.objects.get(pk=resource.pk).nameservers == list(THEIRS)
