"""Whatever a sync asked before an action's reading of a thing never comes over it: lists, details and tombstones of each kind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from providers import resources as r
from providers.contract import BaseProvider
from providers.resources import Page
from sync.declare import ResourceSync, registry
from sync.engine.meta import rows_of
from sync.models import Change, Kind, Resource, Run
from sync.reread import reread
from tests.sync.double import Portal, drive, sync

pytestmark = pytest.mark.django_db(transaction=True)

THING: dict[Kind, tuple[type[Any], type[Any], dict[str, Any], str, Any, Any]] = {
    # kind: the list's type, the detail's type, what both say, a column that moves, before, after
    Kind.DOMAINS: (
        r.Domain, r.DomainDetail, {"name": "a.example", "status": r.DomainStatus.ACTIVE},
        "expires_on", date(2027, 1, 1), date(2028, 1, 1),
    ),
    Kind.ZONES: (r.Zone, r.ZoneDetail, {"name": "a.example"}, "hosted", True, False),
    Kind.INVOICES: (
        r.Invoice, r.InvoiceDetail, {"number": "7", "total": Decimal(9), "currency": "EUR"},
        "status", r.InvoiceStatus.UNPAID, r.InvoiceStatus.PAID,
    ),
    Kind.TICKETS: (
        r.Ticket, r.TicketDetail, {"number": "7", "subject": "Help", "department": "Sales"},
        "status", r.TicketStatus.OPEN, r.TicketStatus.CUSTOMER_REPLY,
    ),
    Kind.SERVICES: (
        r.Service, r.ServiceDetail, {"name": "Web hosting"},
        "status", r.ServiceStatus.SUSPENDED, r.ServiceStatus.ACTIVE,
    ),
    Kind.MACHINES: (
        r.Machine, r.MachineDetail, {"name": "web-1"}, "status", r.MachineStatus.STOPPED, r.MachineStatus.RUNNING,
    ),
    Kind.CERTIFICATES: (
        r.Certificate, r.CertificateDetail, {"domain": "a.example", "name": "DV"},
        "status", r.CertificateStatus.PENDING, r.CertificateStatus.ACTIVE,
    ),
    Kind.CONTACTS: (
        r.Contact, r.ContactDetail, {"first_name": "Ada", "last_name": "L"}, "email", "a@one.example", "a@two.example",
    ),
}  # fmt: skip


class OneThing(BaseProvider):
    """A portal that has one thing of a kind, in list and detail, and answers whatever family is asked for it."""

    capabilities: frozenset[str] = frozenset()

    def __init__(self, kind: Kind) -> None:
        declaration = registry[kind]
        assert isinstance(declaration, ResourceSync)
        self.declaration = declaration
        self.listed_type, self.detail_type, self.fields, self.column, before, self.after = THING[kind]
        self.value = before
        self.extra = ""
        self.there = True
        self.spec = Portal().spec
        self.capabilities = frozenset({declaration.capability, declaration.detail_capability})
        self.before: Callable[[str], None] = lambda _stage: None

    def listed(self) -> Page[Any]:
        answer = Page(items=(self._thing(self.listed_type),) if self.there else ())
        self.before("list")
        return answer

    def detailed(self) -> Any:
        answer = self._thing(self.detail_type)
        self.before("detail")
        return answer

    def _thing(self, made_of: type[Any]) -> Any:
        moving = {self.column: self.value, "upstream_status": self.extra}
        told = {name: value for name, value in moving.items() if name in made_of.__dataclass_fields__}
        return made_of(id="1", **self.fields, **told)

    def test(self) -> r.Profile:
        raise AssertionError("not asked for")

    def close(self) -> None:
        """There is nothing to give back."""


@pytest.fixture(params=list(THING), ids=[kind.value for kind in THING])
def one(request, monkeypatch) -> OneThing:
    provider = OneThing(request.param)
    monkeypatch.setattr(type(provider.declaration), "list_page", lambda _self, _provider, _token: provider.listed())
    monkeypatch.setattr(type(provider.declaration), "read_detail", lambda _self, _provider, _id: provider.detailed())
    return provider


def in_another_thread(act: Callable[[], object]) -> None:
    def acting() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=acting)
    thread.start()
    thread.join(10)


def through(one: OneThing, account, *, full: bool = True) -> Run:
    portal = Portal()
    portal.speak = lambda _account, **_options: speaking(one)  # type: ignore[method-assign]
    return drive(portal, Run.objects.create(account=account, kind=one.declaration.kind, full=full))


@contextmanager
def speaking(one: OneThing) -> Iterator[OneThing]:
    yield one


def act_and_reread(one: OneThing, stage: str) -> list[str]:
    """Once, while the portal's answer of before is on its way: the action happens and what it touched is read again."""
    happened: list[str] = []

    def meanwhile(asked: str) -> None:
        if asked != stage or happened:
            return
        happened.append(asked)
        one.value, one.there = one.after, True
        in_another_thread(lambda: reread(Resource.objects.select_related("account").get(), one))

    one.before = meanwhile
    return happened


