"""A worker that dies reads some of it twice, and the portal may say otherwise the second time: that is what counts."""

from __future__ import annotations

import pytest
from django.db import connections

from providers.resources import DomainStatus
from sync.engine.slices import run_slice
from sync.models import Change, HeldRow, Kind, Run
from tests.sync.double import Portal, drive, sync

pytestmark = pytest.mark.django_db(transaction=True)

ODD = ("ns.elsewhere.example.",)


def dies(portal: Portal, account, operation: str, times: int, *, full: bool = False) -> Run:
    """A run whose worker is given up for dead when it asks for this the so-manieth time, and is claimed anew afterwards."""
    run = Run.objects.create(account=account, kind=Kind.DOMAINS, full=full)
    asked = []

    def before(called: str) -> None:
        asked.extend([called] if called.startswith(operation) else [])
        if len(asked) == times:
            Run.objects.filter(pk=run.pk).update(generation=99)
            connections.close_all()

    portal.before = before
    run_slice(run.pk, speak=portal.speak)
    portal.before = lambda _operation: None
    run.refresh_from_db()
    assert (run.state, run.generation) == ("running", 99)
    Run.objects.filter(pk=run.pk).update(lease_until=None)
    return run


def test_what_the_list_took_back_is_not_written(account, portal):
    portal.fill(30)
    sync(portal, account)
    portal.page_size = 10
    portal.put(3, status=DomainStatus.CANCELLED)
    run = dies(portal, account, "domains.list", 3)
    assert HeldRow.objects.filter(run=run).count() == 1
    portal.put(3)
    drive(portal, run)
    assert (run.state, Change.objects.count(), HeldRow.objects.count()) == ("succeeded", 0, 0)


def test_a_list_that_came_to_its_senses_is_not_held(account, portal):
    portal.fill(30)
    sync(portal, account)
    portal.page_size = 15
    for number in range(1, 31):
        portal.put(number, status=DomainStatus.CANCELLED)
    run = dies(portal, account, "domains.list", 2)
    portal.fill(30)
    drive(portal, run)
    assert (run.state, HeldRow.objects.count()) == ("succeeded", 0)


def test_what_the_details_took_back_is_not_written(account, portal, settings):
    settings.HOLDFAST_SYNC = {"detail_batch": 1, "concurrency": 1}
    portal.fill(30)
    sync(portal, account)
    for number in range(1, 31):
        portal.put(number, nameservers=ODD)
    run = dies(portal, account, "domains.detail", 12, full=True)
    done = run.cursor["position"]
    portal.fill(30)
    drive(portal, run)
    assert run.details_done == 30
    assert HeldRow.objects.count() <= done
    assert Change.objects.count() <= done


def test_what_was_committed_before_stays_put_aside(account, portal, settings):
    settings.HOLDFAST_SYNC = {"checkpoint_seconds": 0}
    portal.fill(30)
    sync(portal, account)
    portal.page_size = 15
    for number in range(1, 31):
        portal.put(number, status=DomainStatus.CANCELLED)
    run = dies(portal, account, "domains.list", 2)
    drive(portal, run)
    assert (run.state, run.held_changes) == ("held", 30)
