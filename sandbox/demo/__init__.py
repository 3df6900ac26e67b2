"""What the stand-ins hold at first: an agency's three accounts, or accounts that hold nothing.

The same seed gives the same data, dated relative to the day on which it is made.
"""

import random
from typing import Any

from sandbox.demo import base, bills, certificates, portfolio, rented, tickets, vps
from sandbox.demo.customers import CUSTOMERS
from sandbox.hostbill.controls import many_domains
from sandbox.hostbill.portal import HostBillPortal
from sandbox.vpsorg.domains import many_domains as many_vps_domains
from sandbox.vpsorg.portal import VpsOrgPortal


def make(
    cloudviet: HostBillPortal,
    dns_services: HostBillPortal,
    vps_org: VpsOrgPortal,
    *,
    full: bool,
    seed: int,
    domains: int = 0,
) -> None:
    chance = random.Random(seed)  # noqa: S311  a demo that repeats itself, not a secret
    base.cloudviet(cloudviet)
    base.dns_services(dns_services)
    vps.account(vps_org)
    if full:
        for portal in (cloudviet, dns_services):
            portfolio.fill(portal, chance)
            rented.fill(portal)
            portfolio.zones(portal, chance)
            bills.fill(portal, chance)
            tickets.fill(portal, chance)
        certificates.fill(cloudviet, chance)
        vps.fill(vps_org, chance)
    if domains:
        many_domains(cloudviet, domains)
        many_domains(dns_services, domains)
        many_vps_domains(vps_org, domains)


def assignments(cloudviet: HostBillPortal, dns_services: HostBillPortal, vps_org: VpsOrgPortal) -> list[dict[str, Any]]:
    """Per customer: its domains by name, its services, machines and certificates by portal and id."""
    portals = (cloudviet, dns_services, vps_org)
    kinds = ("services", "certificates", "servers", "machines")
    rows: list[dict[str, Any]] = []
    for customer in CUSTOMERS:
        owned = [
            (portal.key, kind, one)
            for portal in portals
            for kind in ("domains", *kinds)
            for one in portal.state.all(kind)
            if one.get("customer") == customer.name
        ]
        row: dict[str, Any] = {"name": customer.name, "city": customer.city, "country": customer.country}
        row["email"] = customer.email
        row["domains"] = [one.get("name") or one["domain_name"] for _, kind, one in owned if kind == "domains"]
        for kind in kinds:
            by_portal: dict[str, list[str]] = {}
            for key, kind_of_one, one in owned:
                if kind_of_one == kind:
                    by_portal.setdefault(key, []).append(str(one.get("uuid") or one["id"]))
            row[kind] = by_portal
        rows.append(row)
    return rows
