"""What pages call the privileges of a contact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

GROUPS: Final[Mapping[str, Words]] = {
    "billing": _("Invoices and money"),
    "support": _("Tickets"),
    "services": _("Services"),
    "domains": _("Domains"),
    "misc": _("The login itself"),
}
PRIVILEGES: Final[Mapping[str, Words]] = {
    "billing.emails": _("gets mail about invoices"),
    "billing.payinvoice": _("sees and pays invoices"),
    "billing.orders": _("places orders"),
    "billing.balance": _("sees the balance"),
    "billing.addfunds": _("adds credit"),
    "billing.creditcard": _("changes the stored card"),
    "support.newticket": _("opens tickets"),
    "support.tickets": _("reads all tickets"),
    "support.closeticket": _("closes tickets"),
    "support.emails": _("gets mail about tickets"),
    "services.full": _("everything, with every service"),
    "services.basic": _("sees it"),
    "services.billing": _("sees what it costs"),
    "services.cancelation": _("asks for its end"),
    "services.upgrade": _("makes it larger or smaller"),
    "services.notify": _("gets mail about it"),
    "services.logindetails": _("sees how to sign in to it"),
    "domains.full": _("everything, with every domain"),
    "domains.basic": _("sees it"),
    "domains.renew": _("renews it"),
    "domains.notify": _("gets mail about it"),
    "domains.contactinfo": _("changes the people in the registry"),
    "domains.nameservers": _("changes its name servers"),
    "misc.editmain": _("changes the login’s own details"),
    "misc.emails": _("reads the mail that was sent"),
    "misc.editipaccess": _("changes the addresses that may sign in"),
    "misc.manageprofiles": _("adds and changes contacts"),
    "misc.affiliates": _("uses the affiliate pages"),
}


@dataclass(frozen=True, slots=True)
class Granted:
    """What a contact may do with one group of things, or with one thing of it."""

    group: str
    title: Words
    thing: str = ""
    """The id of the one thing, empty where it is about all of the group."""
    may: list[Words] = field(default_factory=list)


def granted(privileges: Iterable[str]) -> list[Granted]:
    """`group.privilege` and `group.<id>.privilege` in words, by group and thing; what we have no words for keeps its own."""
    found: dict[tuple[str, str], Granted] = {}
    for key in privileges:
        group, _dot, rest = key.partition(".")
        thing, _dot, last = rest.rpartition(".")
        words = PRIVILEGES.get(f"{group}.{last}", last)
        of = found.setdefault((group, thing), Granted(group, GROUPS.get(group, group), thing))
        of.may.append(words)
    order = [*GROUPS, ""]
    return [
        found[place]
        for place in sorted(found, key=lambda place: (order.index(place[0] if place[0] in GROUPS else ""), place))
    ]


def areas(privileges: Iterable[str]) -> list[Words]:
    """The groups in which somebody may do anything, for a line in a list."""
    held = {key.partition(".")[0] for key in privileges}
    return [GROUPS.get(group, group) for group in [*GROUPS, *sorted(held - set(GROUPS))] if group in held]
