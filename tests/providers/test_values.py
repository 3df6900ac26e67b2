"""Values as portals really write them."""

import contextlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers import values
from providers.fields import Fields
from providers.values import Unreadable

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")

scalars = (
    st.none() | st.booleans() | st.integers() | st.decimals() | st.floats() | st.text() | st.text("0123456789-/:., TZ+")
)
anything = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)

READERS: list[Callable[[Any], object]] = [
    values.to_text,
    values.to_line,
    values.to_id,
    values.to_bool,
    values.to_int,
    values.to_money,
    values.to_decimal,
    values.to_date,
    lambda value: values.to_instant(value, SAIGON),
    values.to_host,
    values.to_hosts,
    values.to_list,
    values.to_rows,
    values.to_ip,
    values.to_ips,
    values.to_megabytes,
]


@settings(max_examples=120)
@given(value=anything)
def test_readers_raise_nothing_but_unreadable(value):
    for reader in READERS:
        with contextlib.suppress(Unreadable):
            reader(value)


@given(row=st.dictionaries(st.sampled_from(["a", "b"]), anything))
def test_fields_never_raise_and_name_what_they_could_not_read(row):
    fields = Fields(row, zone=SAIGON)
    methods: list[Callable[..., object]] = [
        fields.id,
        fields.text,
        fields.line,
        fields.flag,
        fields.number,
        fields.money,
    ]
    methods += [fields.date, fields.instant, fields.host, fields.hosts, fields.ips]
    for method in methods:
        method("ours", "a", "b")
    list(fields.items("a"))
    assert fields.unreadable in {(), ("ours",)}


@given(amount=st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False))
def test_amounts_read_back_as_written(amount):
    assert values.to_money(str(amount)) == amount
    assert values.to_money(f"{amount:,}") == amount
    assert values.to_money(amount) == amount
    assert values.to_money(f"${amount}") == amount


@given(day=st.dates(min_value=date(1990, 1, 1), max_value=date(2030, 1, 1)))
def test_days_read_back_as_written_and_are_never_shifted(day):
    assert values.to_date(day.isoformat()) == day
    assert values.to_date(f"{day}T23:59:59Z") == day
    assert values.to_date(f"{day} 00:00:00") == day


@given(seconds=st.integers(631_238_400, 1_893_456_000))
def test_instants_without_a_zone_are_read_in_the_accounts_zone(seconds):
    moment = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    assert values.to_instant(f"{moment:%Y-%m-%d %H:%M:%S}", SAIGON) == moment.replace(tzinfo=SAIGON)
    assert values.to_instant(f"{moment:%Y-%m-%dT%H:%M:%S}Z", SAIGON) == moment.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("19.65", "19.65"),
        (Decimal("19.649999999999999"), "19.6500"),
        ("0.5", "0.5"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("12,50", "12.50"),
        ("1234,50", "1234.50"),
        ("1,234,000", "1234000"),
        ("1.234.000", "1234000"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234\u00a0000.00", "1234000.00"),
        ("250.000 ₫", "250000"),
        ("VND 250,000", "250000"),
        ("250000.00 VND", "250000.00"),
        ("0.125", "0.125"),
        ("12.3456", "12.3456"),
        ("12.99 USD", "12.99"),
        ("€ 9.00", "9.00"),
        ("-3.00", "-3.00"),
        (0, "0"),
    ],
)
def test_an_amount_in_the_usual_spellings(written, read):
    assert values.to_money(written) == Decimal(read)


@pytest.mark.parametrize(
    "written",
    [
        "free",
        "1,234",
        "1.234",
        "250.000",
        "USD 250.000",
        "-1,000",
        "1,23,456",
        "1.234,567",
        "1,234.567.000",
        "1.2.3",
        True,
        "12..5",
        [1],
        "1e5",
        Decimal("1e99"),
        Decimal("NaN"),
        "9" * 40,
    ],
)
def test_an_amount_that_would_have_to_be_guessed_is_unreadable(written):
    with pytest.raises(Unreadable):
        values.to_money(written)


@pytest.mark.parametrize("nothing", [None, "", " ", "n/a", "N/A", [], {}, "-"])
def test_nothing_is_none_and_not_unreadable(nothing):
    for reader in (values.to_id, values.to_bool, values.to_int, values.to_money, values.to_date, values.to_ip):
        assert reader(nothing) is None if not isinstance(nothing, list | dict) or reader is not values.to_ip else True


@pytest.mark.parametrize(
    "written", ["0000-00-00", "1989-12-31", "2026-02-30", "15/01/2026", "soon", 20260115, "20260115", "2026-01-15x"]
)
def test_a_date_that_makes_no_sense_is_unreadable(written):
    with pytest.raises(Unreadable):
        values.to_date(written)


