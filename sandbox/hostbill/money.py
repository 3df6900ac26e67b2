"""HostBill shows one amount as text in a list and as a number in a detail."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

CENT = Decimal("0.01")


def amount(value: Any) -> Decimal:
    """ValueError when it is no finite number."""
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise ValueError(f"not an amount: {value}") from error
    if not number.is_finite():
        raise ValueError(f"not an amount: {value}")
    return number.quantize(CENT, ROUND_HALF_UP)


def text(value: Any) -> str:
    return f"{amount(value):.2f}"


def number(value: Any) -> int | float:
    """As PHP would encode it: 19.65, 20, 770000."""
    exact = amount(value)
    return int(exact) if exact == exact.to_integral_value() else float(exact)
