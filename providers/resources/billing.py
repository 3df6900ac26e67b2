"""Invoices, money and orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from providers.resources.lists import Upstream


class InvoiceStatus(StrEnum):
    DRAFT = "draft"
    UNPAID = "unpaid"
    PENDING = "pending"
    PAID = "paid"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    COLLECTIONS = "collections"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice(Upstream):
    number: str
    status: InvoiceStatus
    upstream_status: str = ""
    issued_on: date | None = None
    due_on: date | None = None
    paid_at: datetime | None = None
    total: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    id: str
    description: str
    amount: Decimal | None
    """The line's total, without tax where the portal adds tax below the lines."""
    quantity: Decimal | None = None
    taxed: bool | None = None
    type: str = ""
    item_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDetail(Invoice):
    subtotal: Decimal | None = None
    tax: Decimal | None = None
    tax_rate: Decimal | None = None
    """In per cent."""
    credit: Decimal | None = None
    notes: str | None = None
    lines: tuple[InvoiceLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What the account owes and what credit it has. Not a resource: an account has one a currency."""

    currency: str
    owed: Decimal | None
    credit: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMethod:
    id: str
    name: str
    fixed_fee: Decimal | None = None
    percent_fee: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What something costs. `listed_on` is set where it comes from a published list of that day and not from the portal itself."""

    amount: Decimal
    currency: str = ""
    """Empty for the account's currency."""
    listed_on: date | None = None
    at_most: bool = False
    """The portal may charge less: it does not say whether an expired domain still has its usual price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What upstream made of an order or a renewal. Empty ids where it names none. A portal without invoices sets `settled`: the
    account's balance was charged at once."""

    number: str = ""
    invoice_id: str = ""
    total: Decimal | None = None
    currency: str = ""
    settled: bool = False
    expires_on: date | None = None
    """The new expiry, where the answer says it."""
    items: tuple[OrderedItem, ...] = ()
    words: str = ""
    """What the portal says comes next, such as the steps of a transfer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedItem:
    """One thing that an order made: the id of the domain, service or certificate that is to come."""

    id: str
    type: str
    """In upstream's words, such as `Domain Register`."""
    name: str = ""
    product_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditApplied:
    """What applying credit did to an invoice."""

    applied: Decimal
    invoice_status: InvoiceStatus
