"""What holds for every value of a kind, however a portal spells it."""

from __future__ import annotations

import string
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import values
from providers.fields import Fields
from providers.values import Unreadable

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
ZONES = [
    ZoneInfo(name) for name in ("Asia/Ho_Chi_Minh", "Europe/Copenhagen", "UTC", "America/New_York", "Asia/Kathmandu")
]

amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False)
moments = st.integers(631_238_400, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
zones = st.sampled_from(ZONES)
currencies = st.sampled_from(["USD", "EUR", "DKK", "$", "€", "VND", "₫"])


def grouped(amount: Decimal, group: str, point: str) -> str:
    return f"{amount:,}".translate({ord(","): group, ord("."): point})


# --- money ----------------------------------------------------------------------------------------------------------------------


@given(amounts, currencies, st.booleans())
def test_an_amount_is_the_same_in_every_spelling_that_is_clear(amount, currency, first):
    for written in (
        str(amount),
        grouped(amount, ",", "."),
        grouped(amount, ".", ","),
        grouped(amount, " ", ","),
        grouped(amount, "\u202f", "."),
    ):
        assert values.to_money(written) == amount
        beside = f"{currency} {written}" if first else f"{written} {currency}"
        assert values.to_money(beside) == amount


@given(st.integers(0, 10**11), st.sampled_from(["", ",", ".", " "]), st.sampled_from(["VND", "₫", "đ", "JPY"]))
def test_a_currency_without_minor_unit_makes_groups_clear(amount, group, currency):
    assert values.to_money(f"{amount:,}".replace(",", group) + f" {currency}") == amount


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(",."), st.sampled_from(["", " USD", " EUR"]))
def test_one_sign_and_three_digits_are_never_guessed(before, after, sign, currency):
    with pytest.raises(Unreadable):
        values.to_money(f"{before}{sign}{after:03d}{currency}")


@given(amounts)
def test_an_amount_read_twice_is_the_same(amount):
    once = values.to_money(f"{amount:,}")
    assert values.to_money(once) == values.to_money(str(once)) == once


@given(st.floats() | st.decimals() | st.integers() | st.text() | st.text("0123456789.,- €USDVN", max_size=20))
def test_whatever_comes_an_amount_is_finite_and_of_a_sensible_size(written):
    try:
        amount = values.to_money(written)
    except Unreadable:
        return
    assert amount is None or (amount.is_finite() and abs(amount) < 10**12 and amount.as_tuple().exponent >= -4)  # type: ignore[operator]


@given(st.decimals(min_value=0, max_value=1000, places=3, allow_nan=False))
def test_a_rate_may_have_three_decimals(rate):
    assert values.to_decimal(str(rate)) == values.to_decimal(rate) == rate


# --- days and moments -----------------------------------------------------------------------------------------------------------


@given(st.dates(max_value=date(1989, 12, 31)) | st.dates(min_value=date(2045, 1, 1)))
def test_a_day_that_can_not_be_is_unreadable_as_day_and_as_moment(day):
    for read in (values.to_date, lambda text: values.to_instant(f"{text} 12:00:00", UTC)):
        with pytest.raises(Unreadable):
            read(f"{day.year:04d}-{day:%m-%d}")


def test_the_last_day_that_can_be_is_eleven_years_ahead():
    today = datetime.now(UTC).date()
    assert values.to_date(str(today + timedelta(days=366 * 11)))
    with pytest.raises(Unreadable):
        values.to_date(str(today + timedelta(days=366 * 11 + 1)))


@given(moments, zones)
def test_a_local_timestamp_is_the_moment_that_the_portals_clock_showed(moment, zone):
    local = moment.astimezone(zone)
    told = values.to_instant(f"{local:%Y-%m-%d %H:%M:%S}", zone)
    assert told is not None
    assert told.tzinfo is UTC
    assert told.astimezone(zone).replace(tzinfo=None, fold=0) == local.replace(tzinfo=None, fold=0)
    if not local.fold:
        assert told == moment


@given(moments, zones, st.sampled_from(["%z", "Z"]))
def test_a_moment_with_its_own_offset_is_that_moment_in_every_zone(moment, zone, offset):
    local = moment if offset == "Z" else moment.astimezone(zone)
    written = f"{local:%Y-%m-%dT%H:%M:%S}{'Z' if offset == 'Z' else format(local, '%z')}"
    assert {values.to_instant(written, other) for other in ZONES} == {moment}


