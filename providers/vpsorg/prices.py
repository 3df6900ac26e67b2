"""The price list of VPS.org's documentation page: dated, for one year, in US dollars. The API itself names no domain prices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

AS_OF: Final = date(2026, 1, 16)
"""The day of the documentation page's examples; the page itself bears no date."""
CURRENCY: Final = "USD"


class Price(NamedTuple):
    register: Decimal
    renew: Decimal
    transfer: Decimal


def _flat(amount: str) -> Price:
    return Price(Decimal(amount), Decimal(amount), Decimal(amount))


LIST: Final = {
    "com": _flat("12.99"),
    "net": _flat("14.99"),
    "org": _flat("13.99"),
    "io": _flat("39.99"),
    "dev": _flat("14.99"),
    "app": _flat("14.99"),
    "co": _flat("24.99"),
}


def price_of(name: str) -> Price | None:
    """The list price of a name directly below a listed TLD; what lies deeper (`example.com.co`) is another product."""
    label, _, tld = name.partition(".")
    return LIST.get(tld) if label else None