def value(one: OneThing) -> Any:
    return getattr(rows_of(one.declaration.model).get(), one.column)


@pytest.mark.parametrize("stage", ["list", "detail"])
def test_an_answer_that_was_on_its_way_never_comes_over_the_reading_after_an_action(account, one, stage):
    through(one, account)
    assert value(one) == one.value
    one.extra = "Moved"  # so that list and detail have something to write
    happened = act_and_reread(one, stage)
    run = through(one, account)
    assert (happened, run.state) == ([stage], "succeeded")
    assert value(one) == one.after
    told = list(Change.objects.filter(field=one.column).order_by("pk").values_list("new", flat=True))
    assert len(told) == 1, "it never went back, not even for a moment"
    through(one, account)
    assert value(one) == one.after


def test_a_list_of_before_marks_nothing_as_gone_that_was_read_since(account, one):
    through(one, account)
    one.there = False
    through(one, account)  # an empty list counts only the second time
    happened = act_and_reread(one, "list")
    through(one, account)
    assert happened == ["list"]
    assert Resource.objects.get().gone_at is None
    one.there = True
    through(one, account)
    assert not Change.objects.filter(field="gone").exists()


def test_every_kind_with_details_is_tried_here():
    kinds = {each.kind for each in registry.in_order() if isinstance(each, ResourceSync) and each.detail_capability}
    assert kinds == set(THING)


def test_what_is_set_aside_is_dropped_too_when_it_was_read_since(account, portal):
    """A mass change is judged at the list's end: what an action moved meanwhile is not written from what was said before."""
    portal.fill(30)
    sync(portal, account)
    for number in range(1, 4):
        portal.put(number, expires_on=date(2020, 1, 1))
    portal.page_size = 10
    resource = Resource.objects.select_related("account").get(upstream_id="1")
    happened: list[str] = []

    def meanwhile(operation: str) -> None:
        if operation == "domains.list" and portal.calls.count("domains.list") == 3 and not happened:
            happened.append(operation)
            detail = portal.details["1"]
            portal.put(1, expires_on=date(2029, 1, 1))
            in_another_thread(lambda: reread(resource, portal))
            portal.details["2"] = portal.details["2"]
            assert detail is not portal.details["1"]

    portal.before = meanwhile
    run = drive(portal, Run.objects.create(account=account, kind=Kind.DOMAINS))
    assert (run.state, len(happened)) == ("succeeded", 1)
    domain = rows_of(registry[Kind.DOMAINS].model).get(name="d1.example")  # type: ignore[union-attr]
    assert domain.expires_on == date(2029, 1, 1)
    dates = list(Change.objects.filter(resource=resource, field="expires_on").values_list("new", flat=True))
    assert dates == ["2029-01-01"]
    assert timezone.now() - run.created_at < timedelta(minutes=5)
