"""Accounts at fresh stand-ins, and what the methods of the contract are called with there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from providers.contract import CallRecord, Connection, ProviderSpec
from providers.resources import InvoiceStatus
from providers.suite import Samples, account_at
from sandbox.portal import Portal
from sandbox.server import Sandbox

Account = Callable[[], Connection]


def portal_named(sandbox: Sandbox, key: str) -> Portal:
    """The stand-in, with what the demo data lack for some changes."""
    portal = next(one for one in sandbox if one.key == key)
    if key != "vps-org":
        portal.state.edit("client", "1")["credit"] = "90000000.00"
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


class VpsOrgSamples(Samples):
    """Things of the demo data that are in a state for each change."""
