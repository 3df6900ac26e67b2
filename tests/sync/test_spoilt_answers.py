"""An answer that makes no sense moves nothing: neither as a list nor as the detail of one thing."""

from __future__ import annotations

import pytest

from sandbox.server import Sandbox
from sync.declare import registry
from sync.engine.slices import run_slice
from sync.models import Change, Kind, Resource, Run
from tests.sync.desk import connect

pytestmark = pytest.mark.django_db(transaction=True)

DETAILS = r"/(\d{2,}|[0-9a-f]{8}-[0-9a-f-]{27})"
FAULTS = ("wrong-types", "html", "empty", "broken-json")


def read(account) -> list[str]:
    states = []
    for declaration in registry.in_order():
        run = Run.objects.create(account=account, kind=declaration.kind, full=True)
        run_slice(run.pk)
        run.refresh_from_db()
        if run.under_way:  # it waits for the portal; another reading will do
            Run.objects.filter(pk=run.pk).update(state=Run.State.CANCELLED)
        states.append(run.state)
    return states


@pytest.mark.parametrize("key", ["cloudviet", "dns-services", "vps-org"])
def test_nonsense_in_the_place_of_any_detail_or_list_moves_nothing(key):
    with Sandbox(demo=True, seed=3) as box:
        portal = next(each for each in box if each.key == key)
        account = connect(portal, "Desk")
        read(account)
        read(account)  # what the first reading of the balance made of amounts
        Change.objects.all().delete()
        present = Resource.objects.filter(gone_at=None).count()
        for kind in FAULTS:
            for path in (DETAILS, ""):
                portal.fail(kind, path=path, probability=0.7)
                assert set(read(account)) - {"succeeded"}, "something was not read"
                portal.faults.clear()
                moved = [f"{each.resource}: {each.field} {each.old!r} -> {each.new!r}" for each in Change.objects.all()]
                assert moved == [], kind
        assert Resource.objects.filter(gone_at=None).count() == present
        read(account)
        assert not Change.objects.exists()
        assert Kind.DOMAINS in set(Resource.objects.values_list("kind", flat=True))
