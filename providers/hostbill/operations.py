"""Which operations the documents name, as `METHOD /path`, and which of them each capability of ours needs."""

from __future__ import annotations

from collections.abc import Mapping

COMMON: frozenset[str] = frozenset(
    (
        # Clientarea
        "POST /login",
        "POST /logout",
        "POST /token",
        "POST /revoke",
        "GET /details",
        "GET /affiliates/summary",
        "GET /affiliates/campaigns",
        "GET /affiliates/commissions",
        "GET /affiliates/payouts",
        "GET /affiliates/vouchers",
        "GET /affiliates/commissionplans",
        "GET /contact",
        "GET /contact/privileges",
        "GET /contact/{id}",
        # Billing
        "GET /balance",
        "GET /invoice",
        "GET /invoice/{id}",
        "POST /invoice/{id}/credit",
        "GET /payment",
        "GET /payment/fees",
        # Support
        "GET /tickets",
        "GET /tickets/{number}",
        "GET /ticket/attachment/{file}",
        "POST /tickets",
        "POST /tickets/{number}",
        "PUT /tickets/{number}/open",
        "PUT /tickets/{number}/close",
        "GET /ticket/departments",
        # Domains
        "GET /domain",
        "GET /domain/{id}",
        "GET /domain/name/{name}",
        "GET /domain/{id}/ns",
        "PUT /domain/{id}/ns",
        "POST /domain/{id}/reg",
        "GET /domain/{id}/dns",
        "POST /domain/{id}/dns",
        "PUT /domain/{id}/dns/{index}",
        "DELETE /domain/{id}/dns/{index}",
        "GET /domain/{id}/dns/types",
        "GET /domain/{id}/epp",
        "GET /domain/{id}/sync",
        "GET /domain/{id}/reglock",
        "PUT /domain/{id}/reglock",
        "PUT /domain/{id}/idprotection",
        "GET /domain/{id}/contact",
        "PUT /domain/{id}/contact",
        "GET /domain/{id}/emforwarding",
        "PUT /domain/{id}/emforwarding",
        "PUT /domain/{id}/forwarding",
        "GET /domain/{id}/autorenew",
        "PUT /domain/{id}/autorenew",
        "GET /domain/{id}/dnssec/flags",
        "GET /domain/{id}/dnssec",
        "PUT /domain/{id}/dnssec",
        "DELETE /domain/{id}/dnssec/{key}",
        "POST /domain/lookup",
        "GET /domain/order",
        "GET /domain/order/{id}/form",
        "POST /domain/order",
        "POST /domain/{id}/renew",
        # Services
        "GET /service",
        "GET /service/{id}",
        "GET /service/{id}/methods",
        "GET /service/{id}/upgrade",
        "POST /service/{id}/upgrade",
        "POST /service/{id}/cancel",
        "GET /service/{id}/label",
        "POST /service/{id}/label",
        # Cart
        "GET /category",
        "GET /category/{category_id}/product",
        "GET /order/{product_id}",
        "POST /order/{product_id}",
        "POST /order",
        "POST /quote",
        # DNS
        "GET /dns",
        "POST /service/{service_id}/dns",
        "GET /service/{service_id}/dns",
        "GET /service/{service_id}/dns/{zone_id}",
        "DELETE /service/{service_id}/dns/{zone_id}",
        "POST /service/{service_id}/dns/{zone_id}/records",
        "PUT /service/{service_id}/dns/{zone_id}/records/{record_id}",
        "DELETE /service/{service_id}/dns/{zone_id}/records/{record_id}",
    )
)
"""What both portals document, and so what is assumed of a portal that says nothing about itself."""

CLOUDVIET_ONLY: frozenset[str] = frozenset(
    (
        # Clientarea
        "POST /signup",
        "POST /passwordreset",
        "PUT /details",
        "POST /contact",
        "PUT /contact/{id}",
        "GET /notifications",
        "GET /notifications/new",
        "PUT /notifications/{id}/ack",
        # SSL Certificates
        "GET /certificate",
        "GET /certificate/{id}",
        "GET /certificate/{id}/crt",
        "GET /certificate/order",
        "GET /certificate/order/{product_id}/software",
        "POST /certificate/order",
        # Services
        "GET /service/{id}/vms",
        "GET /service/{id}/vms/{vmid}",
        "POST /service/{id}/vms/{vmid}/stop",
        "POST /service/{id}/vms/{vmid}/start",
        "POST /service/{id}/vms/{vmid}/suspend",
        "POST /service/{id}/vms/{vmid}/unsuspend",
        "POST /service/{id}/vms/{vmid}/reboot",
        "POST /service/{id}/vms/{vmid}/resetpwd",
        "POST /service/{id}/vms/{vmid}/rebuild",
        "GET /service/{id}/vms/{vmid}/rebuild",
        "GET /service/{id}/ip",
        "GET /service/{id}/rdns",
        "POST /service/{id}/rdns",
    )
)
"""What only Cloudviet documents."""

DNS_SERVICES_ONLY: frozenset[str] = frozenset(
    (
        # Clientarea
        "GET /logs",
    )
)
"""What only DNS.services documents."""

DOCUMENTED: Mapping[str, frozenset[str]] = {
    "cloudviet": COMMON | CLOUDVIET_ONLY,
    "dns-services": COMMON | DNS_SERVICES_ONLY,
}
"""The operations of a portal whose documents we have, by the key of its preset."""

NEEDS: Mapping[str, str] = {
    "domains.list": "GET /domain",
    "domains.detail": "GET /domain/{id}",
    "domains.renewal_price": "GET /domain/order",
    "domains.renew": "POST /domain/{id}/renew",
    "dns.list": "GET /dns",
    "dns.detail": "GET /service/{service_id}/dns/{zone_id}",
    "dns.add": "POST /service/{service_id}/dns/{zone_id}/records",
    "dns.change": "PUT /service/{service_id}/dns/{zone_id}/records/{record_id}",
    "dns.remove": "DELETE /service/{service_id}/dns/{zone_id}/records/{record_id}",
    "billing.list": "GET /invoice",
    "billing.detail": "GET /invoice/{id}",
    "billing.balances": "GET /balance",
    "billing.payment_methods": "GET /payment",
    "billing.apply_credit": "POST /invoice/{id}/credit",
    "support.list": "GET /tickets",
    "support.detail": "GET /tickets/{number}",
    "support.departments": "GET /ticket/departments",
    "support.reply": "POST /tickets/{number}",
    "services.list": "GET /service",
    "services.detail": "GET /service/{id}",
    "services.list_machines": "GET /service/{id}/vms",
    "services.machine": "GET /service/{id}/vms/{vmid}",
    "services.reboot": "POST /service/{id}/vms/{vmid}/reboot",
    "certificates.list": "GET /certificate",
    "certificates.detail": "GET /certificate/{id}",
    "profile.profile": "GET /details",
    "profile.list_contacts": "GET /contact",
    "profile.contact": "GET /contact/{id}",
}
"""The operation without which a capability is not there."""
