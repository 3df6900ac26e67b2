"""The certificates at Cloudviet, one in every state that a portal shows."""

import random
from datetime import timedelta

from sandbox import x509
from sandbox.clock import stamp
from sandbox.hostbill.certificates import add_certificate
from sandbox.hostbill.portal import HostBillPortal
from sandbox.names import to_ascii

# domain, product, status, state at the CA, days until it expires (None: never issued)
ROWS = (
    ("phovietshop.vn", "25", "Active", "Active", 11),
    ("songhongcoffee.vn", "25", "Active", "Active", 46),
    ("caphesonghong.vn", "25", "Active", "Active", 2),
    ("anphatlogistics.vn", "26", "Active", "Active", 118),
    ("tracking.anphatlogistics.vn", "25", "Active", "Active", 201),
    ("hoasenspa.vn", "25", "Active", "Processing", None),
    ("hoasenbooking.com", "25", "Active", "Active", 340),
    ("lotusdental.vn", "26", "Active", "Active", 27),
    ("mekongtextiles.vn", "25", "Expired", "Expired", -8),
    ("saigonbuild.com", "27", "Active", "Active", 290),
    ("files.saigonbuild.com", "25", "Pending", "", None),
    ("dalatorchids.com", "25", "Active", "Awaiting Configuration", None),
    ("tranphugarden.vn", "25", "Cancelled", "Cancelled", -120),
    ("landalat.vn", "25", "Active", "Reissue", 75),
)


def fill(portal: HostBillPortal, chance: random.Random) -> None:
    owners = {one["name"]: one["customer"] for one in portal.state.all("domains")}
    for domain, product_id, status, state, left in ROWS:
        product = portal.state.get("certificate_products", product_id) or {}
        owner = next((owners[name] for name in owners if domain == name or domain.endswith(f".{name}")), "")
        ends = None if left is None else portal.clock.now() + timedelta(days=left)
        issued = (
            "" if ends is None else x509.certificate(domain, product["name"], ends - timedelta(days=365), ends, chance)
        )
        asked = state not in ("", "Awaiting Configuration")
        next_due = portal.clock.day(left if left is not None else 330)
        add_certificate(
            portal,
            to_ascii(domain),
            product,
            status=status,
            cert_status=state,
            cert_expires=stamp(ends) if ends else "",
            crt=issued,
            csr=x509.request(domain, owner, chance) if asked else "",
            next_due=next_due,
            next_invoice=portal.clock.day((left if left is not None else 330) - 30),
            date_created=portal.clock.day(-(365 - left) if left is not None else -3),
            customer=owner,
        )
