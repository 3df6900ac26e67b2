"""From VPS.org's rows to our resources, in both of its spellings (REFERENCE.md, chapters 5 and 6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from providers.errors import MalformedResponse
from providers.fields import Fields
from providers.records import normalise
from providers.resources import (
    Domain,
    DomainDetail,
    DomainStatus,
    Machine,
    MachineDetail,
    MachineStatus,
    Order,
    Profile,
    Record,
    Zone,
    ZoneDetail,
)
from providers.values import Unreadable, is_nothing, to_hosts, to_ips, to_megabytes, to_words
from providers.vpsorg.lists import BadRowError, Form
from providers.vpsorg.prices import CURRENCY, price_of

DOMAIN_NAMES = ("domain_name", "name", "domain")
ZONE_NAMES = ("domain", "domain_name", "name")
MACHINE_NAMES = ("hostname", "name", "label")

_DOMAIN_STATUS = {
    "active": DomainStatus.ACTIVE,
    "pending": DomainStatus.PENDING,
    "processing": DomainStatus.PENDING,
    "pending_transfer": DomainStatus.PENDING_TRANSFER,
    "transferring": DomainStatus.PENDING_TRANSFER,
    "locked": DomainStatus.LOCKED,
    "expired": DomainStatus.EXPIRED,
    "redemption": DomainStatus.REDEMPTION,
    "redemption_period": DomainStatus.REDEMPTION,
    "suspended": DomainStatus.SUSPENDED,
    "cancelled": DomainStatus.CANCELLED,
    "canceled": DomainStatus.CANCELLED,
    "transferred": DomainStatus.TRANSFERRED_AWAY,
    "transferred_away": DomainStatus.TRANSFERRED_AWAY,
}
_MACHINE_STATUS = {
    **dict.fromkeys(("running", "active", "online", "started"), MachineStatus.RUNNING),
    **dict.fromkeys(("stopped", "off", "offline", "shutdown", "powered_off"), MachineStatus.STOPPED),
    "suspended": MachineStatus.SUSPENDED,
    **dict.fromkeys(
        ("building", "pending", "deploying", "provisioning", "creating", "installing"), MachineStatus.BUILDING
    ),
    **dict.fromkeys(
        ("starting", "stopping", "restarting", "rebooting", "resizing", "backing_up", "migrating", "busy"),
        MachineStatus.BUSY,
    ),
    **dict.fromkeys(("failed", "error"), MachineStatus.FAILED),
}


def domain(row: Any, form: Form) -> Domain:
    """A domain of the list. Raises BadRowError."""
    return Domain(**_domain_values(_fields(row), form))


def domain_detail(row: Any, form: Form) -> DomainDetail:
    """A domain in full. Raises BadRowError."""
    fields = _fields(row)
    values = _domain_values(fields, form)
    registrar = fields.line("registrar")
    return DomainDetail(**{**values, "registrar": registrar, "unreadable": fields.unreadable})


def _domain_values(fields: Fields, form: Form) -> dict[str, Any]:
    upstream_id = _id(fields, form)
    name = fields.host("name", *DOMAIN_NAMES)
    if name is None:
        raise BadRowError("it has no readable name")
    raw_status = fields.line("upstream_status", "status") or ""
    price = price_of(name)
    values = {
        "id": upstream_id,
        "name": name,
        "status": _DOMAIN_STATUS.get(_word(raw_status), DomainStatus.UNKNOWN),
        "upstream_status": raw_status,
        "registered_on": fields.date("registered_on", "registration_date", "registered_at"),
        "expires_on": fields.date("expires_on", "expiration_date", "expires_at"),
        "auto_renew": fields.flag("auto_renew"),
        "renewal_price": price.renew if price else None,
        "renewal_currency": CURRENCY if price else "",
        "nameservers": _nameservers(fields),
        "locked": fields.flag("locked", "locked", "transfer_lock"),
        "privacy": fields.flag("privacy", "privacy_protection", "whois_privacy"),
        "dns_managed_by": fields.line("dns_managed_by"),
    }
    return {**values, "unreadable": fields.unreadable}


def renewal(data: Any) -> Order:
    """The answer to a renewal, which is charged at once; its shape is not documented, so nothing in it is needed."""
    fields = Fields(data)
    total = fields.money("total", "total_cost", "cost", "total")
    return Order(
        number=fields.id("number", "order_id", "order_number") or "",
        total=total,
        currency=_currency(fields) or (CURRENCY if total is not None else ""),
        settled=True,
        expires_on=fields.date("expires_on", "expiration_date", "expires_at"),
    )


def _nameservers(fields: Fields) -> tuple[str, ...] | None:
    """The documented list, or `nameserver1` to `nameserver4`, of which the unset ones are empty or absent."""
    numbered = [f"nameserver{number}" for number in range(1, 5)]
    try:
        listed = to_hosts(fields.raw("nameservers"))
        if not listed and fields.says(*numbered):
            return to_hosts([fields.raw(name) for name in numbered])
    except Unreadable:
        fields.mark("nameservers")
        return None
    return listed


def zone(row: Any, form: Form) -> Zone:
    """A zone of the list. Raises BadRowError."""
    fields = _fields(row)
    return Zone(id=_id(fields, form), name=_zone_name(fields), unreadable=fields.unreadable)


def zone_detail(row: Any, form: Form) -> ZoneDetail:
    """A zone with its records; `records` is unreadable when one of them is, or when upstream counts more than it shows.

    Raises BadRowError, and MalformedResponse when the answer has no records at all: that is no empty zone.
    """
    fields = _fields(row)
    name = _zone_name(fields)
    rows = fields.raw("records")
    if not isinstance(rows, list):
        raise MalformedResponse("The portal's answer about this zone has no records.")
    records = [_record(name, one) for one in rows]
    readable = tuple(one for one in records if one is not None)
    counted = fields.number("records", "record_count")
    if len(readable) < len(rows) or (counted is not None and counted > len(rows)):
        fields.mark("records")
    return ZoneDetail(id=_id(fields, form), name=name, records=readable, unreadable=fields.unreadable)


def spelled_records(data: Any) -> Iterable[tuple[Any, Any]]:
    """Type and value of a zone's records, as upstream spells them."""
    for row in Fields(data).items("records"):
        fields = Fields(row)
        yield fields.raw("record_type", "type"), fields.raw("value", "content")


