from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.money import figure, plain, totals


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("770000", "VND", "770,000"),
        ("770000.00", "VND", "770,000"),
        ("770000.50", "VND", "770,000.5"),
        ("12.9", "USD", "12.90"),
        ("1187.50", "DKK", "1,187.50"),
        ("0.0125", "USD", "0.0125"),
        ("-3", "EUR", "-3.00"),
        ("5", "XQZ", "5.00"),
        ("770000.00", "", "770,000"),
        ("1E+3", "VND", "1,000"),
    ],
)
def test_a_figure_has_the_digits_of_its_currency_and_hides_none(amount: str, currency: str, words: str):
    assert figure(Decimal(amount), currency) == words


def test_the_code_is_always_said():
    assert plain(Decimal("12.99"), "USD") == "12.99 USD"


def test_amounts_are_summed_per_currency_and_never_across():
    total = totals(
        [(Decimal(1), "USD"), (Decimal(2), "USD"), (Decimal(770000), "VND"), (Decimal(5), ""), (None, "USD")]
    )
    assert total.items() == [("USD", Decimal(3)), ("VND", Decimal(770000))]
    assert total.without_currency == 1


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_no_amount_is_changed_by_being_shown(amount: Decimal):
    assert Decimal(figure(amount, "USD").replace(",", "")) == amount
