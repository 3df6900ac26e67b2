"""What is bought happens when its invoice is paid: by credit, at the portal's own page, or by itself."""

from datetime import date

from sandbox.clock import add_years
from sandbox.hostbill.portal import HostBillPortal
from sandbox.state import Record
from tests.sandbox.conftest import control


def domain_of(portal: HostBillPortal, name: str) -> Record:
    return next(one for one in portal.state.all("domains") if one["name"] == name)


def test_a_renewal_is_an_order_whose_invoice_waits_for_payment(sandbox, cloudviet):
    domain = domain_of(sandbox.cloudviet, "hoasenspa.vn")
    before = domain["expires"]
    order = cloudviet("POST", f"/domain/{domain['id']}/renew", {"years": "2", "pay_method": 1}).json()
    invoice = cloudviet("GET", f"/invoice/{order['invoice_id']}").json()["invoice"]
    assert (invoice["status"], invoice["subtotal"], invoice["currency"]) == ("Unpaid", 1540000, "VND")
    assert invoice["items"][0]["type"] == "Domain Renew"
    assert cloudviet("GET", f"/domain/{domain['id']}").json()["details"]["expires"] == before


def test_the_expiry_moves_when_the_invoice_is_paid_at_the_portal(sandbox, cloudviet):
    domain = domain_of(sandbox.cloudviet, "hoasenspa.vn")
    before = domain["expires"]
    order = cloudviet("POST", f"/domain/{domain['id']}/renew", {"years": 2}).json()
    control(sandbox.cloudviet, f"/invoices/{order['invoice_id']}/pay")
    details = cloudviet("GET", f"/domain/{domain['id']}").json()["details"]
    assert details["expires"] == details["next_due"] == add_years(before, 2)
    assert cloudviet("GET", f"/invoice/{order['invoice_id']}").json()["invoice"]["datepaid"] != "0000-00-00 00:00:00"


def test_credit_pays_an_invoice_in_parts(sandbox, cloudviet):
    control(sandbox.cloudviet, "/client", {"credit": "2000000"})
    domain = domain_of(sandbox.cloudviet, "saigonbuild.com")
    before = domain["expires"]
    invoice = cloudviet("POST", f"/domain/{domain['id']}/renew", {"years": 1}).json()["invoice_id"]
    part = cloudviet("POST", f"/invoice/{invoice}/credit", {"amount": "100000"}).json()
    assert part == {"success": True, "invoice_status": "Unpaid", "applied": 100000}
    rest = cloudviet("POST", f"/invoice/{invoice}/credit", {"amount": "1900000"}).json()
    # 345,000 and 8 % tax are owed, and no more than that is taken
    assert rest == {"success": True, "invoice_status": "Paid", "applied": 272600}
    assert cloudviet("GET", "/balance").json()["details"]["acc_credit"] == "1627400.00"
    assert domain_of(sandbox.cloudviet, "saigonbuild.com")["expires"] == add_years(before, 1)


def test_credit_that_is_not_there_is_refused_and_nothing_changes(sandbox, cloudviet):
    invoice = next(one for one in sandbox.cloudviet.state.all("invoices") if one["status"] == "Unpaid")
    for amount in ("99999999", "0", "-5", "many", "NaN"):
        answer = cloudviet("POST", f"/invoice/{invoice['id']}/credit", {"amount": amount})
        assert (answer.status_code, answer.json()["success"]) == (200, False)
    assert cloudviet("GET", "/balance").json()["details"]["acc_credit"] == "512000.00"


def test_dns_services_pays_a_renewal_from_credit_by_itself(sandbox, dns_services):
    domain = domain_of(sandbox.dns_services, "kystvand.dk")
    before = domain["expires"]
    order = dns_services("POST", f"/domain/{domain['id']}/renew", {"years": 1}).json()
    assert dns_services("GET", f"/invoice/{order['invoice_id']}").json()["invoice"]["status"] == "Paid"
    assert domain_of(sandbox.dns_services, "kystvand.dk")["expires"] == add_years(before, 1)


