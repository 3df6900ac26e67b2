"""What a registrar keeps of a domain: lock, EPP code, people, forwardings.

No page shows these answers, and each registrar module of HostBill words them in its own way: the spellings here are those of
HostBill's own templates and of the clients that others publish for the same API. What fits none of them is UnreadableRow.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from providers.hostbill.answers import ENVELOPE, is_outcome
from providers.hostbill.parse.domain import nameservers
from providers.hostbill.parse.row import Row, UnreadableRow, scalar_text
from providers.registrant import DomainContacts, EmailForward, Person
from providers.secret import Secret
from providers.values import Unreadable, is_nothing, to_bool, to_text

LOCK = ("reglock", "registrar_lock", "registrarlock", "transfer_lock", "locked", "lock")
AUTO_RENEW = ("autorenew", "auto_renew", "autorenewal", "renew")
NAMESERVERS = ("nameservers", "ns", "nameserver")
EPP = ("epp_code", "eppcode", "epp", "authcode", "auth_code", "auth", "code")
CONTACTS = ("contacts", "contact_info", "contactinfo", "contact")
FORWARDS = ("emforwarding", "email_forwarding", "emailforwarding", "forwardings", "forwarding", "forwards")
_INNER = ("details", "data", "domain", "result")
_ON, _OFF = frozenset({"locked", "active", "enable"}), frozenset({"unlocked", "inactive", "disable"})
_LONGEST_CODE = 255


def inside(data: Any, *keys: str) -> Any:
    """The value under the first of `keys` that is there, at the top or one wrapper down; the answer without its envelope where none
    is."""
    if not isinstance(data, Mapping):
        return data
    for key in keys:
        if key in data:
            return data[key]
    for key in _INNER:
        if isinstance(data.get(key), Mapping | list):
            return inside(data[key], *keys)
    return {key: value for key, value in data.items() if key not in ENVELOPE or not is_outcome(value)}


def nameservers_told(data: Any) -> tuple[str, ...]:
    """The answer of `GET /domain/{id}/ns`. Raises UnreadableRow."""
    try:
        told = nameservers(inside(data, *NAMESERVERS))
    except Unreadable:
        told = None
    if told is None:
        raise UnreadableRow("it tells no name servers")
    return told


def switch(data: Any, *keys: str) -> bool:
    """Whether something is on. Raises UnreadableRow."""
    value = inside(data, *keys)
    if isinstance(value, Mapping):
        # a plain {"status": true}: in a read of one switch it is that switch
        value = next((value[key] for key in ("status", "enabled", "value", "switch") if key in value), None)
    if value is None and isinstance(data, Mapping):
        value = data.get("status")
    word = value.strip().lower() if isinstance(value, str) else ""
    if word in _ON | _OFF:
        return word in _ON
    try:
        found = to_bool(value)
    except Unreadable:
        found = None
    if found is None:
        raise UnreadableRow("it does not say whether it is on or off")
    return found


def epp_code(data: Any) -> Secret:
    """The code, or what the portal says instead: it may have mailed it. Raises UnreadableRow for something that is neither."""
    value = inside(data, *EPP)
    words = data.get("info") if isinstance(data, Mapping) else None
    if isinstance(value, str) and value is data and any(sign.isspace() for sign in value.strip()):
        value, words = None, value
    if isinstance(value, Mapping):
        value = None
    try:
        code = "" if is_nothing(value) or isinstance(value, bool) else to_text(value) or ""
    except Unreadable:
        raise UnreadableRow("its code can’t be read") from None
    if len(code) > _LONGEST_CODE or any(ord(sign) < 32 for sign in code):
        raise UnreadableRow("its code is none that a registry gives")
    if code:
        return Secret(code)
    texts = [scalar_text(one) for one in (words if isinstance(words, list) else [words])]
    told = "; ".join(text for text in texts if text)
    return Secret("", told[:500] or "The portal named no code; it may have sent it to the registrant by e-mail.")


# --- people ------------------------------------------------------------------------------------------------------------------

ROLES: Mapping[str, tuple[str, ...]] = {
    "registrant": ("registrant", "owner", "holder"),
    "admin": ("admin", "administrative", "administrator"),
    "tech": ("tech", "technical"),
    "billing": ("billing", "bill"),
}
PERSON: Mapping[str, tuple[str, ...]] = {
    "first_name": ("firstname", "first_name", "fname"),
    "last_name": ("lastname", "last_name", "lname"),
    "company": ("companyname", "company_name", "organization", "orgname", "company"),
    "email": ("email", "emailaddress", "email_address"),
    "city": ("city",),
    "state": ("state", "stateprovince", "province"),
    "postcode": ("postcode", "postalcode", "postal_code", "zip"),
    "country": ("country", "country_code", "countrycode"),
    "phone": ("phonenumber", "phone", "phone_number"),
}
IDS = ("id", "contact_id", "contactid", "client_id")
"""Which contact of the account it is: written back, it might say more than who shall stand in the registry."""
ADDRESS = ("address1", "address", "street", "address_1"), ("address2", "address_2"), ("address3", "address_3")


def contacts(data: Any, zone: ZoneInfo) -> DomainContacts:
    """The people by role; one person alone is the registrant. Raises UnreadableRow."""
    value = inside(data, *CONTACTS)
    if isinstance(value, str):
        value = _from_json(value)
    if not isinstance(value, Mapping):
        if is_nothing(value):
            return DomainContacts()
        raise UnreadableRow("it tells no contacts")
    lower = {str(key).lower(): part for key, part in value.items()}
    told = {
        role: next((lower[name] for name in names if isinstance(lower.get(name), Mapping)), None)
        for role, names in ROLES.items()
    }
    if not any(told.values()) and any(name in lower for names in PERSON.values() for name in names):
        told["registrant"] = lower
    return DomainContacts(**{role: person(one, zone) for role, one in told.items() if one})


def _from_json(text: str) -> Any:
    try:
        return json.loads(text[:100_000])
    except (ValueError, RecursionError):
        raise UnreadableRow("its contacts can’t be read") from None


def person(data: Mapping[str, Any], zone: ZoneInfo) -> Person:
    """A person in the spelling of the portal's own contacts or in that of a certificate; what else there is goes to `extra`."""
    by_lower = {str(key).lower(): (str(key), value) for key, value in data.items()}
    row = Row({name: value for name, (_, value) in by_lower.items()}, zone)
    texts = {field: _plain(row, *names) for field, names in PERSON.items()}
    lines = tuple(line for names in ADDRESS if (line := _plain(row, *names)))
    known = {name for names in (*PERSON.values(), *ADDRESS, IDS) for name in names}
    extra = {
        key: text
        for name, (key, value) in by_lower.items()
        if name not in known and (text := _text_of(value)) is not None
    }
    return Person(**texts, address=lines, extra=extra)


