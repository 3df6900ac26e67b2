"""Every method of a domain at the HostBill stand-ins over HTTP; after a change, the portal is read back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from providers.errors import InvalidRequest, NotFound, NotSupported
from providers.offers import DomainOrder
from providers.registrant import DnssecKeyDraft, DomainContacts, EmailForward, ForwardKind, Person, WebForward
from providers.resources import DomainStatus
from sandbox.hostbill.orders import settle

KEY = "mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="
DIGEST = "49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4ACD4AC"


@pytest.fixture(params=["cloudviet", "dns-services"])
def portal(request: pytest.FixtureRequest, stand_ins: dict[str, Any]) -> Any:
    return stand_ins[request.param]


@pytest.fixture
def desk(at: Any, portal: Any) -> Any:
    return at(portal, auth="basic")  # a login for each test is more than the stand-in allows


@pytest.fixture
def kept(portal: Any) -> Any:
    """An active domain as the stand-in keeps it."""
    return next(one for one in portal.state.all("domains") if one["status"] == "Active" and one["contacts"])


def now(portal: Any, domain: Any) -> Any:
    return portal.state.get("domains", domain["id"])


# --- reading ---------------------------------------------------------------------------------------------------------------


def test_a_name_tells_every_entry_that_has_it(desk, kept):
    from_list = desk.domains.detail(kept["id"])
    assert desk.domains.named(kept["name"]) == (from_list,)
    assert desk.domains.named(kept["name"].upper() + ".") == (from_list,)
    assert desk.domains.named("nobody-has-this.com") == ()
    with pytest.raises(InvalidRequest):
        desk.domains.named("no name at all")


def test_the_price_list_and_a_lookup_agree_with_what_a_renewal_costs(desk, portal):
    listed = desk.domains.prices()
    assert len(listed) == len(portal.state.all("tlds"))
    com = next(one for one in listed if one.tld == "com")
    assert [one.years for one in com.periods] == list(range(1, 11))
    free = desk.domains.lookup("Quite-Free-Name.com")
    assert (free.name, free.available, free.premium, free.tld_id) == ("quite-free-name.com", True, False, com.id)
    assert free.periods == com.periods
    assert not desk.domains.lookup("taken-name.com").available
    held = next(
        one for one in portal.state.all("domains") if one["name"].endswith(".com") and one["status"] == "Active"
    )
    if (date.fromisoformat(held["expires"]) - portal.clock.today()).days > 0:
        assert desk.domains.renewal_price(held["id"], 2).amount == com.periods[1].renew


def test_a_transfer_may_cost_nothing_but_a_renewal_never_does(desk):
    national = next(one for one in desk.domains.prices() if one.tld in ("vn", "dk"))
    assert national.periods[0].transfer == Decimal(0)
    assert national.periods[0].renew


def test_an_ending_says_what_it_asks_for_beyond_the_usual(desk):
    national = next(one for one in desk.domains.prices() if one.tld in ("vn", "dk"))
    (field,) = desk.domains.order_form(national.id)
    assert (field.name, field.label, field.kind, field.required) == ("custom[1755]", "Registrant type", "select", True)
    assert [(one.id, one.name) for one in field.choices] == [("10952", "Company"), ("10953", "Person")]
    with pytest.raises(InvalidRequest):
        desk.domains.order_form("999999")


# --- orders ----------------------------------------------------------------------------------------------------------------


def test_a_registration_is_an_order_and_the_domain_is_active_once_it_is_paid(desk, portal):
    contact = portal.state.all("contacts")[0]
    method = portal.state.all("payments")[0]["id"]
    order = desk.domains.register(
        DomainOrder(
            name="Đồng-Hồ-Đẹp.com",
            years=2,
            nameservers=("NS1.example.com.", "ns2.example.com"),
            contacts={"registrant": contact["id"]},
            extra={"custom[1755]": "10953"},
        ),
        payment_method=method,
    )
    (item,) = order.items
    assert item.type == "Domain Register"
    assert item.name.startswith("xn--")
    invoice = desk.billing.detail(order.invoice_id)
    assert order.total == invoice.total
    if invoice.paid_at is None:
        waiting = desk.domains.detail(item.id)
        assert (waiting.status, waiting.expires_on) == (DomainStatus.PENDING, None)
        pay(portal, order.invoice_id)
    there = desk.domains.detail(item.id)
    assert (there.name, there.status) == (item.name, DomainStatus.ACTIVE)
    assert there.nameservers == ("ns1.example.com", "ns2.example.com")
    assert there.expires_on is not None
    assert there.expires_on.year == portal.clock.today().year + 2
    registrant = desk.domains.contacts(item.id).registrant
    assert registrant is not None
    assert registrant.email == contact["email"]


def pay(portal: Any, invoice_id: str) -> None:
    if portal.state.get("invoices", invoice_id)["status"] == "Unpaid":
        settle(portal, invoice_id)


def test_a_transfer_takes_its_days(desk, portal):
    with pytest.raises(InvalidRequest) as caught:
        desk.domains.transfer(DomainOrder(name="moves-to-us.com"))
    assert "EPP" in caught.value.upstream_words
    order = desk.domains.transfer(DomainOrder(name="moves-to-us.com", epp_code="Xy9-secret"))
    pay(portal, order.invoice_id)
    (found,) = desk.domains.named("moves-to-us.com")
    assert found.status is DomainStatus.PENDING_TRANSFER
    portal.advance(days=6)
    (found,) = desk.domains.named("moves-to-us.com")
    assert found.status is DomainStatus.ACTIVE


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (DomainOrder(name="no name"), "name"),
        (DomainOrder(name="localhost"), "name"),
        (DomainOrder(name="*.example.com"), "name"),
        (DomainOrder(name="example.nowhere"), "name"),
        (DomainOrder(name="free-name.com", years=0), "years"),
        (DomainOrder(name="free-name.com", years=11), "years"),
        (DomainOrder(name="free-name.com", nameservers=("ns1.example.com",)), "nameservers"),
        (DomainOrder(name="free-name.com", nameservers=("ns1.example.com", "NS1.example.com.")), "nameservers"),
        (DomainOrder(name="free-name.com", nameservers=("a.x.com", "bad host")), "nameservers"),
        (DomainOrder(name="free-name.com", nameservers=tuple(f"ns{n}.x.com" for n in range(5))), "nameservers"),
        (DomainOrder(name="free-name.com", contacts={"owner": "1"}), "contacts"),
        (DomainOrder(name="free-name.com", contacts={"admin": "me"}), "contacts"),
        (DomainOrder(name="free-name.com", auto_renew=True), "auto_renew"),
        (DomainOrder(name="free-name.com", privacy=False), "privacy"),
    ],
)
def test_what_can_not_be_ordered_is_not_sent(desk, portal, order, field):
    before = len(portal.state.all("orders"))
    with pytest.raises(InvalidRequest) as caught:
        desk.domains.register(order)
    assert list(caught.value.fields) == [field]
    assert caught.value.sentence.endswith("Nothing was sent.")
    assert len(portal.state.all("orders")) == before


def test_a_taken_name_and_a_strange_form_are_the_portals_refusals(desk, portal):
    before = len(portal.state.all("domains"))
    for order in (
        DomainOrder(name="taken-name.com"),
        DomainOrder(name="free-name.com", extra={"idnumber": "1"}),
        DomainOrder(name="free-name.com", contacts={"admin": "99999"}),
    ):
        with pytest.raises(InvalidRequest) as caught:
            desk.domains.register(order)
        assert caught.value.upstream_words
    assert len(portal.state.all("domains")) == before


# --- what the registrar keeps ----------------------------------------------------------------------------------------------


def test_name_servers_are_replaced_and_the_portals_own_put_back(desk, portal, kept):
    desk.domains.set_nameservers(kept["id"], ["NS1.Example.org.", "ns2.example.org", "ns3.example.org"])
    assert desk.domains.nameservers(kept["id"]) == ("ns1.example.org", "ns2.example.org", "ns3.example.org")
    assert desk.domains.detail(kept["id"]).nameservers == desk.domains.nameservers(kept["id"])
    desk.domains.set_nameservers(kept["id"], [])
    assert desk.domains.nameservers(kept["id"]) == portal.flavour.nameservers
    for wrong in (["bad host", "ns2.x.com"], ["a.x.com", "A.x.com"], [f"ns{n}.x.com" for n in range(14)]):
        with pytest.raises(InvalidRequest) as caught:
            desk.domains.set_nameservers(kept["id"], wrong)
        assert list(caught.value.fields) == ["nameservers"]
    with pytest.raises(InvalidRequest) as caught:
        desk.domains.set_nameservers(kept["id"], ["ns1.example.org"])
    assert caught.value.upstream_words


def test_a_name_server_under_the_domain_is_registered_with_its_addresses(desk, portal, kept):
    desk.domains.register_nameserver(kept["id"], f"NS7.{kept['name']}", ["192.0.2.53", "2001:db8::53"])
    desk.domains.register_nameserver(kept["id"], f"ns8.{kept['name']}", ["192.0.2.54"])
    assert now(portal, kept)["hosts"] == [
        {"host": f"ns7.{kept['name']}", "ips": ["192.0.2.53", "2001:db8::53"]},
        {"host": f"ns8.{kept['name']}", "ips": ["192.0.2.54"]},
    ]
    for host, addresses, field in (
        ("ns1.example.org", ["192.0.2.1"], "host"),
        (kept["name"], ["192.0.2.1"], "host"),
        (f"ns1.{kept['name']}", [], "addresses"),
        (f"ns1.{kept['name']}", ["192.0.2.0/24"], "addresses"),
        (f"ns1.{kept['name']}", ["nowhere"], "addresses"),
    ):
        with pytest.raises(InvalidRequest) as caught:
            desk.domains.register_nameserver(kept["id"], host, addresses)
        assert list(caught.value.fields) == [field]


def test_lock_privacy_and_renewal_by_itself_are_switched(desk, kept):
    for on in (False, True, False):
        desk.domains.set_lock(kept["id"], on)
        assert desk.domains.lock(kept["id"]) is on
        desk.domains.set_auto_renew(kept["id"], on)
        assert desk.domains.auto_renew(kept["id"]) is on
        assert desk.domains.detail(kept["id"]).auto_renew is on
        desk.domains.set_privacy(kept["id"], on)
        assert desk.domains.detail(kept["id"]).privacy is on


def test_the_epp_code_is_a_secret_that_a_lock_withholds(desk, kept):
    desk.domains.set_lock(kept["id"], on=True)
    with pytest.raises(InvalidRequest) as caught:
        desk.domains.epp_code(kept["id"])
    assert "locked" in caught.value.upstream_words
    desk.domains.set_lock(kept["id"], on=False)
    code = desk.domains.epp_code(kept["id"])
    assert len(code.value) == len("abcdef-ABCD!")
    assert code.value not in repr(code) + str(code)


def test_people_are_replaced_by_role_and_nothing_of_them_is_lost(desk, kept):
    before = desk.domains.contacts(kept["id"])
    assert None not in (before.registrant, before.admin, before.tech, before.billing)
    anna = Person(
        first_name="Anna",
        last_name="Sørensen",
        company="Havneby Cykler ApS",
        email="anna@havneby.example",
        address=("Havnegade 1", "2. tv."),
        city="Havneby",
        state="Syddanmark",
        postcode="6792",
        country="DK",
        phone="+45.12345678",
        extra={"vat": "DK12345678"},
    )
    desk.domains.set_contacts(kept["id"], DomainContacts(registrant=anna, tech=anna))
    after = desk.domains.contacts(kept["id"])
    assert (after.registrant, after.tech) == (anna, anna)
    assert (after.admin, after.billing) == (before.admin, before.billing)
    desk.domains.set_contacts(kept["id"], before)
    assert desk.domains.contacts(kept["id"]).admin == before.admin
    for wrong in (DomainContacts(), DomainContacts(admin=Person(email="nobody"))):
        with pytest.raises(InvalidRequest):
            desk.domains.set_contacts(kept["id"], wrong)


def test_e_mail_is_forwarded_one_by_one_several_at_once_and_not_at_all(desk, kept):
    one = EmailForward(alias="info", to="anna@example.org")
    rest = EmailForward(alias="*", to="bob@example.org")
    assert desk.domains.email_forwards(kept["id"]) == ()
    for wanted in ([one], [one, rest], [rest], []):
        desk.domains.set_email_forwards(kept["id"], wanted)
        assert list(desk.domains.email_forwards(kept["id"])) == wanted
    desk.domains.set_email_forwards(kept["id"], [one, one])
    assert desk.domains.email_forwards(kept["id"]) == (one,)
    for wrong in ("nobody", "a b@example.org", "@example.org", "a@b"):
        with pytest.raises(InvalidRequest) as caught:
            desk.domains.set_email_forwards(kept["id"], [EmailForward(alias="info", to=wrong)])
        assert list(caught.value.fields) == ["to"]


def test_visitors_are_sent_elsewhere_until_they_are_not(desk, portal, kept):
    desk.domains.set_web_forward(kept["id"], WebForward(url="https://www.example.org/shop?a=1"))
    assert now(portal, kept)["forwarding"] == {"url": "https://www.example.org/shop?a=1", "frame": "0"}
    desk.domains.set_web_forward(kept["id"], WebForward(url="http://example.org", kind=ForwardKind.FRAME))
    assert now(portal, kept)["forwarding"]["frame"] == "1"
    desk.domains.set_web_forward(kept["id"], WebForward(url=""))
    assert now(portal, kept)["forwarding"] == {}
    for wrong, field in (
        (WebForward(url="javascript:alert(1)"), "url"),
        (WebForward(url="https://"), "url"),
        (WebForward(url="http://[::1"), "url"),
        (WebForward(url="https://example.org", kind=ForwardKind.TEMPORARY), "kind"),
    ):
        with pytest.raises(InvalidRequest) as caught:
            desk.domains.set_web_forward(kept["id"], wrong)
        assert list(caught.value.fields) == [field]


def test_keys_are_given_to_the_registry_and_taken_back(desk, kept):
    assert [one.id for one in desk.domains.dnssec_flags(kept["id"])] == ["256", "257"]
    assert desk.domains.dnssec_keys(kept["id"]) == ()
    desk.domains.add_dnssec_key(kept["id"], DnssecKeyDraft(algorithm=13, flags=257, public_key=KEY))
    desk.domains.add_dnssec_key(
        kept["id"], DnssecKeyDraft(algorithm=13, key_tag=2371, digest_type=2, digest=DIGEST.lower())
    )
    whole, digest = desk.domains.dnssec_keys(kept["id"])
    assert (whole.algorithm, whole.flags, whole.protocol, whole.public_key) == (13, 257, 3, KEY)
    assert (digest.key_tag, digest.digest_type, digest.digest) == (2371, 2, DIGEST)
    for key in (whole, digest):
        desk.domains.remove_dnssec_key(kept["id"], key.id)
    assert desk.domains.dnssec_keys(kept["id"]) == ()
    with pytest.raises(InvalidRequest):
        desk.domains.remove_dnssec_key(kept["id"], whole.id)


@pytest.mark.parametrize(
    ("key", "field"),
    [
        (DnssecKeyDraft(algorithm=13), "public_key"),
        (DnssecKeyDraft(algorithm=300, public_key=KEY), "algorithm"),
        (DnssecKeyDraft(algorithm=13, flags=70000, public_key=KEY), "flags"),
        (DnssecKeyDraft(algorithm=13, flags=257, public_key="not base64!"), "public_key"),
        (DnssecKeyDraft(algorithm=13, digest=DIGEST), "digest"),
        (DnssecKeyDraft(algorithm=13, key_tag=1, digest_type=2, digest="xyz"), "digest"),
    ],
)
def test_a_key_that_can_be_none_is_not_sent(desk, kept, key, field):
    with pytest.raises(InvalidRequest) as caught:
        desk.domains.add_dnssec_key(kept["id"], key)
    assert list(caught.value.fields) == [field]


def test_the_registry_is_asked_anew(desk, kept):
    desk.domains.refresh(kept["id"])
    with pytest.raises(NotFound):
        desk.domains.refresh("999999")


def test_a_domain_can_not_be_detached_here(desk, kept):
    assert not desk.can("domains.detach")
    with pytest.raises(NotSupported):
        desk.domains.detach(kept["id"])
