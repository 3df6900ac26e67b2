"""What a portal can do, in words for staff: every method of every family of `providers.families`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ABILITIES: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "domains": {
        "list": _("list domains"),
        "detail": _("read a domain"),
        "named": _("find a domain by its name"),
        "renewal_price": _("say what a renewal costs"),
        "renew": _("renew"),
        "prices": _("tell the prices of endings"),
        "lookup": _("say whether a name is free"),
        "order_form": _("tell what an ending asks for"),
        "register": _("register"),
        "transfer": _("transfer in"),
        "nameservers": _("read name servers"),
        "set_nameservers": _("set name servers"),
        "register_nameserver": _("register a name server of its own"),
        "lock": _("read the transfer lock"),
        "set_lock": _("set the transfer lock"),
        "set_privacy": _("switch WHOIS privacy"),
        "auto_renew": _("read auto-renew"),
        "set_auto_renew": _("switch auto-renew"),
        "epp_code": _("reveal the EPP code"),
        "contacts": _("read registry contacts"),
        "set_contacts": _("change registry contacts"),
        "email_forwards": _("read e-mail forwarding"),
        "set_email_forwards": _("set e-mail forwarding"),
        "set_web_forward": _("set web forwarding"),
        "dnssec_flags": _("tell what DNSSEC keys look like"),
        "dnssec_keys": _("read DNSSEC keys"),
        "add_dnssec_key": _("add a DNSSEC key"),
        "remove_dnssec_key": _("remove a DNSSEC key"),
        "refresh": _("ask the registry anew"),
        "detach": _("take a domain out of the account"),
    },
    "dns": {
        "list": _("list zones"),
        "detail": _("read records"),
        "add": _("add records"),
        "change": _("change records"),
        "remove": _("remove records"),
        "record_types": _("tell the types of records"),
        "sets_ttl": _("say whether a TTL can be set"),
        "places": _("tell where a zone can be made"),
        "zones_in": _("list the zones of a service"),
        "create_zone": _("make a zone"),
        "delete_zone": _("delete a zone"),
    },
    "billing": {
        "list": _("list invoices"),
        "detail": _("read an invoice"),
        "balances": _("tell the balance"),
        "payment_methods": _("tell the ways to pay"),
        "apply_credit": _("pay from credit"),
    },
    "support": {
        "list": _("list tickets"),
        "detail": _("read a ticket"),
        "departments": _("tell the departments"),
        "attachment": _("hand out attachments"),
        "open": _("open a ticket"),
        "reply": _("reply"),
        "close": _("close a ticket"),
        "reopen": _("open a closed ticket again"),
    },
    "services": {
        "list": _("list services"),
        "detail": _("read a service"),
        "label": _("read a service’s label"),
        "set_label": _("set a service’s label"),
        "upgrade_options": _("tell the upgrades of a service"),
        "upgrade_quote": _("say what an upgrade costs"),
        "upgrade": _("upgrade a service"),
        "cancel": _("ask for a service to be ended"),
        "addresses": _("list a service’s addresses"),
        "reverse_dns": _("read reverse DNS"),
        "set_reverse_dns": _("set reverse DNS"),
        "list_machines": _("list virtual machines"),
        "machine": _("read a virtual machine"),
        "start": _("start"),
        "stop": _("shut down"),
        "power_off": _("cut the power"),
        "reboot": _("reboot"),
        "suspend": _("suspend"),
        "unsuspend": _("resume"),
        "reset_password": _("reset the password"),
        "templates": _("tell what a machine can be rebuilt from"),
        "rebuild": _("rebuild"),
        "create_machine": _("order a virtual machine"),
        "delete_machine": _("delete a virtual machine"),
        "resize": _("resize"),
        "back_up": _("back up"),
        "snapshot": _("take a snapshot"),
        "ssh_keys": _("list SSH keys"),
        "add_ssh_key": _("add an SSH key"),
        "remove_ssh_key": _("remove an SSH key"),
    },
    "certificates": {
        "list": _("list certificates"),
        "detail": _("read a certificate"),
        "download": _("hand out the certificate"),
        "products": _("tell the certificates on sale"),
        "software": _("tell the server software"),
        "order": _("order a certificate"),
    },
    "catalog": {
        "categories": _("list categories"),
        "products": _("list products"),
        "form": _("tell what an order asks for"),
        "quote": _("say what a basket costs"),
        "order": _("order several things at once"),
        "plans": _("list the plans of machines"),
        "locations": _("list locations"),
        "systems": _("list operating systems"),
    },
    "profile": {
        "profile": _("tell whose login it is"),
        "update": _("change the login’s details"),
        "list_contacts": _("list contacts"),
        "contact": _("read a contact"),
        "privileges": _("tell what contacts may be allowed"),
        "add_contact": _("add a contact"),
        "change_contact": _("change a contact"),
        "notifications": _("read notifications"),
        "acknowledge": _("mark a notification as read"),
        "log": _("read the account log"),
        "affiliate": _("tell affiliate figures"),
        "sign_up": _("make a new login"),
        "request_password_reset": _("have a password reset"),
    },
}
"""By family and method, in the order in which pages show them."""

TITLES: Final[Mapping[str, str | Promise]] = {
    "domains": _("Domains"),
    "dns": _("DNS"),
    "billing": _("Billing"),
    "support": _("Support"),
    "services": _("Services and machines"),
    "certificates": _("Certificates"),
    "catalog": _("Catalogue"),
    "profile": _("Profile and contacts"),
}


@dataclass(frozen=True, slots=True)
class Abilities:
    """A family of capabilities: what this portal's API does, and what it does not."""

    family: str
    title: str | Promise
    there: tuple[str | Promise, ...]
    missing: tuple[str | Promise, ...]

    @property
    def known(self) -> int:
        return len(self.there) + len(self.missing)


def in_words(capabilities: Iterable[str]) -> list[str | Promise]:
    """These capabilities, in the order of the pages; unknown names are left out."""
    held = set(capabilities)
    return [
        words for family, named in ABILITIES.items() for method, words in named.items() if f"{family}.{method}" in held
    ]


def abilities(capabilities: Iterable[str]) -> tuple[Abilities, ...]:
    """Every family with what is among `capabilities` (`family.method`) and what is not; unknown names are left out."""
    held = set(capabilities)
    return tuple(
        Abilities(
            family=family,
            title=TITLES[family],
            there=tuple(words for method, words in named.items() if f"{family}.{method}" in held),
            missing=tuple(words for method, words in named.items() if f"{family}.{method}" not in held),
        )
        for family, named in ABILITIES.items()
    )
