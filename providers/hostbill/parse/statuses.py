"""HostBill's words for states, in ours. The documents show a few examples and no closed list: an unknown word stays UNKNOWN,
with the raw one beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from providers.resources import (
    CertificateStatus,
    DomainStatus,
    InvoiceStatus,
    MachineStatus,
    ServiceStatus,
    TicketStatus,
)

Status = TypeVar("Status", bound=StrEnum)

DOMAIN: Mapping[str, DomainStatus] = {
    "active": DomainStatus.ACTIVE,
    "registered": DomainStatus.ACTIVE,
    "pending": DomainStatus.PENDING,
    "pending registration": DomainStatus.PENDING,
    "pending register": DomainStatus.PENDING,
    "pending renewal": DomainStatus.PENDING,
    "pending update": DomainStatus.PENDING,
    "pending transfer": DomainStatus.PENDING_TRANSFER,
    "pending transfer in": DomainStatus.PENDING_TRANSFER,
    "locked": DomainStatus.LOCKED,
    "expired": DomainStatus.EXPIRED,
    "grace": DomainStatus.EXPIRED,
    "grace period": DomainStatus.EXPIRED,
    "redemption": DomainStatus.REDEMPTION,
    "redemption period": DomainStatus.REDEMPTION,
    "redemption grace period": DomainStatus.REDEMPTION,
    "pending restore": DomainStatus.REDEMPTION,
    "pending delete": DomainStatus.REDEMPTION,
    "suspended": DomainStatus.SUSPENDED,
    "cancelled": DomainStatus.CANCELLED,
    "canceled": DomainStatus.CANCELLED,
    "terminated": DomainStatus.CANCELLED,
    "deleted": DomainStatus.CANCELLED,
    "fraud": DomainStatus.SUSPENDED,
    "transferred": DomainStatus.TRANSFERRED_AWAY,
    "transferred away": DomainStatus.TRANSFERRED_AWAY,
    "transferred out": DomainStatus.TRANSFERRED_AWAY,
}

INVOICE: Mapping[str, InvoiceStatus] = {
    "draft": InvoiceStatus.DRAFT,
    "unpaid": InvoiceStatus.UNPAID,
    "overdue": InvoiceStatus.UNPAID,
    "partially paid": InvoiceStatus.UNPAID,
    "pending": InvoiceStatus.PENDING,
    "payment pending": InvoiceStatus.PENDING,
    "pending payment": InvoiceStatus.PENDING,
    "processing": InvoiceStatus.PENDING,
    "paid": InvoiceStatus.PAID,
    "credited": InvoiceStatus.REFUNDED,
    "refunded": InvoiceStatus.REFUNDED,
    "chargeback": InvoiceStatus.REFUNDED,
    "cancelled": InvoiceStatus.CANCELLED,
    "canceled": InvoiceStatus.CANCELLED,
    "void": InvoiceStatus.CANCELLED,
    "collections": InvoiceStatus.COLLECTIONS,
}

TICKET: Mapping[str, TicketStatus] = {
    "open": TicketStatus.OPEN,
    "new": TicketStatus.OPEN,
    "reopened": TicketStatus.OPEN,
    "answered": TicketStatus.ANSWERED,
    "client reply": TicketStatus.CUSTOMER_REPLY,
    "customer reply": TicketStatus.CUSTOMER_REPLY,
    "in progress": TicketStatus.IN_PROGRESS,
    "escalated": TicketStatus.IN_PROGRESS,
    "on hold": TicketStatus.ON_HOLD,
    "scheduled": TicketStatus.ON_HOLD,
    "closed": TicketStatus.CLOSED,
    "resolved": TicketStatus.CLOSED,
}

SERVICE: Mapping[str, ServiceStatus] = {
    "pending": ServiceStatus.PENDING,
    "active": ServiceStatus.ACTIVE,
    "suspended": ServiceStatus.SUSPENDED,
    "cancelled": ServiceStatus.CANCELLED,
    "canceled": ServiceStatus.CANCELLED,
    "terminated": ServiceStatus.TERMINATED,
    "fraud": ServiceStatus.FRAUD,
}

MACHINE: Mapping[str, MachineStatus] = {
    "running": MachineStatus.RUNNING,
    "active": MachineStatus.RUNNING,
    "online": MachineStatus.RUNNING,
    "on": MachineStatus.RUNNING,
    "up": MachineStatus.RUNNING,
    "started": MachineStatus.RUNNING,
    "poweredon": MachineStatus.RUNNING,
    "powered on": MachineStatus.RUNNING,
    "stopped": MachineStatus.STOPPED,
    "offline": MachineStatus.STOPPED,
    "off": MachineStatus.STOPPED,
    "down": MachineStatus.STOPPED,
    "halted": MachineStatus.STOPPED,
    "shutoff": MachineStatus.STOPPED,
    "shutdown": MachineStatus.STOPPED,
    "poweredoff": MachineStatus.STOPPED,
    "powered off": MachineStatus.STOPPED,
    "suspended": MachineStatus.SUSPENDED,
    "paused": MachineStatus.SUSPENDED,
    "locked": MachineStatus.SUSPENDED,
    "building": MachineStatus.BUILDING,
    "build": MachineStatus.BUILDING,
    "creating": MachineStatus.BUILDING,
    "installing": MachineStatus.BUILDING,
    "provisioning": MachineStatus.BUILDING,
    "rebuilding": MachineStatus.BUILDING,
    "rebuild": MachineStatus.BUILDING,
    "pending": MachineStatus.BUILDING,
    "rebooting": MachineStatus.BUSY,
    "reboot": MachineStatus.BUSY,
    "restarting": MachineStatus.BUSY,
    "starting": MachineStatus.BUSY,
    "stopping": MachineStatus.BUSY,
    "migrating": MachineStatus.BUSY,
    "resizing": MachineStatus.BUSY,
    "error": MachineStatus.FAILED,
    "failed": MachineStatus.FAILED,
    "crashed": MachineStatus.FAILED,
}

CERTIFICATE: Mapping[str, CertificateStatus] = {
    "pending": CertificateStatus.PENDING,
    "active": CertificateStatus.ACTIVE,
    "expired": CertificateStatus.EXPIRED,
    "suspended": CertificateStatus.SUSPENDED,
    "cancelled": CertificateStatus.CANCELLED,
    "canceled": CertificateStatus.CANCELLED,
    "terminated": CertificateStatus.CANCELLED,
    "rejected": CertificateStatus.CANCELLED,
    "fraud": CertificateStatus.SUSPENDED,
    "revoked": CertificateStatus.REVOKED,
}

SEPARATORS = re.compile(r"[\s_-]+")


def status_of(word: str, known: Mapping[str, Status], unknown: Status) -> Status:
    """Our status for upstream's `word`, whatever its case and whether it writes blanks, hyphens or underscores."""
    return known.get(SEPARATORS.sub(" ", word).strip().lower(), unknown)
