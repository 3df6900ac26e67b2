"""Money as people read it: a Decimal with its ISO 4217 code beside it, never rounded away, never summed across codes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from babel.numbers import format_decimal, get_currency_precision, list_currencies

from web.dates import babel_locale


@dataclass(slots=True)
class Totals:
    """Sums per currency. Amounts whose currency nobody named are counted, not summed."""

    by_currency: dict[str, Decimal] = field(default_factory=dict)
    without_currency: int = 0

    def add(self, amount: Decimal | None, currency: str | None) -> None:
        if amount is None:
            return
        if not currency:
            self.without_currency += 1
            return
        self.by_currency[currency] = self.by_currency.get(currency, Decimal(0)) + amount

    def items(self) -> list[tuple[str, Decimal]]:
        return sorted(self.by_currency.items())

    def __bool__(self) -> bool:
        return bool(self.by_currency or self.without_currency)


def totals(amounts: Iterable[tuple[Decimal | None, str | None]]) -> Totals:
    result = Totals()
    for amount, currency in amounts:
        result.add(amount, currency)
    return result


def minor_digits(currency: str | None) -> int:
    """2 for USD, 0 for VND; 2 for a code that ISO 4217 does not list."""
    if currency and currency in _KNOWN:
        return get_currency_precision(currency)
    return 2


def digits_of(amount: Decimal, currency: str | None) -> int:
    """How many digits to write behind the point: the currency's, more where the amount has more."""
    exponent = amount.normalize().as_tuple().exponent
    own = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return max(minor_digits(currency), own)


def figure(amount: Decimal, currency: str | None) -> str:
    """The number alone. More digits than the currency has are shown, because hiding them would lie about a price."""
    exponent = amount.normalize().as_tuple().exponent
    own = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    digits = max(minor_digits(currency), own) if currency or own else 0
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(amount, format=pattern, locale=babel_locale(), decimal_quantization=False)


def plain(amount: Decimal, currency: str | None) -> str:
    """12.99 USD: for sentences, button labels, titles and exports."""
    return f"{figure(amount, currency)} {currency}" if currency else figure(amount, currency)


_KNOWN = frozenset(list_currencies())


def machine(amount: Decimal, currency: str | None) -> str:
    """For the API, exports and attributes: 12.90 USD is "12.90", 770,000 VND is "770000"; no grouping, no exponent."""
    return f"{amount:.{digits_of(amount, currency)}f}"
