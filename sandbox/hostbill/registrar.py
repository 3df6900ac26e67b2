"""Domains: what the registrar keeps besides the expiry.

The pages show no answers for most of these, so the shapes are our reading.
"""

import hashlib
import json
from ipaddress import ip_address
from typing import Any

from sandbox.hostbill.accounts import PERSON_FIELDS, person
from sandbox.hostbill.portal import HostBillPortal
from sandbox.messages import Request
from sandbox.names import is_name, to_ascii
from sandbox.routing import section
from sandbox.state import Record

SAVED = {"info": ["success_changes_save"]}
CONTACT_ROLES = ("registrant", "admin", "tech", "billing")
DNSSEC_FIELDS = ("flags", "protocol", "alg", "pubkey", "key", "digest_type", "digest")


def _domain(portal: HostBillPortal, request: Request) -> Record:
    return portal.one("domains", request.params["id"], "Domain")


def _edit(portal: HostBillPortal, request: Request) -> Record:
    _domain(portal, request)
    return portal.state.edit("domains", request.params["id"])


def flag(portal: HostBillPortal, request: Request, *names: str) -> bool:
    """The first of these body fields, as a switch; refused when none is there."""
    fields = request.data()
    for name in (*names, "status", "enabled", "value"):
        if name in fields:
            return str(fields[name]).lower() in ("1", "true", "on", "yes", "enabled", "enable", "locked", "lock")
    raise portal.invalid(f"{names[0]} is required")


def nameservers(portal: HostBillPortal, request: Request) -> Any:
    return {"nameservers": _domain(portal, request)["nameservers"]}


def set_nameservers(portal: HostBillPortal, request: Request) -> Any:
    domain = _edit(portal, request)
    wanted = request.data().get("nameservers")
    if wanted in ([], ""):
        domain["nameservers"] = list(portal.flavour.nameservers)
        return SAVED
    if not isinstance(wanted, list) or not 2 <= len(wanted) <= 4:
        raise portal.invalid("Between 2 and 4 nameservers are required")
    names = [to_ascii(str(name)) for name in wanted]
    if not all(is_name(name) for name in names):
        raise portal.invalid("Nameserver name is invalid")
    domain["nameservers"] = names
    portal.note(f"Nameservers of {domain['name']} changed", request)
    return SAVED


def register_hosts(portal: HostBillPortal, request: Request) -> Any:
    """`{"NameServer": "ns1", "NameServerIP": "192.0.2.1"}`, as the forms of the product name them; several addresses in a list."""
    domain = _edit(portal, request)
    fields = request.data()
    label = to_ascii(str(fields.get("NameServer") or ""))
    given = fields.get("NameServerIP")
    addresses = [str(one) for one in (given if isinstance(given, list) else [given])]
    name = f"{label}.{domain['name']}"
    if not label or not is_name(name):
        raise portal.invalid("Nameserver host is required")
    if not addresses or not all(_is_address(one) for one in addresses):
        raise portal.invalid("Nameserver IP address is invalid")
    domain["hosts"] = [*(one for one in domain["hosts"] if one["host"] != name), {"host": name, "ips": addresses}]
    portal.note(f"Nameserver {name} registered", request)
    return SAVED


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def epp_code(portal: HostBillPortal, request: Request) -> Any:
    domain = _domain(portal, request)
    if domain["locked"]:
        raise portal.invalid("Domain is locked, unlock it to get its EPP code")
    digest = hashlib.sha256(f"{portal.key} {domain['name']}".encode()).hexdigest()
    portal.note(f"EPP code of {domain['name']} shown", request)
    return {"epp_code": f"{digest[:6]}-{digest[6:10].upper()}!"}


def synchronise(portal: HostBillPortal, request: Request) -> Any:
    domain = _domain(portal, request)
    if domain["status"].startswith("Pending"):
        raise portal.invalid("Domain is not at the registrar yet")
    portal.note(f"Domain {domain['name']} synchronised with the registrar", request)
    return {"success": True, "info": ["Domain synchronised"]}


def lock(portal: HostBillPortal, request: Request) -> Any:
    return {"registrar_lock": _domain(portal, request)["locked"]}


def set_lock(portal: HostBillPortal, request: Request) -> Any:
    locked = flag(portal, request, "switch", "lock", "registrar_lock", "reglock")
    _edit(portal, request)["locked"] = locked
    return SAVED


def set_id_protection(portal: HostBillPortal, request: Request) -> Any:
    on = flag(portal, request, "switch", "idprotection")
    _edit(portal, request)["idprotection"] = "1" if on else "0"
    return SAVED


def contacts(portal: HostBillPortal, request: Request) -> Any:
    """Whoever was not named stands there as the account does."""
    domain = _domain(portal, request)
    nobody = dict.fromkeys(PERSON_FIELDS, "")
    shown = {
        role: {**nobody, **domain["contacts"][role]} if domain["contacts"].get(role) else person(portal.client)
        for role in CONTACT_ROLES
    }
    return {"contacts": shown}


