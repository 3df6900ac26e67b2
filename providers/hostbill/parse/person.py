"""The login's own details and the account's contacts."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from providers.hostbill.parse.privileges import privileges
from providers.hostbill.parse.row import Row
from providers.resources import Contact, ContactDetail, Profile


def profile(data: Any, zone: ZoneInfo) -> Profile:
    """The `client` of `GET /details`."""
    row = Row(data, zone)
    kind = row.word("type").lower()
    return Profile(
        id=row.identifier("id"),
        email=row.word("email"),
        name=" ".join(part for part in (row.word("firstname"), row.word("lastname")) if part),
        company=row.word("companyname"),
        country=row.word("country"),
        currency=row.currency(),
        first_name=row.optional("first_name", "firstname"),
        last_name=row.optional("last_name", "lastname"),
        is_company=kind == "company" if kind else None,
        **_whereabouts(row),
    )


def contact(data: Any, zone: ZoneInfo) -> Contact:
    """A row of `GET /contact`."""
    row = Row(data, zone)
    return Contact(**_shared(row), unreadable=row.unreadable)


def contact_detail(data: Any, zone: ZoneInfo) -> ContactDetail:
    """The `contact` of `GET /contact/{id}`."""
    row = Row(data, zone)
    return ContactDetail(
        **_shared(row),
        **_whereabouts(row),
        country=row.optional("country", "country"),
        privileges=privileges(row.row["privileges"]) if row.says("privileges") else None,
        unreadable=row.unreadable,
    )


def _whereabouts(row: Row) -> dict[str, Any]:
    lines = [row.optional("address", "address1"), row.optional("address", "address2")]
    return {
        "address": tuple(line for line in lines if line) if any(line is not None for line in lines) else None,
        "city": row.optional("city", "city"),
        "state": row.optional("state", "state"),
        "postcode": row.optional("postcode", "postcode"),
        "phone": row.optional("phone", "phonenumber"),
        "mobile": row.optional("mobile", "mobilephone"),
    }


def _shared(row: Row) -> dict[str, Any]:
    kind = row.word("type").lower()
    return {
        "id": row.identifier("id"),
        "first_name": row.told("firstname"),
        "last_name": row.told("lastname"),
        "email": row.told("email"),
        "company": row.told("companyname"),
        "is_company": kind == "company" if kind else row.flag("is_company", "company"),
        "last_login_at": row.instant("last_login_at", "lastlogin", zero_is_none=True),
    }
