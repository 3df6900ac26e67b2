"""What a HostBill portal sells: its catalogue, quotes and orders."""

from __future__ import annotations

from providers import families
from providers.hostbill.portal import Portal, for_account


@for_account
class Catalog(families.Catalog):
    def __init__(self, portal: Portal) -> None:
        self.portal = portal
