"""Rows of the mirror as tests need them, without asking any portal. People are made by `tests.accounts.people`.

Each takes the columns that the test is about and fills in the rest. Columns of the spine (`account`, `customer`, `unreadable`,
`gone_at`, `tags`, `notes`, `upstream_id`) are given beside those of the family; the spine's name, tone and due date become what
the family's sync declares.
"""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

from django.db.models import Model
from django.utils import timezone

from accounts.models import Customer, ProviderAccount
from billing.models import Invoice, InvoiceLine
from domains.models import Domain, Record, TldPrice, Zone
from domains.sync import record_key
from profiles.models import Contact
from providers import resources
from providers.resources import (
    CertificateStatus,
    DomainStatus,
    InvoiceStatus,
    MachineStatus,
    ServiceStatus,
    TicketStatus,
)
from services.models import Certificate, Product, ProductCategory, ProductPrice, Service, VirtualMachine
from support.models import Reply, Ticket
from sync.declare import ResourceSync, registry
from sync.models import Kind, Resource

SPINE = ("customer", "unreadable", "gone_at", "tags", "notes")
ModelT = TypeVar("ModelT", bound=Model)
_numbers = count(1)


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def make_customer(name: str = "") -> Customer:
    return Customer.objects.create(name=name or f"Customer {next(_numbers)}")


def make_account(name: str = "", **columns: Any) -> ProviderAccount:
    """An account whose portal is never asked: it has no credential."""
    given: dict[str, Any] = {
        "provider": "cloudviet",
        "base_url": "https://portal.example/api",
        "auth": "basic",
        "currency": "USD",
    }
    return ProviderAccount.objects.create(name=name or f"Account {next(_numbers)}", **{**given, **columns})


def mirrored(
    kind: Kind, model: type[ModelT], *, account: ProviderAccount | None = None, upstream_id: str = "", **columns: Any
) -> ModelT:
    """A row of `model` on its spine."""
    spine = Resource(
        account=account or make_account(),
        kind=kind,
        upstream_id=upstream_id or str(next(_numbers)),
        **{name: columns.pop(name) for name in SPINE if name in columns},
    )
    row = model(resource=spine, **columns)
    declared = registry[kind]
    assert isinstance(declared, ResourceSync)
    spine.name, spine.tone, spine.due_on = declared.name(row), declared.tone(row).value, declared.due_on(row)
    spine.save()
    row.pk = spine.pk
    row.save(force_insert=True)
    return row


def make_domain(name: str = "", **columns: Any) -> Domain:
    given: dict[str, Any] = {
        "status": DomainStatus.ACTIVE.value,
        "upstream_status": "Active",
        "expires_on": in_days(200),
        "auto_renew": True,
        "renewal_price": "12.99",
        "renewal_currency": "USD",
        "nameservers": ["ns1.portal.example", "ns2.portal.example"],
    }
    return mirrored(Kind.DOMAINS, Domain, name=name or f"domain-{next(_numbers)}.example", **{**given, **columns})


def make_zone(name: str = "", **columns: Any) -> Zone:
    return mirrored(Kind.ZONES, Zone, name=name or f"zone-{next(_numbers)}.example", **{"hosted": True, **columns})


def make_record(
    zone: Zone,
    name: str = "@",
    kind: str = "A",
    content: str = "192.0.2.1",
    *,
    ttl: int | None = 3600,
    priority: int | None = None,
) -> Record:
    said = resources.Record(id=str(next(_numbers)), name=name, type=kind, content=content, ttl=ttl, priority=priority)
    return Record.objects.create(
        zone=zone,
        key=record_key(said),
        upstream_id=said.id,
        name=said.name,
        type=said.type,
        content=said.content,
        ttl=ttl,
        priority=priority,
    )


def make_invoice(number: str = "", *, lines: tuple[tuple[str, str], ...] = (), **columns: Any) -> Invoice:
    """`lines` are (description, amount) pairs."""
    given: dict[str, Any] = {
        "status": InvoiceStatus.UNPAID.value,
        "upstream_status": "Unpaid",
        "issued_on": in_days(-10),
        "due_on": in_days(5),
        "total": Decimal("12.99"),
        "currency": "USD",
    }
    invoice = mirrored(Kind.INVOICES, Invoice, number=number or f"2026/11/{next(_numbers)}", **{**given, **columns})
    for position, (description, amount) in enumerate(lines):
        InvoiceLine.objects.create(
            invoice=invoice, key=str(position), position=position, description=description, amount=Decimal(amount)
        )
    return invoice


