"""Accounts at fresh stand-ins, and what the methods of the contract are called with there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from providers.contract import CallRecord, Connection, ProviderSpec
from providers.offers import DomainOrder, RenewItem
from providers.people import AffiliatePart
from providers.resources import InvoiceStatus, RecordDraft
from providers.suite import Samples, account_at
from sandbox.portal import Portal
from sandbox.server import Sandbox

Account = Callable[[], Connection]


def portal_named(sandbox: Sandbox, key: str) -> Portal:
    """The stand-in, with what the demo data lack for some changes."""
    portal = next(one for one in sandbox if one.key == key)
    if key == "vps-org":
        portal.state.edit("account", "1")["balance"] = 9000.0
        return portal
    portal.state.edit("client", "1")["credit"] = "90000000.00"
    if not portal.state.all("attachments"):
        kept = {"id": "410", "filename": "mail.log", "content_type": "text/plain", "content": "bGluZQo="}
        portal.state.put("attachments", "410", kept)
        ticket = portal.state.all("tickets")[0]
        portal.state.edit("tickets", ticket["number"])["attachments"] = [{"id": "410", "filename": "mail.log"}]
    return portal


def account_of(portal: Portal, spec: ProviderSpec, on_call: Callable[[CallRecord], None] | None = None) -> Connection:
    return account_at(
        portal.base_url,
        auth=portal.auth,
        credential=portal.credential,
        time_zone=spec.time_zone,
        on_call=on_call,
    )


def accounts(key: str, spec: ProviderSpec, running: ExitStack) -> Account:
    """A maker of accounts, each at a stand-in of its own that holds the demo data."""

    def account() -> Connection:
        sandbox = running.enter_context(Sandbox(demo=True, seed=1))
        return account_of(portal_named(sandbox, key), spec)

    return account


class HostBillSamples(Samples):
    """Things of the demo data that are in a state for each change."""

    def billing_apply_credit_invoice_id(self) -> str:
        assert self.provider.billing is not None
        currency = self.provider.billing.balances()[0].currency
        unpaid = (one for one in self.listed("billing") if one.status is InvoiceStatus.UNPAID)
        return str(self.first((one.id for one in unpaid if one.currency == currency), "unpaid invoice"))

    def domains_epp_code_domain_id(self) -> str:
        assert self.provider.domains is not None
        unlocked = (one.id for one in self.listed("domains") if not self.provider.domains.lock(one.id))
        return str(self.first(unlocked, "domain without a lock"))


class VpsOrgSamples(Samples):
    """Things of the demo data that are in a state for each change."""

    def domains_transfer_order(self) -> DomainOrder:
        """The portal begins a transfer only for a name that stands on its list already."""
        unlocked = (one.name for one in self.listed("domains") if not one.locked)
        return DomainOrder(name=str(self.first(unlocked, "domain without a lock")), epp_code="Xy9-Kl2-Mn4")


# --- methods that ask upstream in several ways ------------------------------------------------------------------------------------

Way = Callable[[Samples], Mapping[str, Any]]


def _in_zone(kind: str) -> Way:
    """A zone at the registrar is asked for by other operations than one in a DNS service."""

    def way(samples: Samples) -> Mapping[str, Any]:
        zone_id = next((zone.id for zone in samples.listed("dns") if zone.id.startswith(kind)), None)
        return {} if zone_id is None else {"zone_id": zone_id}

    return way


def _with_record(kind: str) -> Way:
    def way(samples: Samples) -> Mapping[str, Any]:
        assert samples.provider.dns is not None
        for zone in samples.listed("dns"):
            if zone.id.startswith(kind):
                for record in samples.provider.dns.detail(zone.id).records:
                    if record.type == "A":
                        return {"zone_id": zone.id, "record": record}
        return {}

    return way


def _changed_record(kind: str) -> Way:
    def way(samples: Samples) -> Mapping[str, Any]:
        chosen = dict(_with_record(kind)(samples))
        if chosen:
            record = chosen["record"]
            chosen["draft"] = RecordDraft(name=record.name, type="A", content="192.0.2.98")
        return chosen

    return way


def _with(**arguments: Any) -> Way:
    return lambda _samples: arguments


def _two_things(samples: Samples) -> Mapping[str, Any]:
    """One product alone is ordered in another way."""
    return {"items": (*samples.items(), RenewItem(domain_id=samples.domain_id()))}


EXTRA: Mapping[str, tuple[Way, ...]] = {
    "dns.detail": (_in_zone("domain:"), _in_zone("service:")),
    "dns.record_types": (_in_zone("domain:"), _in_zone("service:")),
    "dns.add": (_in_zone("domain:"), _in_zone("service:")),
    "dns.change": (_changed_record("domain:"), _changed_record("service:")),
    "dns.remove": (_with_record("domain:"), _with_record("service:")),
    "catalog.order": (_two_things,),
    "catalog.quote": (_two_things,),
    "profile.notifications": (_with(unread=True),),
    "profile.affiliate": tuple(_with(part=part) for part in AffiliatePart),
}
"""By capability: what is called otherwise than with the usual arguments."""
