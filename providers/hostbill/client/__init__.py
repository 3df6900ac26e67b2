"""The HostBill User API, one method per documented operation, grouped as the documents group them.

Sources: Cloudviet's documentation (109 operations) and DNS.services' (83). Nothing here interprets an answer: that is the
adapter's work. Parameters that are None are not sent.
"""

from __future__ import annotations

from providers.hostbill.client.billing import Billing
from providers.hostbill.client.cart import Cart
from providers.hostbill.client.certificates import Certificates
from providers.hostbill.client.clientarea import ClientArea
from providers.hostbill.client.dns import Dns
from providers.hostbill.client.domains import Domains
from providers.hostbill.client.services import Services
from providers.hostbill.client.support import Support
from providers.transport import Transport

__all__ = ["HostBillClient"]


class HostBillClient:
    def __init__(self, transport: Transport) -> None:
        self.clientarea = ClientArea(transport)
        self.billing = Billing(transport)
        self.support = Support(transport)
        self.domains = Domains(transport)
        self.certificates = Certificates(transport)
        self.services = Services(transport)
        self.cart = Cart(transport)
        self.dns = Dns(transport)
