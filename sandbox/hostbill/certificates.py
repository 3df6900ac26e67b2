"""SSL certificates: only at Cloudviet."""

import random
from datetime import timedelta
from typing import Any

from sandbox.clock import NEVER_STAMP, stamp
from sandbox.hostbill import orders
from sandbox.hostbill.accounts import person
from sandbox.hostbill.domains import check_payment
from sandbox.hostbill.money import amount, number, text
from sandbox.hostbill.portal import HostBillPortal
from sandbox.messages import Request
from sandbox.names import is_name
from sandbox.routing import section
from sandbox.state import Record
from sandbox.x509 import certificate as certificate_for

SOFTWARE = ("AOL", "Apache-SSL (Ben-SSL, not Stronghold)", "Apache + ModSSL", "nginx", "Microsoft IIS 7.x and later")
CSR_HEAD = "-----BEGIN CERTIFICATE REQUEST-----"


def listed(portal: HostBillPortal, _request: Request) -> Any:
    return {"sslservices": [_row(portal, one) for one in portal.state.all("certificates")]}


def _row(portal: HostBillPortal, one: Record) -> dict[str, Any]:
    return {
        "id": one["id"],
        "domain": one["domain"],
        "total": text(one["total"]),
        "status": one["status"],
        "billingcycle": "Annually",
        "next_due": one["next_due"],
        "category": "SSL Certificates",
        "category_url": "sslcertificates",
        "name": one["name"],
        "cert_email": one["cert_email"],
        "cert_status": one["cert_status"],
        "cert_expires": _expires(portal, one),
    }


def _expires(portal: HostBillPortal, one: Record) -> str:
    return portal.clock.local(one["cert_expires"]) if one["cert_expires"] else NEVER_STAMP


def detail(portal: HostBillPortal, request: Request) -> Any:
    one = portal.one("certificates", request.params["id"], "Certificate")
    contact = _contact(portal)
    shown = {
        "id": one["id"],
        "date_created": one["date_created"],
        "domain": one["domain"],
        "firstpayment": text(one["total"]),
        "total": text(one["total"]),
        "billingcycle": "Annually",
        "next_due": one["next_due"],
        "next_invoice": one["next_invoice"],
        "status": one["status"],
        "label": "",
        "name": one["name"],
        "cert_status": one["cert_status"],
        "cert_expires": _expires(portal, one),
        "csr": one["csr"],
        "contacts": {"admin": contact, "billing": contact, "tech": contact},
        "organization": {
            "state": portal.client["state"],
            "country": portal.client["country"],
            "name": one["customer"] or portal.client["companyname"],
            "unit": "IT",
            "locality": portal.client["city"],
            "postalcode": "n/a",
            "address2": "n/a",
            "address1": "n/a",
        },
        "cert_email": one["cert_email"],
        "software": one["software"],
    }
    return {"service": shown}


def _contact(portal: HostBillPortal) -> dict[str, Any]:
    known = person(portal.client)
    prefix, _, number_alone = known["phonenumber"].rpartition(".")
    return {
        "FName": known["firstname"],
        "LName": known["lastname"],
        "City": known["city"],
        "State": known["state"],
        "PostalCode": known["postcode"],
        "EmailAddress": known["email"],
        "Country": known["country"],
        "Address1": known["address1"],
        "Address2": known["address2"],
        # a number on the page, where everything else of a person is text
        "Phone": int("".join(filter(str.isdigit, number_alone)) or 0),
        "OrgName": known["companyname"] or "n/a",
        "PreFix": int("".join(filter(str.isdigit, prefix)) or 0),
        "JobTitle": "n/a",
    }


def x509(portal: HostBillPortal, request: Request) -> Any:
    one = portal.one("certificates", request.params["id"], "Certificate")
    if not one["crt"]:
        raise portal.invalid("Certificate is not issued yet")
    return {"crt": one["crt"]}


def products(portal: HostBillPortal, _request: Request) -> Any:
    return {
        "products": [
            {
                "id": one["id"],
                "name": one["name"],
                "description": "",
                "periods": [
                    {"years": years, "price": number(price), "renew": number(price)}
                    for years, price in ((1, one["price"]), (2, amount(one["price"]) * 2))
                ],
                "category": "SSL Certificates",
                "category_url": "sslcertificates",
            }
            for one in portal.state.all("certificate_products")
        ]
    }