def test_a_date_more_than_eleven_years_ahead_is_unreadable():
    today = datetime.now(UTC).date()
    assert values.to_date((today + timedelta(days=365 * 10)).isoformat())
    with pytest.raises(Unreadable):
        values.to_date((today + timedelta(days=366 * 12)).isoformat())


def test_a_zero_date_says_never_where_the_reader_knows_that():
    assert values.to_date("0000-00-00", zero_is_none=True) is None
    assert values.to_instant("0000-00-00 00:00:00", UTC, zero_is_none=True) is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-01-15T10:30:00Z", datetime(2026, 1, 15, 10, 30, tzinfo=UTC)),
        ("2026-01-15T10:30:00.123456+07:00", datetime(2026, 1, 15, 3, 30, tzinfo=UTC)),
        ("2026-01-15 10:30:00", datetime(2026, 1, 15, 3, 30, tzinfo=UTC)),
        ("2026-01-15", datetime(2026, 1, 14, 17, 0, tzinfo=UTC)),
        ("1768473000", datetime(2026, 1, 15, 10, 30, tzinfo=UTC)),
        (1768473000, datetime(2026, 1, 15, 10, 30, tzinfo=UTC)),
    ],
)
def test_an_instant_in_the_usual_spellings(written, read):
    assert values.to_instant(written, SAIGON) == read


@pytest.mark.parametrize("yes", [True, 1, "1", "true", "Yes", "on", "ENABLED"])
def test_yes_in_all_spellings(yes):
    assert values.to_bool(yes) is True


@pytest.mark.parametrize("no", [False, 0, "0", "false", "No", "off", "disabled"])
def test_no_in_all_spellings(no):
    assert values.to_bool(no) is False


def test_ids_compare_as_text():
    assert values.to_id(865650) == values.to_id("865650") == values.to_id(Decimal("865650.0")) == "865650"
    for broken in (True, "a b", "x" * 500, ["1"], "a\nb"):
        with pytest.raises(Unreadable):
            values.to_id(broken)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Example.COM.", "example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("tiệmhoa.vn", "xn--timhoa-jk8b.vn"),
        ("_dmarc.example.com", "_dmarc.example.com"),
    ],
)
def test_host_names_become_lower_case_punycode(written, read):
    assert values.to_host(written) == read
    assert values.to_host(read) == read


@pytest.mark.parametrize("written", ["exa mple.com", "a..b", "-a.com", "x" * 64 + ".com", "<b>.com", "a/b"])
def test_what_is_no_host_name_is_unreadable(written):
    with pytest.raises(Unreadable):
        values.to_host(written)


@pytest.mark.parametrize(
    "written",
    [
        ["ns1.vps.org", "NS2.vps.org.", ""],
        {"0": "ns1.vps.org", "1": "ns2.vps.org", "2": None},
        "ns1.vps.org, ns2.vps.org",
        "ns1.vps.org\r\nns2.vps.org\r\n",
    ],
)
def test_name_servers_as_list_object_or_text(written):
    assert values.to_hosts(written) == ("ns1.vps.org", "ns2.vps.org")


def test_no_list_and_an_empty_list_are_two_things():
    assert values.to_hosts(None) is None
    assert values.to_hosts([]) == ()
    assert values.to_ips("") == ()


@pytest.mark.parametrize(
    "written",
    [
        "192.0.2.1 2001:DB8::1",
        ["192.0.2.1", "2001:db8:0::1/64"],
        {"a": "192.0.2.1", "b": "2001:db8::1"},
        [{"ip": "192.0.2.1"}, {"address": "2001:db8::1"}],
    ],
)
def test_addresses_in_any_container(written):
    assert values.to_ips(written) == ("192.0.2.1", "2001:db8::1")


def test_lists_come_bare_wrapped_as_object_or_as_one_row():
    row = {"id": "1", "name": "a"}
    for written in ([row], {"services": [row]}, {"services": {"17": row}}, {"0": row}, row):
        assert values.to_rows(written, wrapper="services") == (row,)
    assert values.to_rows({"services": []}, wrapper="services") == values.to_rows(None) == ()
    assert values.to_rows(value=False) == ()


@pytest.mark.parametrize(
    ("written", "unit", "read"),
    [
        ("2048", "MB", 2048),
        (2, "GB", 2048),
        ("2 GB", "MB", 2048),
        ("1.5G", "", 1536),
        ("512 MiB", "GB", 512),
        ("", "GB", None),
    ],
)
def test_sizes_in_megabytes(written, unit, read):
    assert values.to_megabytes(written, unit) == read


def test_text_loses_what_no_database_takes():
    assert values.to_text("a\0b\ud800c") == "abc"
    assert values.to_line(" a\nb\tc ") == "a b c"
    assert values.to_text("") == ""
    assert values.to_text(None) is None
