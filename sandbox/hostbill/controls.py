"""What the control endpoint of a HostBill stand-in can do with domains, invoices and the account."""

from typing import Any

from sandbox.hostbill import orders
from sandbox.hostbill.domains import add_domain, tld_of
from sandbox.hostbill.money import text
from sandbox.hostbill.portal import CLIENT, HostBillPortal
from sandbox.messages import Request
from sandbox.names import to_ascii
from sandbox.state import Record


def find_domain(portal: HostBillPortal, key: str) -> Record:
    """By id or by name; KeyError when there is none."""
    name = to_ascii(key)
    for record in portal.state.all("domains"):
        if key == record["id"] or name == record["name"]:
            return portal.state.edit("domains", record["id"])
    raise KeyError(key)


def change_domain(portal: HostBillPortal, request: Request) -> Any:
    """`{"expires": "2027-01-01", "status": "Active", "autorenew": "0"}`: any of a domain's fields, by id or name."""
    record = find_domain(portal, request.params["id"])
    fields = request.known(record)
    if "expires" in fields and "next_due" not in fields:
        fields["next_due"] = fields["expires"]
    record.update(fields)
    return {"domain": record}


def remove_domain(portal: HostBillPortal, request: Request) -> Any:
    """The domain vanishes from the account."""
    record = find_domain(portal, request.params["id"])
    portal.state.remove("domains", record["id"])
    return {"removed": record["name"]}


def add_domains(portal: HostBillPortal, request: Request) -> Any:
    """`{"count": 500}` makes that many more domains, `{"name": "x.com"}` one."""
    fields = request.data()
    if fields.get("name"):
        return {"added": [add_domain(portal, to_ascii(str(fields["name"])), expires=portal.clock.day(365))["id"]]}
    return {"added": many_domains(portal, int(fields.get("count", 1)))}


def many_domains(portal: HostBillPortal, count: int) -> list[str]:
    """Domains of every age for benches: names by number, a dozen records each."""
    tlds = [one["tld"] for one in portal.state.all("tlds")] or [".com"]
    made = []
    for _ in range(count):
        number = portal.state.next_id("bulk")
        name = f"bench-{number:06d}{tlds[number % len(tlds)]}"
        day = portal.clock.day(number % 730 + 1)
        records = [
            {"name": f"host{index}", "type": "A", "content": f"192.0.2.{index + 1}", "priority": 0}
            for index in range(4)
        ]
        tld = tld_of(portal, name)
        price = text(tld["renew"]) if tld else "0.00"
        record = add_domain(portal, name, expires=day, next_due=day, recurring_amount=price, records=records)
        made.append(str(record["id"]))
    return made


def pay_invoice(portal: HostBillPortal, request: Request) -> Any:
    """Somebody pays the invoice at the portal's own page: its orders are carried out."""
    invoice = portal.state.edit("invoices", request.params["id"])
    if invoice["status"] != "Unpaid":
        raise ValueError(f"the invoice is {invoice['status']}")
    orders.settle(portal, invoice["id"])
    return {"invoice": invoice}


def change_invoice(portal: HostBillPortal, request: Request) -> Any:
    """`{"status": "Cancelled", "duedate": "2026-01-01"}`: any of an invoice's fields."""
    invoice = portal.state.edit("invoices", request.params["id"])
    invoice.update(request.known(invoice))
    return {"invoice": invoice}


def change_client(portal: HostBillPortal, request: Request) -> Any:
    """`{"credit": "500000"}`, `{"password": "..."}`: any of the account's fields."""
    client = portal.state.edit("client", CLIENT)
    client.update(request.known(client))
    return {"client": {name: value for name, value in client.items() if name != "password"}}


def expire_tokens(portal: HostBillPortal, _request: Request) -> Any:
    """Every access token given out runs out now."""
    return {"expired": portal.tokens.expire_all()}


CONTROLS = {
    ("POST", "/domains"): add_domains,
    ("POST", "/domains/{id}"): change_domain,
    ("POST", "/domains/{id}/remove"): remove_domain,
    ("POST", "/invoices/{id}"): change_invoice,
    ("POST", "/invoices/{id}/pay"): pay_invoice,
    ("POST", "/client"): change_client,
    ("POST", "/tokens/expire"): expire_tokens,
}
