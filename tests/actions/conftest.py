# ruff: noqa: ARG001  # fixtures name the database fixture to have it first
from __future__ import annotations

from collections.abc import Iterator

import pytest

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
        (registry.actions if hasattr(kind, "send") else registry.enquiries)[kind.name] = kind  # type: ignore[index]
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
