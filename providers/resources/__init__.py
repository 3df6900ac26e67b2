"""What upstream portals hold, in our own vocabulary. Nothing upstream-shaped leaves an adapter.

Every adapter answers in these types; for all of them:

- `None` means *upstream did not say* (the list does not carry the field, or its value could not be read). The mirror keeps
  what it has. An empty string or tuple means *upstream said that it is empty*.
- `unreadable` names the fields whose upstream value was there but made no sense (`0000-00-00`, a year 2099, "n/a" for money).
- Dates are days and are never shifted; instants are aware datetimes in UTC; money is Decimal with an ISO 4217 currency, or an
  empty currency where upstream names none.
- A status is our word; `upstream_status` is the raw one beside it.
- Ids are upstream's, as text, in the form of `sync.Resource.upstream_id`.
- Fields with `secret` in their metadata (hosting passwords) are never mirrored, hashed or logged.
"""

from __future__ import annotations

from providers.resources.billing import (
    Balance,
    CreditApplied,
    Invoice,
    InvoiceDetail,
    InvoiceLine,
    InvoiceStatus,
    Order,
    OrderedItem,
    PaymentMethod,
    Price,
)
from providers.resources.domains import Domain, DomainDetail, DomainStatus, Record, RecordDraft, Zone, ZoneDetail
from providers.resources.lists import BadRow, Page, Upstream
from providers.resources.profiles import Contact, ContactDetail, Profile, Whereabouts
from providers.resources.services import (
    Certificate,
    CertificateDetail,
    CertificateStatus,
    Machine,
    MachineDetail,
    MachineStatus,
    RoleContact,
    Service,
    ServiceAddress,
    ServiceDetail,
    ServiceMethod,
    ServiceStatus,
    SshKey,
    Template,
)
from providers.resources.support import (
    Attachment,
    Department,
    Download,
    Ticket,
    TicketDetail,
    TicketReply,
    TicketStatus,
)

__all__ = [
    "Attachment",
    "BadRow",
    "Balance",
    "Certificate",
    "CertificateDetail",
    "CertificateStatus",
    "Contact",
    "ContactDetail",
    "CreditApplied",
    "Department",
    "Domain",
    "DomainDetail",
    "DomainStatus",
    "Download",
    "Invoice",
    "InvoiceDetail",
    "InvoiceLine",
    "InvoiceStatus",
    "Machine",
    "MachineDetail",
    "MachineStatus",
    "Order",
    "OrderedItem",
    "Page",
    "PaymentMethod",
    "Price",
    "Profile",
    "Record",
    "RecordDraft",
    "RoleContact",
    "Service",
    "ServiceAddress",
    "ServiceDetail",
    "ServiceMethod",
    "ServiceStatus",
    "SshKey",
    "Template",
    "Ticket",
    "TicketDetail",
    "TicketReply",
    "TicketStatus",
    "Upstream",
    "Whereabouts",
    "Zone",
    "ZoneDetail",
]
