"""What can be bought: prices, forms, quotes and what an order says. As in `providers.resources`, None means *not said*, money is
Decimal with an ISO 4217 currency (empty for the account's), ids are upstream's as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Cycle(StrEnum):
    """How often something is charged. HostBill's codes are h, d, w, m, q, s, a, b, t, p4, p5."""

    ONCE = "once"
    FREE = "free"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEMIANNUALLY = "semiannually"
    ANNUALLY = "annually"
    BIENNIALLY = "biennially"
    TRIENNIALLY = "triennially"
    QUADRENNIALLY = "quadrennially"
    QUINQUENNIALLY = "quinquennially"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something to pick from a list."""

    id: str
    name: str


# --- domains ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TldPeriod:
    """What `years` cost in all. None where the portal names no price: it is then not sold, or not known."""

    years: int
    register: Decimal | None = None
    transfer: Decimal | None = None
    renew: Decimal | None = None
    redemption: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TldPrices:
    id: str
    """What an order form is asked with; empty where the portal has none."""
    tld: str
    """In lower-case punycode without a leading dot."""
    periods: tuple[TldPeriod, ...]
    currency: str = ""
    listed_on: date | None = None
    """Set where it is a published list of that day and not the portal's own answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    name: str
    available: bool
    premium: bool | None = None
    periods: tuple[TldPeriod, ...] = ()
    currency: str = ""
    tld_id: str = ""
    words: str = ""
    """Why not, where the portal says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainOrder:
    """A registration or a transfer. `contacts` are ids of the account's contacts by role (registrant, admin, tech,
    billing); `extra` answers the ending's form by the names of its fields. None leaves a choice to the portal."""

    name: str
    years: int = 1
    epp_code: str = field(default="", repr=False)
    nameservers: tuple[str, ...] = ()
    contacts: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    auto_renew: bool | None = None
    privacy: bool | None = None


# --- forms -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    id: str
    name: str
    price: Decimal | None = None
    setup: Decimal | None = None
    selected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One thing that an order may or must say. `kind` is text, number, check, select, radio, slider, textarea or password; what a
    portal names otherwise is text. A field without choices takes free text."""

    name: str
    """What the answer is given under."""
    label: str
    kind: str = "text"
    required: bool = False
    choices: tuple[Choice, ...] = ()
    default: str = ""
    help: str = ""
    least: int | None = None
    most: int | None = None
    step: int | None = None
    price: Decimal | None = None
    """What a field without choices costs: each unit of a number, or having it answered at all."""
    setup: Decimal | None = None


# --- products --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    id: str
    name: str
    description: str = ""
    slug: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPrice:
    """What a product costs per `cycle`. `code` is the portal's own word for it, which an order repeats."""

    cycle: Cycle
    code: str
    price: Decimal | None
    setup: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    id: str
    name: str
    category_id: str = ""
    description: str = ""
    """May hold upstream's HTML: hostile text."""
    prices: tuple[ProductPrice, ...] = ()
    currency: str = ""
    in_stock: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductForm:
    product: Product
    fields: tuple[FormField, ...] = ()
    addons: tuple[Product, ...] = ()
    subproducts: tuple[Product, ...] = ()
    wants_domain: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePrice:
    years: int
    price: Decimal | None
    renew: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateProduct:
    id: str
    name: str
    periods: tuple[CertificatePrice, ...]
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateOrder:
    """`csr` is the PEM request. `contacts` are ids by role (admin, tech, billing); `organization` and `extra` go by
    upstream's own names."""

    product_id: str
    csr: str
    years: int = 1
    approver_email: str = ""
    software_id: str = ""
    contacts: Mapping[str, str] = field(default_factory=dict)
    organization: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)


# --- baskets ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductItem:
    """`options` answers the product's form: field name to choice id (for a field with choices) or to its text."""

    product_id: str
    cycle: str = ""
    """The portal's code, as in `ProductPrice.code`."""
    domain: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    promo_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterItem:
    order: DomainOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferItem:
    order: DomainOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewItem:
    domain_id: str
    years: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateItem:
    order: CertificateOrder


Item = ProductItem | RegisterItem | TransferItem | RenewItem | CertificateItem


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    description: str
    amount: Decimal | None
    setup: Decimal | None = None
    recurring: Decimal | None = None
    cycle: str = ""
    taxed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """`total` is what would be charged now, tax included where the portal counts it."""

    total: Decimal
    currency: str = ""
    subtotal: Decimal | None = None
    tax: Decimal | None = None
    discount: Decimal | None = None
    recurring: tuple[tuple[str, Decimal], ...] = ()
    """What comes again, by the portal's word for how often."""
    lines: tuple[QuoteLine, ...] = ()
    words: str = ""


# --- services and machines -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeOptions:
    resources: tuple[FormField, ...] = ()
    packages: tuple[Product, ...] = ()
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeRequest:
    """`resources` as `ProductItem.options`, by the names in `UpgradeOptions.resources`."""

    resources: Mapping[str, str] = field(default_factory=dict)
    package_id: str = ""
    cycle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    id: str
    name: str
    cpus: int | None = None
    cpu_type: str = ""
    memory_mb: int | None = None
    disk_gb: int | None = None
    transfer_gb: int | None = None
    monthly_price: Decimal | None = None
    hourly_price: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    id: str
    name: str
    country: str = ""
    country_code: str = ""
    active: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    id: str
    name: str
    versions: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineOrder:
    hostname: str
    plan_id: str
    location_id: str
    system_version_id: str
    ssh_key_ids: tuple[str, ...] = ()
