"""HostBill portals: Cloudviet, DNS.services and any other installation of the same product."""

from providers.hostbill.adapter import HostBillProvider

__all__ = ["HostBillProvider"]
