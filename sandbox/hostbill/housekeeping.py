"""What a portal does by itself once a day: it invoices the renewals of the domains that renew automatically."""

from sandbox.clock import NEVER_DAY
from sandbox.hostbill import orders
from sandbox.hostbill.domains import days_left, renewal_line
from sandbox.hostbill.portal import HostBillPortal
from sandbox.state import Record


def daily(portal: HostBillPortal, today: str) -> None:
    """Does nothing unless `invoice_ahead_days` is set; at most once for each day of the portal's clock."""
    ahead = portal.settings["invoice_ahead_days"]
    if not ahead or (portal.state.get("housekeeping", "daily") or {}).get("day") == today:
        return
    portal.state.put("housekeeping", "daily", {"day": today})
    waiting = _waiting(portal)
    for domain in portal.state.all("domains"):
        if domain["id"] not in waiting and _is_due(portal, domain, ahead):
            effect = {"effect": "renew", "domain": domain["id"], "years": int(domain["period"])}
            orders.place(portal, [renewal_line(portal, domain, int(domain["period"]))], [effect])


def _is_due(portal: HostBillPortal, domain: Record, ahead: int) -> bool:
    if domain["status"] != "Active" or domain["autorenew"] != "1" or domain["expires"] == NEVER_DAY:
        return False
    return 0 <= days_left(portal, domain) <= ahead


def _waiting(portal: HostBillPortal) -> set[str]:
    """The domains whose renewal is ordered and not yet paid."""
    pending = [order for order in portal.state.all("orders") if order["status"] == "Pending"]
    return {effect["domain"] for order in pending for effect in order["effects"] if effect["effect"] == "renew"}