def test_a_registrar_takes_its_time_where_the_portal_is_set_so(sandbox, dns_services):
    sandbox.dns_services.set(registrar_seconds=600)
    domain = domain_of(sandbox.dns_services, "kystvand.dk")
    before = domain["expires"]
    dns_services("POST", f"/domain/{domain['id']}/renew", {"years": 1})
    assert dns_services("GET", f"/domain/{domain['id']}").json()["details"]["expires"] == before
    sandbox.dns_services.advance(minutes=11)
    assert dns_services("GET", f"/domain/{domain['id']}").json()["details"]["expires"] == add_years(before, 1)


def test_two_renewals_are_two_orders_and_two_years(sandbox, dns_services):
    domain = domain_of(sandbox.dns_services, "toldbod.dk")
    before = domain["expires"]
    orders = {dns_services("POST", f"/domain/{domain['id']}/renew", {}).json()["invoice_id"] for _ in range(2)}
    assert len(orders) == 2
    assert domain_of(sandbox.dns_services, "toldbod.dk")["expires"] == add_years(before, 2)


def test_a_renewal_outside_its_window_is_refused_without_an_order(sandbox, cloudviet):
    sandbox.cloudviet.set(renewal_window_days=30)
    far = domain_of(sandbox.cloudviet, "saigonbuild.com")
    count = len(sandbox.cloudviet.state.all("invoices"))
    answer = cloudviet("POST", f"/domain/{far['id']}/renew", {"years": 1})
    assert (answer.status_code, answer.json()["success"]) == (200, False)
    assert "cannot be renewed yet" in answer.json()["error"][0]
    assert len(sandbox.cloudviet.state.all("invoices")) == count


def test_a_renewal_in_redemption_is_dearer_and_after_it_impossible(sandbox, cloudviet):
    portal = sandbox.cloudviet
    domain = domain_of(portal, "tranphunursery.vn")
    order = cloudviet("POST", f"/domain/{domain['id']}/renew", {"years": 1}).json()
    assert cloudviet("GET", f"/invoice/{order['invoice_id']}").json()["invoice"]["subtotal"] == 950000
    control(portal, "/domains/tranphunursery.vn", {"expires": portal.clock.day(-61)})
    assert "redemption" in cloudviet("POST", f"/domain/{domain['id']}/renew", {"years": 1}).json()["error"][0]


def test_impossible_renewals_are_refused(sandbox, cloudviet):
    domain = domain_of(sandbox.cloudviet, "hoasenspa.vn")
    cancelled = domain_of(sandbox.cloudviet, "mekongfabrics.com.vn")
    for key, body in (
        (domain["id"], {"years": 0}),
        (domain["id"], {"years": 11}),
        (domain["id"], {"years": "one"}),
        (domain["id"], {"years": 1, "pay_method": 99}),
        (cancelled["id"], {"years": 1}),
        ("999999", {"years": 1}),
    ):
        assert "error" in cloudviet("POST", f"/domain/{key}/renew", body).json()


def test_an_unpaid_invoice_cancels_itself_where_the_portal_is_set_so(sandbox, cloudviet):
    sandbox.cloudviet.set(cancel_unpaid_after_days=14)
    domain = domain_of(sandbox.cloudviet, "hoasenspa.vn")
    invoice = cloudviet("POST", f"/domain/{domain['id']}/renew", {"years": 1}).json()["invoice_id"]
    sandbox.cloudviet.advance(days=15)
    assert cloudviet("GET", f"/invoice/{invoice}").json()["invoice"]["status"] == "Cancelled"


def test_the_unpaid_renewals_of_the_demo_move_their_domains_when_paid(sandbox, cloudviet):
    domain = domain_of(sandbox.cloudviet, "songhongcoffee.vn")
    before = domain["expires"]
    invoice = next(
        one
        for one in sandbox.cloudviet.state.all("invoices")
        if one["status"] == "Unpaid" and "songhongcoffee.vn" in one["items"][0]["description"]
    )
    control(sandbox.cloudviet, f"/invoices/{invoice['id']}/pay")
    assert cloudviet("GET", f"/domain/{domain['id']}").json()["details"]["expires"] == add_years(before, 1)