def _zone_name(fields: Fields) -> str:
    name = fields.host("name", *ZONE_NAMES)
    if name is None:
        raise BadRowError("it has no readable name")
    return name


def _record(zone_name: str, row: Any) -> Record | None:
    fields = Fields(row)
    return normalise(
        zone_name,
        record_id=fields.raw("uuid", "id"),
        name=fields.raw("name"),
        kind=fields.raw("record_type", "type"),
        content=fields.raw("value", "content"),
        ttl=fields.raw("ttl"),
        priority=fields.raw("priority"),
    )


def machine(row: Any, form: Form) -> Machine:
    """A virtual machine of the list. Raises BadRowError."""
    return Machine(**_machine_values(_fields(row), form))


def machine_detail(row: Any, form: Form) -> MachineDetail:
    """A virtual machine in full. Raises BadRowError."""
    fields = _fields(row)
    values = _machine_values(fields, form)
    created_at = fields.instant("created_at")
    password = fields.text("password") or None
    return MachineDetail(**{**values, "created_at": created_at, "password": password, "unreadable": fields.unreadable})


def _machine_values(fields: Fields, form: Form) -> dict[str, Any]:
    upstream_id = _id(fields, form)
    name = fields.line("name", *MACHINE_NAMES)
    raw_status = fields.line("upstream_status", "status", "state") or ""
    plan = Fields(fields.raw("plan"))
    values = {
        "id": upstream_id,
        "name": name or upstream_id,
        "status": _MACHINE_STATUS.get(_word(raw_status), MachineStatus.UNKNOWN),
        "upstream_status": raw_status,
        "ips": _addresses(fields),
        "memory_mb": _size(fields, "memory_mb", plan, "ram"),
        "disk_gb": _gigabytes(_size(fields, "disk_gb", plan, "disk_space", default_unit="GB")),
        "cpus": plan.number("cpus", "cpu"),
        "system": _joined(fields, "system", "os_name", "operating_system", "operating_system_version"),
        "plan": _named(fields, "plan", "plan_name", "plan"),
        "location": _named(fields, "location", "location_name", "location"),
    }
    if plan.unreadable:
        fields.mark("cpus")
    return {**values, "unreadable": fields.unreadable}


