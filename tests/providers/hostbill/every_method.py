"""One call of every method that the HostBill adapter offers, with arguments that it accepts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from providers.offers import (
    CertificateOrder,
    DomainOrder,
    ProductItem,
    RegisterItem,
    RenewItem,
    UpgradeRequest,
)
from providers.people import AffiliatePart, ContactDraft, PersonDraft, SignUp
from providers.registrant import DnssecKeyDraft, DomainContacts, EmailForward, Person, WebForward
from providers.resources import Record, RecordDraft

CSR = "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----"
DRAFT = RecordDraft(name="www", type="A", content="192.0.2.1")
RECORD = Record(id="1", name="www", type="A", content="192.0.2.1")
ORDER = DomainOrder(name="example.com", epp_code="Xy9")
FORWARD = EmailForward(alias="info", to="a@example.com")
ITEMS = [ProductItem(product_id="1"), RegisterItem(order=ORDER), RenewItem(domain_id="47")]
KEY = DnssecKeyDraft(algorithm=13, flags=257, public_key="AwEAAQ==")

FIRST: dict[str, Any] = {
    "GET /domain/order": {"tlds": [{"id": "6", "tld": ".com", "periods": [{"period": 1}]}]},
}
"""What the portal answers, sensibly, to a question that comes before something else is asked or changed."""

ASKS_FIRST = frozenset(
    {"domains.renewal_price", "domains.register", "domains.transfer", "catalog.quote", "catalog.order"}
)
"""Who asks them."""

CALLS: dict[str, Callable[[Any], Any]] = {
    "domains.list": lambda at: at.domains.list(),
    "domains.detail": lambda at: at.domains.detail("47"),
    "domains.named": lambda at: at.domains.named("a.com"),
    "domains.renewal_price": lambda at: at.domains.renewal_price("47", 1),
    "domains.renew": lambda at: at.domains.renew("47", 1),
    "domains.lookup": lambda at: at.domains.lookup("a.com"),
    "domains.prices": lambda at: at.domains.prices(),
    "domains.order_form": lambda at: at.domains.order_form("6"),
    "domains.register": lambda at: at.domains.register(ORDER),
    "domains.transfer": lambda at: at.domains.transfer(ORDER),
    "domains.nameservers": lambda at: at.domains.nameservers("47"),
    "domains.set_nameservers": lambda at: at.domains.set_nameservers("47", ["ns1.a.com", "ns2.a.com"]),
    "domains.register_nameserver": lambda at: at.domains.register_nameserver("47", "ns1.a.com", ["192.0.2.1"]),
    "domains.lock": lambda at: at.domains.lock("47"),
    "domains.set_lock": lambda at: at.domains.set_lock("47", on=True),
    "domains.set_privacy": lambda at: at.domains.set_privacy("47", on=True),
    "domains.auto_renew": lambda at: at.domains.auto_renew("47"),
    "domains.set_auto_renew": lambda at: at.domains.set_auto_renew("47", on=True),
    "domains.epp_code": lambda at: at.domains.epp_code("47"),
    "domains.contacts": lambda at: at.domains.contacts("47"),
    "domains.set_contacts": lambda at: at.domains.set_contacts("47", DomainContacts(admin=Person(email="a@b.c"))),
    "domains.email_forwards": lambda at: at.domains.email_forwards("47"),
    "domains.set_email_forwards": lambda at: at.domains.set_email_forwards("47", [FORWARD]),
    "domains.set_web_forward": lambda at: at.domains.set_web_forward("47", WebForward(url="https://a.com/")),
    "domains.dnssec_flags": lambda at: at.domains.dnssec_flags("47"),
    "domains.dnssec_keys": lambda at: at.domains.dnssec_keys("47"),
    "domains.add_dnssec_key": lambda at: at.domains.add_dnssec_key("47", KEY),
    "domains.remove_dnssec_key": lambda at: at.domains.remove_dnssec_key("47", "1"),
    "domains.refresh": lambda at: at.domains.refresh("47"),
    "dns.list": lambda at: at.dns.list(),
    "dns.detail": lambda at: at.dns.detail("domain:47"),
    "dns.places": lambda at: at.dns.places(),
    "dns.zones_in": lambda at: at.dns.zones_in("1"),
    "dns.record_types": lambda at: at.dns.record_types("domain:47"),
    "dns.sets_ttl": lambda at: at.dns.sets_ttl("domain:47"),
    "dns.create_zone": lambda at: at.dns.create_zone("a.com", place="1"),
    "dns.delete_zone": lambda at: at.dns.delete_zone("service:1:47"),
    "dns.add": lambda at: at.dns.add("domain:47", DRAFT),
    "dns.change": lambda at: at.dns.change("domain:47", RECORD, DRAFT),
    "dns.remove": lambda at: at.dns.remove("domain:47", RECORD),
    "billing.list": lambda at: at.billing.list(),
    "billing.detail": lambda at: at.billing.detail("47"),
    "billing.balances": lambda at: at.billing.balances(),
    "billing.payment_methods": lambda at: at.billing.payment_methods(),
    "billing.apply_credit": lambda at: at.billing.apply_credit("47"),
    "support.list": lambda at: at.support.list(),
    "support.detail": lambda at: at.support.detail("47"),
    "support.departments": lambda at: at.support.departments(),
    "support.attachment": lambda at: at.support.attachment("47"),
    "support.open": lambda at: at.support.open("1", "Hello", "Hello"),
    "support.reply": lambda at: at.support.reply("47", "Hello"),
    "support.close": lambda at: at.support.close("47"),
    "support.reopen": lambda at: at.support.reopen("47"),
    "services.list": lambda at: at.services.list(),
    "services.detail": lambda at: at.services.detail("47"),
    "services.label": lambda at: at.services.label("47"),
    "services.set_label": lambda at: at.services.set_label("47", "x"),
    "services.upgrade_options": lambda at: at.services.upgrade_options("47"),
    "services.upgrade_quote": lambda at: at.services.upgrade_quote("47", UpgradeRequest(package_id="1", cycle="m")),
    "services.upgrade": lambda at: at.services.upgrade("47", UpgradeRequest(package_id="1", cycle="m")),
    "services.cancel": lambda at: at.services.cancel("47", immediate=False, reason="x"),
    "services.addresses": lambda at: at.services.addresses("47"),
    "services.reverse_dns": lambda at: at.services.reverse_dns("47"),
    "services.set_reverse_dns": lambda at: at.services.set_reverse_dns("47", {"192.0.2.1": "a.com"}),
    "services.list_machines": lambda at: at.services.list_machines(),
    "services.machine": lambda at: at.services.machine("1:47"),
    "services.templates": lambda at: at.services.templates("1:47"),
    "services.reboot": lambda at: at.services.reboot("1:47"),
    "services.start": lambda at: at.services.start("1:47"),
    "services.stop": lambda at: at.services.stop("1:47"),
    "services.suspend": lambda at: at.services.suspend("1:47"),
    "services.unsuspend": lambda at: at.services.unsuspend("1:47"),
    "services.reset_password": lambda at: at.services.reset_password("1:47"),
    "services.rebuild": lambda at: at.services.rebuild("1:47", "1"),
    "certificates.list": lambda at: at.certificates.list(),
    "certificates.detail": lambda at: at.certificates.detail("47"),
    "certificates.download": lambda at: at.certificates.download("47"),
    "certificates.products": lambda at: at.certificates.products(),
    "certificates.software": lambda at: at.certificates.software("1"),
    "certificates.order": lambda at: at.certificates.order(CertificateOrder(product_id="1", csr=CSR)),
    "catalog.categories": lambda at: at.catalog.categories(),
    "catalog.products": lambda at: at.catalog.products("1"),
    "catalog.form": lambda at: at.catalog.form("1"),
    "catalog.quote": lambda at: at.catalog.quote(ITEMS),
    "catalog.order": lambda at: at.catalog.order(ITEMS),
    "profile.profile": lambda at: at.profile.profile(),
    "profile.update": lambda at: at.profile.update(PersonDraft(city="Huế")),
    "profile.list_contacts": lambda at: at.profile.list_contacts(),
    "profile.contact": lambda at: at.profile.contact("47"),
    "profile.privileges": lambda at: at.profile.privileges(),
    "profile.add_contact": lambda at: at.profile.add_contact(ContactDraft(email="a@example.com", first_name="A")),
    "profile.change_contact": lambda at: at.profile.change_contact("47", ContactDraft(city="Huế")),
    "profile.notifications": lambda at: at.profile.notifications(),
    "profile.acknowledge": lambda at: at.profile.acknowledge("47"),
    "profile.log": lambda at: at.profile.log(),
    "profile.affiliate": lambda at: [at.profile.affiliate(part) for part in AffiliatePart],
    "profile.sign_up": lambda at: at.profile.sign_up(
        SignUp(
            email="a@example.com", password="correct horse", first_name="A", last_name="B", address=("X 1",), city="Y",
            state="Z", postcode="1", country="DK", phone="+45.12345678", is_company=False,
        )
    ),
    "profile.request_password_reset": lambda at: at.profile.request_password_reset("a@example.com"),
}  # fmt: skip
"""By `family.method`."""

MORE: dict[str, Callable[[Any], Any]] = {
    "dns.detail of a service": lambda at: at.dns.detail("service:1:47"),
    "dns.add to a service": lambda at: at.dns.add("service:1:47", DRAFT),
    "dns.change in a service": lambda at: at.dns.change("service:1:47", RECORD, DRAFT),
    "dns.remove from a service": lambda at: at.dns.remove("service:1:47", RECORD),
    "profile.notifications that are new": lambda at: at.profile.notifications(unread=True, about=("Domain", "47")),
    "catalog.order of one thing": lambda at: at.catalog.order(ITEMS[:1]),
}
"""Other ways through the same methods; the first word says which."""

WRAPPERS: dict[str, str] = {
    "domains.list": "domains",
    "domains.detail": "details",
    "domains.named": "details",
    "domains.lookup": "details",
    "domains.prices": "tlds",
    "domains.order_form": "forms",
    "domains.register": "items",
    "domains.nameservers": "nameservers",
    "domains.lock": "reglock",
    "domains.auto_renew": "autorenew",
    "domains.epp_code": "epp_code",
    "domains.contacts": "contacts",
    "domains.email_forwards": "emforwarding",
    "domains.dnssec_flags": "flags",
    "domains.dnssec_keys": "dnssec",
    "dns.list": "zones",
    "dns.zones_in": "zones",
    "dns.record_types": "types",
    "dns.detail": "records",
    "billing.list": "invoices",
    "billing.detail": "invoice",
    "billing.balances": "details",
    "billing.payment_methods": "payments",
    "support.list": "tickets",
    "support.detail": "ticket",
    "support.departments": "departments",
    "services.list": "services",
    "services.detail": "service",
    "services.upgrade_options": "resources",
    "services.upgrade_quote": "summary",
    "services.addresses": "ips",
    "services.reverse_dns": "ipaddresses",
    "services.list_machines": "vms",
    "services.machine": "vm",
    "services.templates": "templates",
    "certificates.list": "sslservices",
    "certificates.detail": "service",
    "certificates.products": "products",
    "certificates.software": "software",
    "catalog.categories": "categories",
    "catalog.products": "products",
    "catalog.form": "product",
    "catalog.quote": "summary",
    "profile.profile": "client",
    "profile.list_contacts": "contacts",
    "profile.contact": "contact",
    "profile.privileges": "privileges",
    "profile.notifications": "notifications",
    "profile.log": "logs",
    "profile.affiliate": "campaigns",
}
"""The key under which a method's rows or its one thing stand."""
