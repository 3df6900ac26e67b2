"""What a contact may do: `group.privilege`, and `services.<id>.privilege` where a group names single things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from providers.hostbill.parse.row import scalar_text
from providers.people import Privilege

MEANINGS: Mapping[str, str] = {
    "billing.emails": "receives mail about invoices",
    "billing.payinvoice": "sees and pays invoices",
    "billing.orders": "places orders",
    "billing.balance": "sees the balance",
    "billing.addfunds": "adds credit",
    "billing.creditcard": "changes the stored card",
    "support.newticket": "opens tickets",
    "support.tickets": "reads all tickets",
    "support.closeticket": "closes tickets",
    "support.emails": "receives mail about tickets",
    "misc.editmain": "changes the login’s own details",
    "misc.emails": "reads the mail that was sent",
    "misc.editipaccess": "changes the addresses that may sign in",
    "misc.manageprofiles": "adds and changes contacts",
    "misc.affiliates": "uses the affiliate pages",
    "services.full": "may do everything with every service",
    "services.basic": "sees the service",
    "services.billing": "sees what the service costs",
    "services.cancelation": "asks for the service to be ended",
    "services.upgrade": "makes the service larger or smaller",
    "services.notify": "receives mail about the service",
    "services.logindetails": "sees how to sign in to the service",
    "domains.full": "may do everything with every domain",
    "domains.basic": "sees the domain",
    "domains.renew": "renews the domain",
    "domains.notify": "receives mail about the domain",
    "domains.contactinfo": "changes the people in the registry",
    "domains.nameservers": "changes the name servers",
}
"""What the documents say of those that every portal has; the answer itself carries names alone."""

DEPTH = 4
OFF = frozenset({"0", "False", "false", ""})


def privileges(value: Any) -> tuple[str, ...]:
    """Those that are granted, as a contact tells them; `services.full` for all of it."""
    return tuple(sorted({key for key, _ in _flatten(value, "", DEPTH)}))


def privileges_on_offer(value: Any) -> tuple[Privilege, ...]:
    """Those that can be granted, in the portal's order, each once."""
    found: dict[str, Privilege] = {}
    for key, said in _flatten(value, "", DEPTH):
        group, _, last = key.partition(".")
        if last:
            short = f"{group}.{last.rpartition('.')[2]}"
            words = said or MEANINGS.get(short) or last.rpartition(".")[2]
            found.setdefault(key, Privilege(key=key, group=group, words=words))
    return tuple(found.values())


def _flatten(value: Any, prefix: str, depth: int) -> Iterator[tuple[str, str]]:
    """Each privilege with what the portal says of it, if anything."""
    if depth == 0 or not value:
        return
    if isinstance(value, Mapping):
        for key, part in value.items():
            name = scalar_text(key) or ""
            yield from _flatten(part, f"{prefix}.{name}" if prefix else name, depth - 1)
    elif isinstance(value, list):
        for part in value:
            if isinstance(part, Mapping):
                yield from _named(part, prefix)
            elif text := scalar_text(part):
                yield (f"{prefix}.{text}" if prefix else text), ""
    elif prefix and str(value) not in OFF:
        # a switch such as {"full": 1}, or a name with its meaning: the name itself is the privilege
        text = scalar_text(value) or ""
        yield prefix, "" if isinstance(value, bool) or text.isdigit() or text == "true" else text


def _named(part: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    """A privilege written as an object."""
    texts = {key: scalar_text(part.get(key)) or "" for key in ("key", "id", "name", "description")}
    name = texts["key"] or texts["id"] or texts["name"]
    if name and prefix:
        yield f"{prefix}.{name}", texts["description"] or (texts["name"] if texts["name"] != name else "")