def software(portal: HostBillPortal, request: Request) -> Any:
    portal.one("certificate_products", request.params["product_id"], "Product")
    return {"software": [{"id": index, "name": name} for index, name in enumerate(SOFTWARE)]}


def order(portal: HostBillPortal, request: Request) -> Any:
    fields = request.data()
    check_payment(portal, fields.get("pay_method"))
    line, effect, item = prepare_order(portal, fields)
    return orders.confirmation(portal, orders.place(portal, [line], [effect]), item)


def prepare_order(portal: HostBillPortal, fields: dict[str, Any]) -> tuple[Record, Record, dict[str, Any]]:
    """(invoice line, effect, item of the answer); the pending certificate is made here."""
    product = portal.state.get("certificate_products", str(fields.get("product_id")))
    if product is None:
        raise portal.invalid("Product is invalid")
    csr = str(fields.get("csr") or "").strip()
    if not csr.startswith(CSR_HEAD):
        raise portal.invalid("CSR is invalid")
    years = str(fields.get("years") or 1)
    email = str(fields.get("approver_email") or "")
    if years not in ("1", "2") or "@" not in email:
        raise portal.invalid("Period or approver email is invalid")
    domain = email.partition("@")[2]
    if not is_name(domain):
        raise portal.invalid("Approver email is invalid")
    price = text(amount(product["price"]) * int(years))
    wanted = str(fields.get("software") or "3")
    if not wanted.isdecimal() or int(wanted) >= len(SOFTWARE):
        raise portal.invalid("Server software is invalid")
    made = add_certificate(
        portal, domain, product, csr=csr, cert_email=email, total=price, software=wanted, years=int(years)
    )
    line = {
        "type": "Hosting",
        "item_id": made["id"],
        "description": f"{product['name']} - {domain} ({years} year)",
        "amount": price,
    }
    item = {"id": made["id"], "type": "Hosting", "name": domain, "product_id": product["id"]}
    return line, {"effect": "certificate", "certificate": made["id"]}, item


def add_certificate(portal: HostBillPortal, domain: str, product: Record, **fields: Any) -> Record:
    key = str(portal.state.next_id("certificates", 510))
    record: Record = {
        "id": key,
        "domain": domain,
        "name": product["name"],
        "date_created": portal.clock.day(0),
        "total": product["price"],
        "status": "Pending",
        "next_due": portal.clock.day(365),
        "next_invoice": portal.clock.day(335),
        "cert_email": f"admin@{domain}",
        "cert_status": "",
        "cert_expires": "",
        "csr": "",
        "crt": "",
        "software": "3",
        "customer": "",
        "years": 1,
        **fields,
    }
    return portal.state.put("certificates", key, record)


def issue(portal: HostBillPortal, job: Record) -> None:
    """The authority signs what was ordered and paid."""
    kept = portal.state.get("certificates", job["certificate"])
    if kept is None or kept["crt"] or kept["status"] != "Active":
        return
    now = portal.clock.now()
    ends = now + timedelta(days=365 * int(kept.get("years") or 1))
    chance = random.Random(kept["id"])  # noqa: S311 - a stand-in certificate, the same each time
    signed = certificate_for(kept["domain"], kept["name"], now, ends, chance)
    portal.state.edit("certificates", kept["id"]).update(crt=signed, cert_status="Active", cert_expires=stamp(ends))


def change_certificate(portal: HostBillPortal, request: Request) -> Any:
    """`{"status": "Active", "cert_status": "Active", "cert_expires": "2027-03-01T10:00:00Z"}`: any of a certificate's fields."""
    one = portal.state.edit("certificates", request.params["id"])
    one.update(request.known(one))
    return {"certificate": one}


CLOUDVIET = section(
    "SSL Certificates",
    ("GET", "/certificate", listed),
    ("GET", "/certificate/{id}", detail),
    ("GET", "/certificate/{id}/crt", x509),
    ("GET", "/certificate/order", products),
    ("GET", "/certificate/order/{product_id}/software", software),
    ("POST", "/certificate/order", order),
)
JOBS = {"issue": issue}
CONTROLS = {("POST", "/certificates/{id}"): change_certificate}