def make_ticket(subject: str = "", *, replies: tuple[tuple[str, str], ...] = (), **columns: Any) -> Ticket:
    """`replies` are (author, body) pairs, an hour apart, the last one now; every second one is by the portal's staff."""
    number = str(next(_numbers))
    given: dict[str, Any] = {
        "number": number,
        "status": TicketStatus.OPEN.value,
        "upstream_status": "Open",
        "department": "Technical",
        "opened_at": timezone.now() - timedelta(hours=len(replies)),
        "last_reply_at": timezone.now(),
        "reply_count": len(replies),
    }
    ticket = mirrored(Kind.TICKETS, Ticket, subject=subject or f"Ticket {number}", **{**given, **columns})
    for position, (author, body) in enumerate(replies):
        Reply.objects.create(
            ticket=ticket,
            key=str(position),
            position=position,
            author=author,
            body=body,
            by_staff=bool(position % 2),
            sent_at=timezone.now() - timedelta(hours=len(replies) - position - 1),
        )
    return ticket


def make_service(name: str = "Web hosting S", **columns: Any) -> Service:
    given: dict[str, Any] = {
        "status": ServiceStatus.ACTIVE.value,
        "upstream_status": "Active",
        "domain": f"host-{next(_numbers)}.example",
        "next_due_on": in_days(40),
        "price": Decimal("9.99"),
        "currency": "USD",
    }
    return mirrored(Kind.SERVICES, Service, name=name, **{**given, **columns})


def make_machine(name: str = "", *, service: Service | None = None, **columns: Any) -> VirtualMachine:
    given: dict[str, Any] = {
        "status": MachineStatus.RUNNING.value,
        "upstream_status": "running",
        "ips": ["192.0.2.10"],
        "memory_mb": 4096,
        "cpus": 2,
    }
    if service is not None:
        given |= {"account": service.resource.account, "service_id": service.resource.upstream_id}
    return mirrored(Kind.MACHINES, VirtualMachine, name=name or f"vm-{next(_numbers)}", **{**given, **columns})


def make_contact(first_name: str = "Mary", last_name: str = "Sue", **columns: Any) -> Contact:
    given: dict[str, Any] = {"email": f"{first_name.lower()}@contacts.example", "is_company": False}
    return mirrored(Kind.CONTACTS, Contact, first_name=first_name, last_name=last_name, **{**given, **columns})


def make_certificate(domain: str = "", **columns: Any) -> Certificate:
    given: dict[str, Any] = {
        "name": "DV one year",
        "status": CertificateStatus.ACTIVE.value,
        "upstream_status": "Active",
        "expires_on": in_days(60),
        "price": Decimal("27.85"),
        "currency": "USD",
    }
    return mirrored(
        Kind.CERTIFICATES, Certificate, domain=domain or f"www-{next(_numbers)}.example", **{**given, **columns}
    )


def make_tld_price(tld: str = "", *, account: ProviderAccount | None = None, **columns: Any) -> TldPrice:
    given: dict[str, Any] = {
        "upstream_id": "7",
        "years": 1,
        "register": "12.99",
        "renew": "13.99",
        "transfer": "12.99",
        "currency": "USD",
    }
    return TldPrice.objects.create(
        account=account or make_account(), tld=tld or f"tld{next(_numbers)}", **{**given, **columns}
    )


def make_product(
    name: str = "",
    *,
    account: ProviderAccount | None = None,
    category: str = "Hosting",
    prices: tuple[tuple[str, str], ...] = (("monthly", "9.90"),),
    currency: str = "USD",
    **columns: Any,
) -> Product:
    """`prices` are (cycle, amount) pairs; no category makes it a plan."""
    account = account or make_account()
    shelf = None
    if category:
        shelf, _made = ProductCategory.objects.get_or_create(
            account=account, upstream_id=category, defaults={"name": category}
        )
    number = next(_numbers)
    product = Product.objects.create(
        account=account, category=shelf, is_plan=shelf is None, upstream_id=str(number),
        name=name or f"Product {number}", **columns,
    )  # fmt: skip
    for position, (cycle, amount) in enumerate(prices):
        ProductPrice.objects.create(
            product=product, code=cycle, cycle=cycle, position=position, price=Decimal(amount), currency=currency
        )
    return product
