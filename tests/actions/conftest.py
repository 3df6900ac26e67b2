# ruff: noqa: ARG001  # fixtures name the database fixture to have it first
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from actions.declare import registry
from actions.models import Action
from domains.models import Domain
from tests.accounts import people
from tests.actions import kinds
from tests.factories import make_account, make_domain
from tests.sync.double import Portal

CAPABILITIES = ["billing.balances", "dns.detail", "dns.list", "domains.detail", "domains.list"]


@pytest.fixture(autouse=True)
def upstream(monkeypatch) -> Iterator[kinds.Upstream]:
    """The tests' kinds, and what they find upstream."""
    for kind in kinds.KINDS:
        registry.add(kind)
    fresh = kinds.Upstream()
    monkeypatch.setattr(kinds, "UPSTREAM", fresh)
    yield fresh
    for kind in kinds.KINDS:
        registry.actions.pop(kind.name, None)
        registry.enquiries.pop(kind.name, None)


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def domain(db, portal) -> Domain:
    made = make_domain("bahnhof.example", upstream_id="1", account=make_account("Acme", capabilities=CAPABILITIES))
    portal.put(1, name="bahnhof.example")
    return made


@pytest.fixture
def bob(db):
    return people.bob()


def log_of(action: Action) -> list[str]:
    return list(action.events.values_list("text", flat=True))


def at(instant: datetime | None) -> datetime:
    """An instant that has to be there."""
    assert instant is not None
    return instant


def until_now(action: Action) -> None:
    """Whatever this action waits for is over."""
    past = timezone.now() - timedelta(seconds=1)
    rows = Action.objects.filter(pk=action.pk)
    rows.filter(next_attempt_at__isnull=False).update(next_attempt_at=past)
    rows.filter(look_at__isnull=False).update(look_at=past)
    rows.filter(lease_until__isnull=False).update(lease_until=past)
    rows.filter(filed_at__isnull=False).update(filed_at=past - timedelta(minutes=5))
