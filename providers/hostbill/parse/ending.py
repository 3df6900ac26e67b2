"""The endings that a portal sells, and what it says about a name that somebody wants."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from providers.hostbill.parse.row import Row, UnreadableRow, scalar_text
from providers.offers import Availability, TldPeriod, TldPrices
from providers.values import Unreadable, to_host, to_line, to_list

WORDS = ("message", "reason", "info")


def tld_prices(data: Any, zone: ZoneInfo) -> TldPrices:
    """A row of `GET /domain/order`. Raises UnreadableRow where it names no ending."""
    row = Row(data, zone)
    try:
        tld = to_host((to_line(row.raw("tld", "name")) or "").lstrip("."))
    except Unreadable:
        tld = None
    if not tld:
        raise UnreadableRow("it names no ending")
    return TldPrices(
        id=row.id("id", "id", "tld_id", "product_id") or "",
        tld=tld,
        periods=periods(row.raw("periods"), zone),
        currency=row.currency(),
    )


def periods(value: Any, zone: ZoneInfo) -> tuple[TldPeriod, ...]:
    """The periods by their years; what can't be read is not offered. A period that is listed twice at different prices has none."""
    try:
        rows = to_list(value)
    except Unreadable:
        return ()
    found: dict[int, TldPeriod] = {}
    for one in rows:
        if not isinstance(one, Mapping):
            continue
        row = Row(one, zone)
        years = row.number("years", "period", "years")
        if not years or years < 0:
            continue
        period = TldPeriod(
            years=years,
            register=_price(row, "register"),
            transfer=_price(row, "transfer", free=True),
            renew=_price(row, "renew"),
            redemption=_price(row, "redemption"),
        )
        if found.setdefault(years, period) != period:
            found[years] = TldPeriod(years=years)
    return tuple(found[years] for years in sorted(found))


def _price(row: Row, name: str, *, free: bool = False) -> Decimal | None:
    """A zero is how the portal leaves a price out, but a transfer may cost nothing; less than that is no price."""
    price = row.money(name, name)
    return price if price is not None and (price > 0 or (free and price == 0)) else None


def availability(data: Any, name: str, zone: ZoneInfo) -> Availability:
    """The answer of `POST /domain/lookup` about `name`. The page's text speaks of a status "ok" and of an empty answer for a name
    that is taken, its example is an object: both are read. Raises UnreadableRow where it says neither, or is about another name."""
    if data in (None, "", [], {}):
        return Availability(name=name, available=False)
    row = Row(data, zone)
    told = row.host("name", "name", "domain")
    if told is not None and told != name:
        raise UnreadableRow("it is about another name")
    status = (scalar_text(row.raw("status")) or "").strip().lower()
    available = row.flag("available", "available")
    if available is None and "available" not in row.unreadable and status:
        available = status in ("ok", "available", "free")
    if available is None:
        raise UnreadableRow("it does not say whether the name is free")
    ids = {scalar_text(one.get("id")) for one in row.items("periods") if isinstance(one, Mapping)} - {None, ""}
    return Availability(
        name=name,
        available=available,
        premium=row.flag("premium", "premium"),
        periods=periods(row.raw("periods"), zone),
        currency=row.currency(),
        tld_id=row.id("tld_id", "tld_id") or (str(ids.pop()) if len(ids) == 1 else ""),
        words=_words(row),
    )


def _words(row: Row) -> str:
    for name in WORDS:
        value = row.raw(name)
        texts = [scalar_text(one) for one in (value if isinstance(value, list) else [value])]
        told = "; ".join(text for text in texts if text)
        if told:
            return told[:500]
    return ""
