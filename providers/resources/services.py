"""Services, virtual machines and certificates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from providers.resources.lists import Upstream


class ServiceStatus(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"
    FRAUD = "fraud"
    UNKNOWN = "unknown"


class MachineStatus(StrEnum):
    RUNNING = "running"
    STOPPED = "stopped"
    SUSPENDED = "suspended"
    BUILDING = "building"
    BUSY = "busy"
    FAILED = "failed"
    UNKNOWN = "unknown"


class CertificateStatus(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Upstream):
    name: str
    """The product's name."""
    status: ServiceStatus
    upstream_status: str = ""
    domain: str | None = None
    label: str | None = None
    category: str | None = None
    billing_cycle: str | None = None
    next_due_on: date | None = None
    price: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceMethod:
    """Something a service's module can do, as the portal lists it (`/service/@id/vms/@vmid/reboot`)."""

    name: str
    method: str
    route: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDetail(Service):
    registered_on: date | None = None
    next_invoice_on: date | None = None
    first_payment: Decimal | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False, metadata={"secret": True})
    methods: tuple[ServiceMethod, ...] | None = None
    offers: frozenset[str] | None = None
    """What this service can do, as capabilities (`services.reboot`), of those that differ from service to service. None where the
    portal does not tell it; then only trying shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAddress:
    """An address of a service. `host` is what it resolves to, None where that was not asked for or is not said."""

    ip: str
    host: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine(Upstream):
    """A virtual machine. `id` is `<service id>:<vm id>` where it hangs on a service, else upstream's id."""

    name: str
    status: MachineStatus
    upstream_status: str = ""
    service_id: str | None = None
    ips: tuple[str, ...] | None = None
    memory_mb: int | None = None
    disk_gb: int | None = None
    cpus: int | None = None
    system: str | None = None
    plan: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineDetail(Machine):
    created_at: datetime | None = None
    password: str | None = field(default=None, repr=False, metadata={"secret": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a machine can be rebuilt from."""

    id: str
    name: str
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SshKey:
    id: str
    name: str
    fingerprint: str = ""
    created_at: datetime | None = None
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate(Upstream):
    domain: str
    name: str
    """The product's name."""
    status: CertificateStatus
    upstream_status: str = ""
    certificate_status: str | None = None
    """The authority's word, empty until it has one."""
    expires_on: date | None = None
    next_due_on: date | None = None
    billing_cycle: str | None = None
    price: Decimal | None = None
    currency: str = ""
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleContact:
    """Somebody whom a thing names, to be read by people: `words` holds name, organisation, e-mail and phone."""

    role: str
    """registrant, admin, tech or billing."""
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateDetail(Certificate):
    registered_on: date | None = None
    next_invoice_on: date | None = None
    first_payment: Decimal | None = None
    organization: str | None = None
    software: str | None = None
    """The server software that it was ordered for, by the id of `certificates.software` or by name."""
    contacts: tuple[RoleContact, ...] | None = None
    csr: str | None = None
