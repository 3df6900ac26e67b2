"""Services, virtual servers, contacts, notifications and the account log of the two HostBill accounts."""

from datetime import timedelta
from typing import NamedTuple

from sandbox.clock import stamp
from sandbox.demo.records import token
from sandbox.hostbill.machines import add_machine
from sandbox.hostbill.orders import DAYS_OF_CYCLE
from sandbox.hostbill.portal import HostBillPortal
from sandbox.hostbill.services import add_service


class Rented(NamedTuple):
    name: str
    customer: str
    domain: str
    price: str
    cycle: str
    due_in: int
    status: str = "Active"
    kind: str = "hosting"
    category: str = "Hosting"
    label: str = ""
    dialect: str = ""


CLOUDVIET = (
    Rented(
        "Cloud VPS 2",
        "An Phát Logistics",
        "web.anphatlogistics.vn",
        "320000",
        "Monthly",
        4,
        "Active",
        "machines",
        "VPS",
        "web cluster",
        "plain",
    ),
    Rented(
        "Cloud VPS 4",
        "Hoa Sen Spa",
        "web-03.hoasenspa.vn",
        "590000",
        "Monthly",
        11,
        "Active",
        "machines",
        "VPS",
        "",
        "numeric",
    ),
    Rented(
        "Cloud VPS 4",
        "Mekong Textiles",
        "erp.mekongtextiles.vn",
        "590000",
        "Quarterly",
        40,
        "Active",
        "machines",
        "VPS",
        "ERP",
        "wordy",
    ),
    Rented(
        "Cloud VPS 2",
        "Saigon Build JSC",
        "files.saigonbuild.com",
        "320000",
        "Monthly",
        19,
        "Active",
        "machines",
        "VPS",
        "",
        "numeric",
    ),
    Rented(
        "Cloud VPS 1",
        "Trần Phú Garden",
        "shop.tranphugarden.vn",
        "180000",
        "Monthly",
        -6,
        "Suspended",
        "machines",
        "VPS",
        "",
        "plain",
    ),
    Rented(
        "Dedicated E-2388",
        "Saigon Build JSC",
        "bim.saigonbuild.com",
        "4200000",
        "Monthly",
        8,
        "Active",
        "hosting",
        "Dedicated",
        "BIM server",
    ),
    Rented("Web Hosting Pro", "Sông Hồng Coffee", "songhongcoffee.vn", "1089000", "Annually", 140, "Active"),
    Rented("Web Hosting Pro", "Phố Việt Imports", "phoviet.vn", "1089000", "Annually", 63, "Active"),
    Rented("Web Hosting Start", "Nha Khoa Lotus", "nhakhoalotus.vn", "495000", "Annually", 212, "Active"),
    Rented("Web Hosting Start", "Đà Lạt Orchids", "dalatorchids.com", "495000", "Annually", 21, "Active"),
    Rented("Web Hosting Start", "Trần Phú Garden", "vuontranphu.vn", "45000", "Monthly", -30, "Cancelled"),
    Rented("Mail Business 20", "Hoa Sen Spa", "hoasenspa.vn", "165000", "Monthly", 7, "Active", "hosting", "Email"),
    Rented(
        "Mail Business 20",
        "An Phát Logistics",
        "anphatlogistics.vn",
        "165000",
        "Monthly",
        7,
        "Active",
        "hosting",
        "Email",
    ),
    Rented(
        "Mail Business 50", "Saigon Build JSC", "saigonbuild.com", "385000", "Monthly", 7, "Active", "hosting", "Email"
    ),
    Rented(
        "DNS Cloud", "", "dns.haibenagency.example", "99000", "Monthly", 15, "Active", "dns", "DNS", "all customers"
    ),
    Rented("Web Hosting Pro", "Mekong Textiles", "mekongsilk.vn", "99000", "Monthly", 30, "Pending"),
)
DNS_SERVICES = (
    Rented(
        "DNS Premium",
        "",
        "dns-1.haibenagency.example",
        "290.00",
        "Annually",
        96,
        "Active",
        "dns",
        "DNS hosting",
        "customers A to H",
    ),
    Rented(
        "DNS Premium",
        "",
        "dns-2.haibenagency.example",
        "290.00",
        "Annually",
        204,
        "Active",
        "dns",
        "DNS hosting",
        "customers I to Z",
    ),
    Rented("Web Nordic", "Nordlys Bageri", "nordlysbageri.dk", "390.00", "Annually", 33, "Active"),
    Rented("Web Nordic", "Toldbod Kaffe", "toldbodkaffe.dk", "390.00", "Annually", 180, "Active"),
    Rented("Web Nordic", "Kystvand ApS", "kystvand.dk", "39.00", "Monthly", 5, "Active"),
    Rented("Web Nordic Plus", "Havneby Cykler", "havnebycykler.dk", "79.00", "Monthly", 12, "Active", label="webshop"),
    Rented("Mail Nordic 10", "Fjordklinikken", "fjordklinikken.dk", "49.00", "Monthly", 3, "Active", "hosting", "Mail"),
    Rented(
        "Mail Nordic 10",
        "Søndergaard Arkitekter",
        "sondergaardarkitekter.dk",
        "49.00",
        "Monthly",
        17,
        "Active",
        "hosting",
        "Mail",
    ),
    Rented("Web Nordic", "Søndergaard Arkitekter", "sondergaardstudio.dk", "39.00", "Monthly", -14, "Suspended"),
)
# service's domain -> name, state, memory in MB, cores, disk in GB, addresses
MACHINES = {
    "web.anphatlogistics.vn": (
        ("web-01.hcm", "running", 4096, 2, 80, ("203.0.113.21",)),
        ("web-02.hcm", "stopped", 4096, 2, 80, ("203.0.113.22",)),
        ("db-01.hcm", "running", 8192, 4, 160, ("203.0.113.23", "203.0.113.24")),
    ),
    "web-03.hoasenspa.vn": (("web-03.hcm", "running", 4096, 2, 80, ("203.0.113.33",)),),
    "erp.mekongtextiles.vn": (
        ("erp-01.hcm", "running", 16384, 4, 320, ("203.0.113.41", "203.0.113.42")),
        ("erp-test.hcm", "running", 4096, 2, 80, ("203.0.113.43",)),
    ),
    "files.saigonbuild.com": (("files-01.hcm", "running", 2048, 1, 500, ("203.0.113.51",)),),
    "shop.tranphugarden.vn": (("shop-01.hcm", "suspended", 1024, 1, 25, ("203.0.113.57",)),),
}
CONTACTS = (
    ("An", "Nguyễn", "an@haibenagency.example", {"support": ["tickets", "newticket"]}),
    ("Søren", "Bang", "soren@haibenagency.example", {"billing": ["emails", "payinvoice"], "domains": {"full": 1}}),
    ("Thu", "Lê", "thu@haibenagency.example", {"support": ["tickets"], "billing": ["balance"]}),
)
EVENTS = (
    (1, "Logged in"),
    (3, "Invoice paid from account credit"),
    (5, "Nameservers of kystvand.dk changed"),
    (9, "Logged in through the API"),
    (12, "Password of a service shown"),
    (20, "Contact Thu Lê added"),
    (33, "Profile details updated"),
)