def set_contacts(portal: HostBillPortal, request: Request) -> Any:
    """`{"contact_info": {role: {...}}}`; a text of JSON is as good. Roles and fields that are not there stay."""
    domain = _edit(portal, request)
    given = request.data().get("contact_info")
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError as error:
            raise portal.invalid("Contact data is invalid") from error
    roles = [role for role in CONTACT_ROLES if isinstance(given, dict) and isinstance(given.get(role), dict)]
    if not roles or not isinstance(given, dict):
        raise portal.invalid("Contact data is required")
    wanted = {role: {**(domain["contacts"].get(role) or person(portal.client)), **given[role]} for role in roles}
    if any("@" not in str(one.get("email") or "") for one in wanted.values()):
        raise portal.invalid("Email address is invalid")
    domain["contacts"].update(wanted)
    portal.note(f"Contacts of {domain['name']} changed", request)
    return SAVED


def email_forwarding(portal: HostBillPortal, request: Request) -> Any:
    return {"emforwarding": _domain(portal, request)["emforwarding"]}


def set_email_forwarding(portal: HostBillPortal, request: Request) -> Any:
    """`{"from": "info", "to": "x@example.com"}`, or two lists of the same length; all that was there before goes."""
    fields = request.data()
    if "from" not in fields or "to" not in fields:
        raise portal.invalid("Forwarding rules are required")
    sources, targets = (
        [str(one) for one in (value if isinstance(value, list) else [value])]
        for value in (fields["from"], fields["to"])
    )
    if len(sources) != len(targets) or any("@" not in one for one in targets):
        raise portal.invalid("Forwarding rules are invalid")
    rules = [{"from": source, "to": target} for source, target in zip(sources, targets, strict=True)]
    _edit(portal, request)["emforwarding"] = rules
    return SAVED


def set_forwarding(portal: HostBillPortal, request: Request) -> Any:
    """`{"url": "https://www.example.com/", "frame": "0"}`; an empty address ends it."""
    fields = request.data()
    url = str(fields.get("url") or "")
    if "url" not in fields or (url and not url.startswith(("http://", "https://"))):
        raise portal.invalid("Forwarding URL is invalid")
    _edit(portal, request)["forwarding"] = {"url": url, "frame": str(fields.get("frame") or "0")} if url else {}
    return SAVED


def autorenew(portal: HostBillPortal, request: Request) -> Any:
    return {"autorenew": _domain(portal, request)["autorenew"] == "1"}


def set_autorenew(portal: HostBillPortal, request: Request) -> Any:
    on = flag(portal, request, "autorenew", "switch")
    domain = _edit(portal, request)
    domain["autorenew"] = "1" if on else "0"
    portal.note(f"Auto-renew of {domain['name']} turned {'on' if on else 'off'}", request)
    return SAVED


def dnssec_flags(portal: HostBillPortal, request: Request) -> Any:
    _domain(portal, request)
    return {"flags": [{"id": "256", "name": "Zone Signing Key"}, {"id": "257", "name": "Key Signing Key"}]}


def dnssec_keys(portal: HostBillPortal, request: Request) -> Any:
    return {"dnssec": _domain(portal, request)["dnssec"]}


def add_dnssec_key(portal: HostBillPortal, request: Request) -> Any:
    """`{"flags", "protocol", "alg", "pubkey"}`, or `{"key", "alg", "digest_type", "digest"}` with `key` as the key tag."""
    fields = request.data()
    whole = bool(fields.get("pubkey") and fields.get("flags"))
    digest = bool(fields.get("digest") and fields.get("key") and fields.get("digest_type"))
    if not fields.get("alg") or not (whole or digest):
        raise portal.invalid("Key is required")
    domain = _edit(portal, request)
    key = {name: str(fields[name]) for name in DNSSEC_FIELDS if fields.get(name) not in (None, "")}
    if any({**one, "id": ""} == {**key, "id": ""} for one in domain["dnssec"]):
        raise portal.invalid("Key exists already")
    domain["dnssec"].append({**key, "id": str(portal.state.next_id("dnssec"))})
    portal.note(f"DNSSEC key added to {domain['name']}", request)
    return SAVED


def remove_dnssec_key(portal: HostBillPortal, request: Request) -> Any:
    domain = _edit(portal, request)
    kept = [key for key in domain["dnssec"] if key["id"] != request.params["key"]]
    if len(kept) == len(domain["dnssec"]):
        raise portal.refuse("Key not found")
    domain["dnssec"] = kept
    return SAVED


COMMON = section(
    "Domains",
    ("GET", "/domain/{id}/ns", nameservers),
    ("PUT", "/domain/{id}/ns", set_nameservers),
    ("POST", "/domain/{id}/reg", register_hosts),
    ("GET", "/domain/{id}/epp", epp_code),
    ("GET", "/domain/{id}/sync", synchronise),
    ("GET", "/domain/{id}/reglock", lock),
    ("PUT", "/domain/{id}/reglock", set_lock),
    ("PUT", "/domain/{id}/idprotection", set_id_protection),
    ("GET", "/domain/{id}/contact", contacts),
    ("PUT", "/domain/{id}/contact", set_contacts),
    ("GET", "/domain/{id}/emforwarding", email_forwarding),
    ("PUT", "/domain/{id}/emforwarding", set_email_forwarding),
    ("PUT", "/domain/{id}/forwarding", set_forwarding),
    ("GET", "/domain/{id}/autorenew", autorenew),
    ("PUT", "/domain/{id}/autorenew", set_autorenew),
    ("GET", "/domain/{id}/dnssec/flags", dnssec_flags),
    ("GET", "/domain/{id}/dnssec", dnssec_keys),
    ("PUT", "/domain/{id}/dnssec", add_dnssec_key),
    ("DELETE", "/domain/{id}/dnssec/{key}", remove_dnssec_key),
)