def test_a_portal_that_invoices_ahead_renews_what_auto_renews(sandbox, dns_services):
    portal = sandbox.dns_services
    domain = domain_of(portal, "sondergaardarkitekter.dk")
    before = domain["expires"]
    portal.set(invoice_ahead_days=14)
    portal.advance(days=31)
    dns_services("GET", "/domain")
    assert domain_of(portal, "sondergaardarkitekter.dk")["expires"] == add_years(before, 1)
    off = domain_of(portal, "sondergaardbyg.dk")
    assert off["autorenew"] == "0"
    days = (date.fromisoformat(off["expires"]) - portal.clock.today()).days
    portal.advance(days=days + 1)
    row = next(one for one in dns_services("GET", "/domain").json()["domains"] if one["id"] == off["id"])
    assert row["status"] == "Expired"


def test_a_registration_is_pending_until_paid(sandbox, cloudviet):
    body = {"name": "brand-new-name.com", "years": "2", "action": "register", "tld_id": "6"}
    order = cloudviet("POST", "/domain/order", body).json()
    details = cloudviet("GET", "/domain/name/brand-new-name.com").json()["details"][0]
    assert (details["status"], details["expires"]) == ("Pending Registration", "0000-00-00")
    control(sandbox.cloudviet, f"/invoices/{order['invoice_id']}/pay")
    details = cloudviet("GET", "/domain/name/brand-new-name.com").json()["details"][0]
    assert (details["status"], details["expires"]) == ("Active", add_years(sandbox.cloudviet.clock.day(0), 2))


def test_several_things_make_one_invoice_and_one_bad_item_makes_nothing(sandbox, cloudviet):
    domain = domain_of(sandbox.cloudviet, "hoasenspa.vn")
    items = [
        {"type": "product", "product_id": 333, "domain": "x.vn", "cycle": "m"},
        {"type": "domain", "name": "quite-new-name.vn", "action": "register", "years": 1},
        {"type": "domain", "domain_id": domain["id"], "action": "renew", "years": 1},
    ]
    quote = cloudviet("POST", "/quote", {"items": items}).json()
    order = cloudviet("POST", "/order", {"items": items, "pay_method": 1}).json()
    assert quote["summary"]["total"] == float(order["total"]) == round((99000 + 640000 + 770000) * 1.08)
    assert len(order["order_num_list"]) == 3
    before = sandbox.cloudviet.state.kinds()
    refused = cloudviet("POST", "/order", {"items": [*items[:1], {"type": "product", "product_id": 1}]})
    assert "error" in refused.json()
    assert sandbox.cloudviet.state.kinds() == before


def test_vps_org_renews_at_once_and_refuses_what_the_balance_does_not_cover(sandbox, vps_org):
    one = next(
        row for row in vps_org("GET", "/domains/").json()["results"] if row["domain_name"] == "anphatlogistics.com"
    )
    renewed = vps_org("POST", f"/domains/{one['uuid']}/renew/", {"years": 1}).json()
    assert renewed["expiration_date"][:10] == add_years(one["expiration_date"][:10], 1)
    control(sandbox.vps_org, "/account", {"balance": 1.0})
    poor = vps_org("POST", f"/domains/{one['uuid']}/renew/", {"years": 1})
    assert (poor.status_code, list(poor.json())) == (402, ["detail"])
    assert vps_org("GET", f"/domains/{one['id']}/").json()["expiration_date"] == renewed["expiration_date"]


def test_a_registration_at_vps_org_is_pending_for_five_minutes(sandbox, vps_org):
    made = vps_org("POST", "/domains/", {"domain_name": "brand-new-name.dev"})
    assert (made.status_code, made.json()["status"]) == (201, "pending")
    sandbox.vps_org.advance(minutes=6)
    assert vps_org("GET", f"/domains/{made.json()['uuid']}/").json()["status"] == "active"