@pytest.mark.parametrize(
    ("local", "read"),
    [
        ("2026-03-29 01:59:59", datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)),
        # clocks go from 02:00 to 03:00
        ("2026-03-29 02:30:00", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("2026-03-29 03:00:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        # clocks go from 03:00 to 02:00
        ("2026-10-25 01:59:59", datetime(2026, 10, 24, 23, 59, 59, tzinfo=UTC)),
        ("2026-10-25 02:30:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25 03:00:00", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        # seconds that UTC once inserted
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_the_hour_that_is_missing_and_the_one_that_comes_twice(local, read):
    assert values.to_instant(local, COPENHAGEN) == read


@pytest.mark.parametrize("local", ["2026-03-29 02:60:00", "2026-03-29 25:00:00", "2026-03-29 02:00:61", "2026-03-29 2"])
def test_a_time_that_no_clock_shows_is_unreadable(local):
    with pytest.raises(Unreadable):
        values.to_instant(local, COPENHAGEN)


@given(moments, zones)
def test_a_day_is_the_day_that_stands_there_in_whatever_zone(moment, zone):
    local = moment.astimezone(zone)
    assert values.to_date(f"{local:%Y-%m-%d %H:%M:%S}") == values.to_date(local.isoformat()) == local.date()


# --- yes and no, ids, lists -----------------------------------------------------------------------------------------------------


def cased(word: str) -> st.SearchStrategy[str]:
    return st.tuples(*(st.sampled_from([sign.lower(), sign.upper()]) for sign in word)).map("".join)


@given(
    st.sampled_from(["1", "true", "yes", "y", "on", "enabled", "t"]).flatmap(cased), st.sampled_from(["", " ", "\n"])
)
def test_yes_is_yes_however_it_is_written(word, blank):
    assert values.to_bool(f"{blank}{word}{blank}") is True


@given(st.sampled_from(["0", "false", "no", "n", "off", "disabled", "f"]).flatmap(cased), st.sampled_from(["", " "]))
def test_no_is_no_however_it_is_written(word, blank):
    assert values.to_bool(f"{blank}{word}{blank}") is False


@given(st.integers() | st.text() | st.floats())
def test_nothing_else_is_yes_or_no(written):
    word = str(written).strip().lower()
    if word in {"1", "true", "yes", "y", "on", "enabled", "t", "0", "false", "no", "n", "off", "disabled", "f"}:
        return
    try:
        assert values.to_bool(written) is None
    except Unreadable:
        return


@given(st.integers(0, 10**18))
def test_an_id_is_one_whether_text_or_number(number):
    assert values.to_id(number) == values.to_id(str(number)) == values.to_id(f" {number} ") == str(number)


rows = st.lists(
    st.fixed_dictionaries({"id": st.integers(1, 10**6).map(str)}), max_size=6, unique_by=lambda row: row["id"]
)


@given(rows)
def test_a_list_is_one_bare_wrapped_or_as_an_object(found):
    shapes: list[Any] = [found, {"things": found}, {str(i): row for i, row in enumerate(found)}]
    shapes += [{row["id"]: row for row in found}, {"things": {row["id"]: row for row in found}}]
    if not found:
        shapes += [None, "", {"things": None}, {"things": False}]
    for shape in shapes:
        assert values.to_rows(shape, wrapper="things") == tuple(found)


# --- names ----------------------------------------------------------------------------------------------------------------------

labels = st.text(string.ascii_letters + string.digits + "üßéøđảệ例え", min_size=1, max_size=12)


names = st.lists(labels, min_size=1, max_size=4).map(".".join).filter(lambda name: not values.is_nothing(name))


@given(names, st.sampled_from(["", "."]))
def test_a_name_is_lower_case_punycode_and_read_twice_the_same(name, dot):
    try:
        host = values.to_host(name + dot)
    except Unreadable:
        return
    assert host is not None
    assert host.isascii()
    assert host == host.lower()
    assert not host.endswith(".")
    assert (
        values.to_host(host) == values.to_host(host.upper()) == values.to_host(name.upper() if name.isascii() else name)
    )


@given(st.lists(st.ip_addresses(), max_size=5, unique=True))
def test_addresses_are_the_same_in_every_container(found):
    texts = [str(one) for one in found]
    for shape in (
        texts,
        {str(i): one for i, one in enumerate(texts)},
        [{"ip": one} for one in texts],
        ", ".join(texts),
    ):
        assert values.to_ips(shape) == tuple(texts)


@given(st.sampled_from(["n/a", "", None, [], {}, "-", "None", "NULL", " N/A "]))
def test_nothing_is_nothing_for_every_kind_and_never_marked(nothing):
    fields = Fields({"a": nothing})
    for read in (fields.flag, fields.number, fields.money, fields.decimal, fields.date, fields.instant, fields.id):
        assert read("ours", "a") is None
    assert fields.unreadable == ()