def _addresses(fields: Fields) -> tuple[str, ...] | None:
    """All addresses, IPv4 first. Three clients read three spellings."""
    found: list[str] = []
    said = False
    for names in (("ipv4_addresses", "ip_address", "ipv4"), ("ipv6_addresses", "ipv6")):
        said = said or fields.says(*names)
        try:
            found += [one for one in to_ips(fields.raw(*names)) or () if one not in found]
        except Unreadable:
            fields.mark("ips")
            return None
    return tuple(found) if said else None


def _size(fields: Fields, ours: str, plan: Fields, key: str, default_unit: str = "MB") -> int | None:
    unit = plan.raw(f"{key}_unit") or default_unit
    return fields.read(ours, (), lambda _: to_megabytes(plan.raw(key), unit))


def _gigabytes(megabytes: int | None) -> int | None:
    return None if megabytes is None else megabytes // 1024


def _named(fields: Fields, ours: str, flat: str, nested: str) -> str | None:
    """`plan_name` of the lists, `plan.name` of the details, or `plan` as a text."""
    value = fields.raw(nested)
    if isinstance(value, Mapping):
        return Fields(value).line("name")
    return fields.line(ours, flat, nested) if isinstance(value, str) or value is None else fields.line(ours, flat)


def _joined(fields: Fields, ours: str, flat: str, *nested: str) -> str | None:
    text = fields.line(ours, flat)
    if text:
        return text
    names = [Fields(fields.raw(key)).line("name") for key in nested]
    return " ".join(name for name in names if name) or text


def profile(data: Any) -> Profile:
    """Whose token this is. The fields' names are not documented, so what common ones say is taken. Raises MalformedResponse."""
    if not isinstance(data, Mapping):
        raise MalformedResponse("The portal's answer about the account is no object.")
    inner = next((data[key] for key in ("account", "user") if isinstance(data.get(key), Mapping)), data)
    fields = Fields(inner)
    whole = " ".join(part for part in (fields.line("name", "first_name"), fields.line("name", "last_name")) if part)
    email = fields.line("email") or ""
    return Profile(
        id=fields.id("id", "uuid", "id") or email,
        email=email,
        name=whole or fields.line("name", "name", "full_name", "username") or "",
        company=fields.line("company", "company", "company_name") or "",
        country=fields.line("country", "country_code", "country") or "",
        currency=_currency(fields),
        scopes=scopes(data),
    )


def _currency(fields: Fields) -> str:
    word = (fields.line("currency") or "").upper()
    return word if len(word) == 3 and word.isascii() and word.isalpha() else ""


def scopes(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The token's scopes (`domains:read`, `*:*`), wherever the answer keeps them; () when it names none."""
    places: list[Any] = []
    for holder in (data, data.get("token"), data.get("api_token")):
        if isinstance(holder, Mapping):
            places += [holder.get("scopes"), holder.get("permissions")]
    for place in places:
        found = sorted({word for word in _scope_words(place) if ":" in word})
        if found:
            return tuple(found)
    return ()


def _scope_words(place: Any) -> Iterable[str]:
    if isinstance(place, Mapping):
        # by family, as lists of verbs, or by scope, as yes and no
        for key, value in place.items():
            if ":" in str(key) and value is True:
                yield str(key)
            for word in value if isinstance(value, list) else [value]:
                if isinstance(word, str):
                    yield f"{key}:{word}"
        return
    if is_nothing(place) or not isinstance(place, str | list):
        return
    words = place if isinstance(place, list) else to_words(place, str) or ()
    yield from (word.strip().lower() for word in words if isinstance(word, str))


def _fields(row: Any) -> Fields:
    if not isinstance(row, Mapping):
        raise BadRowError("it is no object")
    return Fields(row)


def _id(fields: Fields, form: Form) -> str:
    """The id in the portal's form: mixing the two would make two things of one."""
    found = fields.id("id", "uuid" if form is Form.PRESENT else "id")
    if found is None:
        raise BadRowError("it has no readable id")
    return found


def _word(status: str) -> str:
    return status.strip().lower().replace(" ", "_").replace("-", "_")
