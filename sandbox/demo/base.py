"""The HostBill accounts themselves and what their portals sell: also there when the account holds nothing."""

from sandbox.hostbill.portal import CLIENT, HostBillPortal

Product = tuple[str, str, str, str, dict[str, str]]


def cloudviet(portal: HostBillPortal) -> None:
    portal.state.put(
        "client",
        CLIENT,
        {
            "id": "26",
            "email": "linh@haibenagency.example",
            "password": "cloudviet-demo",
            "firstname": "Linh",
            "lastname": "Trần",
            "companyname": "Hai Bến Agency",
            "address1": "18 Nguyễn Huệ",
            "address2": "Tầng 4",
            "city": "TP. Hồ Chí Minh",
            "state": "Hồ Chí Minh",
            "postcode": "700000",
            "country": "VN",
            "phonenumber": "+84.2838220000",
            "credit": "512000.00",
            "lastlogin": portal.clock.stamp(),
        },
    )
    _methods(portal, (("1", "Bank Transfer", "0.0", "0.0"), ("4", "VNPAY", "0.0", "1.1"), ("5", "Momo", "0.0", "1.5")))
    _tlds(
        portal,
        (
            ("3", ".vn", "640000", "770000", "0", "950000"),
            ("4", ".com.vn", "520000", "640000", "0", "820000"),
            ("6", ".com", "299000", "345000", "299000", "1900000"),
            ("7", ".net", "335000", "385000", "335000", "1900000"),
        ),
    )
    _departments(portal, ("Technical", "Billing", "Domains", "Sales"))
    _categories(portal, (("10", "Hosting", "hosting"), ("16", "VPS", "vps"), ("18", "Email", "email")))
    _products(
        portal,
        (
            ("333", "10", "Web Hosting Pro", "Disk:20GB\nMemory:2GB\nMySQL:10 DB\n", {"m": "99000", "a": "1089000"}),
            ("334", "10", "Web Hosting Start", "Disk:5GB\nMySQL:2 DB\n", {"m": "45000", "a": "495000"}),
            (
                "340",
                "16",
                "Cloud VPS 2",
                "CPU:2\nMemory:4GB\nDisk:80GB\n",
                {"m": "320000", "q": "912000", "a": "3456000"},
            ),
            ("351", "18", "Mail Business 20", "Boxes:20\nDisk:10GB each\n", {"m": "165000", "a": "1815000"}),
        ),
    )
    for key, name, price in (
        ("25", "PositiveSSL", "390000"),
        ("26", "InstantSSL", "1250000"),
        ("27", "EV SSL", "4900000"),
    ):
        portal.state.put("certificate_products", key, {"id": key, "name": name, "price": price})


def dns_services(portal: HostBillPortal) -> None:
    portal.state.put(
        "client",
        CLIENT,
        {
            "id": "118",
            "email": "mette@haibenagency.example",
            "password": "dns-services-demo",
            "firstname": "Mette",
            "lastname": "Kjær",
            "companyname": "Hai Bến Agency ApS",
            "address1": "Havnegade 7",
            "address2": "2. th.",
            "city": "Svendborg",
            "state": "Syddanmark",
            "postcode": "5700",
            "country": "DK",
            "phonenumber": "+45.62200000",
            "credit": "1940.00",
            "lastlogin": portal.clock.stamp(),
        },
    )
    portal.state.edit("settings", "settings")["auto_pay_from_credit"] = True
    _methods(
        portal, (("1", "Bank Transfer", "0.0", "0.0"), ("2", "Stripe", "0.5", "2.9"), ("9", "MobilePay", "0.0", "1.0"))
    )
    _tlds(
        portal,
        (
            ("12", ".dk", "59.00", "79.00", "0.00", "250.00"),
            ("13", ".com", "89.00", "109.00", "89.00", "620.00"),
            ("14", ".eu", "49.00", "69.00", "49.00", "310.00"),
        ),
    )
    _departments(portal, ("Support", "Billing", "Abuse"))
    _categories(portal, (("10", "DNS hosting", "dns"), ("11", "Web hosting", "web")))
    _products(
        portal,
        (
            ("501", "10", "DNS Premium", "Zones:50\nAnycast\n", {"m": "29.00", "a": "290.00"}),
            ("502", "11", "Web Nordic", "Disk:10GB\n", {"m": "39.00", "a": "390.00"}),
        ),
    )


def _methods(portal: HostBillPortal, rows: tuple[tuple[str, str, str, str], ...]) -> None:
    for key, name, fixed, percent in rows:
        portal.state.put("payments", key, {"id": key, "name": name, "fixed_fee": fixed, "percent_fee": percent})


def _tlds(portal: HostBillPortal, rows: tuple[tuple[str, str, str, str, str, str], ...]) -> None:
    for key, tld, register, renew, transfer, redemption in rows:
        portal.state.put(
            "tlds",
            key,
            {
                "id": key,
                "tld": tld,
                "register": register,
                "renew": renew,
                "transfer": transfer,
                "redemption": redemption,
                "years": list(range(1, 11)),
            },
        )


def _departments(portal: HostBillPortal, names: tuple[str, ...]) -> None:
    for number, name in enumerate(names, start=1):
        portal.state.put("departments", str(number), {"id": str(number), "name": name, "description": ""})


def _categories(portal: HostBillPortal, rows: tuple[tuple[str, str, str], ...]) -> None:
    for key, name, slug in rows:
        portal.state.put("categories", key, {"id": key, "name": name, "slug": slug})


def _products(portal: HostBillPortal, rows: tuple[Product, ...]) -> None:
    for key, category, name, description, prices in rows:
        portal.state.put(
            "products",
            key,
            {"id": key, "category_id": category, "name": name, "description": description, "prices": prices},
        )