def fill(portal: HostBillPortal) -> None:
    for row in CLOUDVIET if portal.key == "cloudviet" else DNS_SERVICES:
        service = add_service(
            portal,
            row.name,
            domain=row.domain,
            total=row.price,
            billingcycle=row.cycle,
            next_due=portal.clock.day(row.due_in),
            next_invoice=portal.clock.day(row.due_in - 14),
            date_created=portal.clock.day(row.due_in - DAYS_OF_CYCLE[row.cycle] * 3),
            category=row.category,
            category_url=row.category.lower().replace(" ", "-"),
            status=row.status,
            label=row.label,
            username=row.domain.partition(".")[0][:8],
            password=token(row.domain, "password", length=12),
            kind=row.kind,
            dialect=row.dialect,
            customer=row.customer,
        )
        for name, state, memory, cores, disk, addresses in MACHINES.get(row.domain, ()):
            add_machine(
                portal,
                service,
                name,
                status=state,
                memory=memory,
                cores=cores,
                disk=disk,
                ips=list(addresses),
                created=service["date_created"],
                customer=row.customer,
            )
    _people(portal)


def _people(portal: HostBillPortal) -> None:
    for number, (first, last, email, privileges) in enumerate(CONTACTS, start=48):
        portal.state.put(
            "contacts",
            str(number),
            {
                "id": str(number),
                "firstname": first,
                "lastname": last,
                "email": email,
                "companyname": "",
                "country": portal.client["country"],
                "city": portal.client["city"],
                "privileges": privileges,
                "type": "Private",
            },
        )
    now = portal.clock.now()
    for number, (days, event) in enumerate(reversed(EVENTS), start=49900):
        moment = stamp(now - timedelta(days=days, minutes=number % 600))
        portal.state.put("logs", str(number), {"id": str(number), "date": moment, "event": event, "ip": "203.0.113.20"})
    texts = (("1", "invoice", "New invoice was generated"), ("0", "ticket", "Your ticket was answered"))
    for number, (seen, kind, text) in enumerate(texts, start=700):
        portal.state.put(
            "notifications",
            str(number),
            {
                "id": str(number),
                "rel_type": kind,
                "rel_id": "1",
                "subject": text,
                "body": text + ".",
                "date_added": stamp(now - timedelta(hours=number - 690)),
                "seen": seen,
            },
        )