def _plain(row: Row, *names: str) -> str:
    text = row.word(*names)
    return "" if is_nothing(text) else text


def _text_of(value: Any) -> str | None:
    """A value that can be written back as a text; None for what has parts."""
    return ("1" if value else "0") if isinstance(value, bool) else scalar_text(value)


def person_fields(one: Person) -> dict[str, str]:
    """A person in the spelling of the portal's own contacts."""
    lines = (*one.address, "", "")[: max(2, len(one.address))]
    return {
        **one.extra,
        "firstname": one.first_name,
        "lastname": one.last_name,
        "companyname": one.company,
        "email": one.email,
        **{f"address{number}": line for number, line in enumerate(lines, 1)},
        "city": one.city,
        "state": one.state,
        "postcode": one.postcode,
        "country": one.country,
        "phonenumber": one.phone,
    }


# --- e-mail ------------------------------------------------------------------------------------------------------------------

_FROM = ("from", "address", "alias", "source", "prefix", "email")
_TO = ("to", "forwardto", "forward_to", "destination", "target")
_SEVERAL = re.compile(r"[\s,;]+")


def email_forwards(data: Any) -> tuple[EmailForward, ...]:
    """The forwardings, each once. Raises UnreadableRow where one can't be read: who writes the others back would lose it."""
    value = inside(data, *FORWARDS)
    return tuple(dict.fromkeys(_forwards(value)))


def _forwards(value: Any) -> Iterator[EmailForward]:
    if is_nothing(value) or value is True:
        return
    if isinstance(value, list):
        for row in value:
            yield from _forward(row)
        return
    if not isinstance(value, Mapping):
        raise UnreadableRow("it tells no forwardings")
    if any(name in value for name in _TO):
        yield from _forward(value)
        return
    for key, part in value.items():
        yield from _forward(part if isinstance(part, Mapping) else {"from": key, "to": part})


def _forward(row: Any) -> Iterator[EmailForward]:
    """One alias with one target or several; or two lists of which each pair is one."""
    if not isinstance(row, Mapping):
        raise UnreadableRow("a forwarding can’t be read")
    source = next((row[name] for name in _FROM if row.get(name) is not None), "")
    target = next((row[name] for name in _TO if row.get(name) is not None), None)
    if isinstance(source, list) and isinstance(target, list):
        if len(source) != len(target):
            raise UnreadableRow("a forwarding can’t be read")
        for one, other in zip(source, target, strict=True):
            yield from _forward({"from": one, "to": other})
        return
    alias = scalar_text(source)
    targets = target if isinstance(target, list) else _SEVERAL.split(scalar_text(target) or "")
    addresses = [address for one in targets if (address := scalar_text(one))]
    if alias is None or (alias and not addresses) or any("@" not in address for address in addresses):
        raise UnreadableRow("a forwarding can’t be read")
    for address in addresses:
        yield EmailForward(alias=alias_of(alias), to=address)


def alias_of(text: str) -> str:
    """What stands before the @; `*` for what takes all the rest."""
    alias = text.strip().partition("@")[0].lower()
    return alias if alias not in ("", "catchall", "catch-all") else "*"
