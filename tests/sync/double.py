"""A portal in memory that keeps to the contract, for what the engine must do whatever a portal answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, cast

from accounts.models import ProviderAccount
from providers.contract import (
    AuthMethod,
    BaseProvider,
    CallRecord,
    ProviderSpec,
)
from providers.errors import NotFound
from providers.offers import TldPrices
from providers.resources import (
    BadRow,
    Balance,
    Domain,
    DomainDetail,
    DomainStatus,
    Page,
    Profile,
    Record,
    Zone,
    ZoneDetail,
)
from sync.engine.slices import run_slice
from sync.models import Kind, Run


def spec_for(portal: Portal) -> ProviderSpec:
    return ProviderSpec(
        key="double", label="Double", badge="Do", hue="other", base_url="", base_path="",
        auth_methods=(AuthMethod("bearer", "Token", ()),), time_zone="UTC", connect=lambda _connection: portal,
        concurrency=4,
    )  # fmt: skip


class Portal(BaseProvider):
    """Domains and zones with details. `before` is called before each read with the operation and may raise or wait."""

    capabilities: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.spec = spec_for(self)
        self.listed: list[Any] = []
        self.details: dict[str, DomainDetail] = {}
        self.zones: dict[str, ZoneDetail] = {}
        self.bad: tuple[BadRow, ...] = ()
        self.total: int | None = None
        self.complete = True
        self.page_size = 10_000
        self.balance: tuple[Balance, ...] = ()
        self.prices: tuple[TldPrices, ...] = ()
        self.calls: list[str] = []
        self.before: Callable[[str], None] = lambda _operation: None
        self.capabilities = frozenset({"domains.list", "domains.detail", "dns.list", "dns.detail", "billing.balances"})
        # The double has the reads alone; sync asks for nothing else.
        self.domains = cast(Any, DomainFamily(self))
        self.dns = cast(Any, ZoneFamily(self))
        self.billing = cast(Any, Money(self))
        self.on_call: Callable[[CallRecord], None] | None = None
        self._lock = threading.Lock()

    def test(self) -> Profile:
        return Profile(id="1", email="a@example.com", name="A")

    def close(self) -> None:
        """There is nothing to give back."""

    def called(self, operation: str) -> None:
        with self._lock:
            self.calls.append(operation)
        if self.on_call is not None:
            self.on_call(CallRecord(operation, 200, 0.0, 0, 0))
        self.before(operation)

    def put(self, number: int, **columns: Any) -> Domain:
        """A domain in list and detail; `columns` go to both where the list has them."""
        fields: dict[str, Any] = {
            "id": str(number), "name": f"d{number}.example", "status": DomainStatus.ACTIVE, "upstream_status": "Active",
            "expires_on": date(2027, 1, 1),
        } | columns  # fmt: skip
        detail_only = {"registrar", "next_due_on", "next_invoice_on", "first_payment", "nameservers", "auto_renew"}
        item = Domain(**{name: value for name, value in fields.items() if name not in detail_only})
        self.listed = [each for each in self.listed if each.id != item.id] + [item]
        self.listed.sort(key=lambda each: int(each.id))
        self.details[item.id] = DomainDetail(**{"nameservers": ("ns1.example.", "ns2.example."), **fields})
        return item

    def fill(self, count: int) -> None:
        for number in range(1, count + 1):
            self.put(number)

    def drop(self, *numbers: int) -> None:
        """These are no more."""
        self.hide(*numbers)
        for number in numbers:
            self.details.pop(str(number), None)

    def hide(self, *numbers: int) -> None:
        """These are left out of the list."""
        gone = {str(number) for number in numbers}
        self.listed = [each for each in self.listed if each.id not in gone]

    @contextmanager
    def speak(self, account: ProviderAccount, *, on_call: Callable[[CallRecord], None] | None = None) -> Iterator[Any]:
        self.on_call = on_call
        yield self

    def page(self, items: list[Any], token: str | None) -> Page[Any]:
        start = int(token or 0)
        end = start + self.page_size
        return Page(
            items=tuple(items[start:end]),
            bad=self.bad if end >= len(items) else (),
            next=str(end) if end < len(items) else None,
            total=self.total,
            complete=self.complete,
        )


class DomainFamily:
    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def list(self, page: str | None = None) -> Page[Domain]:
        self.portal.called("domains.list")
        return self.portal.page(self.portal.listed, page)

    def detail(self, domain_id: str) -> DomainDetail:
        self.portal.called(f"domains.detail {domain_id}")
        if domain_id not in self.portal.details:
            raise NotFound("The portal says that there is no such thing.", operation="GET /domain/{id}")
        return self.portal.details[domain_id]

    def prices(self) -> tuple[TldPrices, ...]:
        self.portal.called("domains.prices")
        return self.portal.prices


class ZoneFamily:
    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def list(self, page: str | None = None) -> Page[Zone]:
        self.portal.called("dns.list")
        zones: list[Any] = [Zone(id=each.id, name=each.name) for each in self.portal.zones.values()]
        return self.portal.page(zones, page)

    def detail(self, zone_id: str) -> ZoneDetail:
        self.portal.called(f"dns.detail {zone_id}")
        return self.portal.zones[zone_id]


class Money:
    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def balances(self) -> tuple[Balance, ...]:
        self.portal.called("billing.balances")
        return self.portal.balance


def record(content: str, *, name: str = "www", kind: str = "A", index: str = "1", ttl: int | None = 3600) -> Record:
    return Record(id=index, name=name, type=kind, content=content, ttl=ttl)


def sync(portal: Portal, account: ProviderAccount, kind: Kind = Kind.DOMAINS, *, full: bool = False) -> Run:
    """A run from beginning to end, as the worker does it."""
    run = Run.objects.create(account=account, kind=kind, full=full)
    return drive(portal, run)


def drive(portal: Portal, run: Run, *, slices: int = 50) -> Run:
    for _ in range(slices):
        run_slice(run.pk, speak=portal.speak)
        run.refresh_from_db()
        if not run.under_way:
            break
        time.sleep(0.01)
    return run
