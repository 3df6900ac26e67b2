"""Lists of domains and their details as they come in reality and not on the pages: other shapes and names, rows without sense."""

from __future__ import annotations

from datetime import date

import pytest

from providers.errors import MalformedResponse, Unavailable
from providers.resources import DomainStatus
from providers.transport import Limits
from tests.providers.hostbill.desk import desk_for

ROW = {"id": "47", "name": "Testname.COM.", "status": "Active", "expires": "2027-01-02"}


@pytest.mark.parametrize(
    "answer",
    [
        {"domains": [ROW]},
        {"success": True, "domains": [ROW]},
        [ROW],
        {"domains": {"47": ROW}},
        {"47": ROW},
        {"47": {key: value for key, value in ROW.items() if key != "id"}},
        {"domains": [{**ROW, "id": 47}]},
        {"domains": {"0": ROW}},
    ],
)
def test_a_list_comes_bare_under_its_key_or_keyed_by_id(answer):
    with desk_for({"GET /domain": answer}) as portal:
        page = portal.domains.list()
    assert [(one.id, one.name, one.expires_on) for one in page.items] == [("47", "testname.com", date(2027, 1, 2))]
    assert page.complete
    assert page.bad == ()


@pytest.mark.parametrize("answer", [{"domains": []}, [], {"domains": {}}, {"success": True, "domains": []}])
def test_an_empty_list_is_whole(answer):
    with desk_for({"GET /domain": answer}) as portal:
        page = portal.domains.list()
    assert page.items == ()
    assert page.complete


@pytest.mark.parametrize("answer", [{"domains": None}, {"domains": ""}, {}, {"success": True}])
def test_nothing_where_a_list_belongs_is_not_an_empty_list(answer):
    with desk_for({"GET /domain": answer}) as portal:
        page = portal.domains.list()
    assert page.items == ()
    assert not page.complete
    assert "may not be whole" in page.note


@pytest.mark.parametrize("answer", [{"domains": "none"}, {"domains": 3}, "ok", 7, True, {"message": "hello"}, ROW])
def test_anything_else_is_malformed(answer):
    with desk_for({"GET /domain": answer}) as portal, pytest.raises(MalformedResponse):
        portal.domains.list()


def test_a_row_that_can_not_be_read_stops_nobody():
    rows = [
        ROW,
        {"id": "48"},
        "text",
        {"name": "without-id.com"},
        {**ROW, "status": "Expired"},
        {"id": [], "name": "x.com"},
    ]
    with desk_for({"GET /domain": {"domains": rows}}) as portal:
        page = portal.domains.list()
    assert [one.id for one in page.items] == ["47"]
    assert [(bad.id, bad.name, bad.reason) for bad in page.bad] == [
        ("48", "", "it has no name"),
        ("", "", "it is not an object"),
        ("", "without-id.com", "it has no id"),
        ("47", "Testname.COM.", "another row of the list has the same id"),
        ("", "x.com", "it has no id"),
    ]


def test_a_bad_row_with_its_id_leaves_the_list_whole_and_one_without_does_not():
    for row, whole in (({"id": "48"}, True), ({"name": "b.com"}, False), ({**ROW, "name": "b.com"}, False)):
        with desk_for({"GET /domain": {"domains": [ROW, row]}}) as portal:
            page = portal.domains.list()
        assert len(page.bad) == 1
        assert page.complete is whole


def test_a_value_that_makes_no_sense_is_named_and_the_rest_is_read():
    row = {
        **ROW,
        "expires": "0000-00-00",
        "recurring_amount": "a lot",
        "autorenew": "maybe",
        "date_created": "2199-01-01",
    }
    with desk_for({"GET /domain": {"domains": [row]}}) as portal:
        (domain,) = portal.domains.list().items
    assert domain.expires_on is None
    assert domain.renewal_price is None
    assert domain.auto_renew is None
    assert set(domain.unreadable) == {"expires_on", "renewal_price", "auto_renew", "registered_on"}


def test_an_internationalised_name_is_kept_as_dns_has_it():
    with desk_for({"GET /domain": {"domains": [{**ROW, "name": "Blåbærgrød.dk"}]}}) as portal:
        (domain,) = portal.domains.list().items
    assert domain.name == "xn--blbrgrd-fxak7p.dk"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("ACTIVE", DomainStatus.ACTIVE),
        ("Pending Transfer", DomainStatus.PENDING_TRANSFER),
        ("pending-registration", DomainStatus.PENDING),
        ("Grace", DomainStatus.EXPIRED),
        ("Redemption", DomainStatus.REDEMPTION),
        ("Transferred Away", DomainStatus.TRANSFERRED_AWAY),
        ("Kaput", DomainStatus.UNKNOWN),
        ("", DomainStatus.UNKNOWN),
    ],
)
def test_the_raw_status_stays_beside_ours(word, status):
    with desk_for({"GET /domain": {"domains": [{**ROW, "status": word}]}}) as portal:
        (domain,) = portal.domains.list().items
    assert (domain.status, domain.upstream_status) == (status, word)


def test_a_detail_of_another_thing_is_refused():
    with desk_for({"GET /domain/47": {"details": {**ROW, "id": "48"}}}) as portal, pytest.raises(MalformedResponse):
        portal.domains.detail("47")


def test_a_detail_alone_in_a_list_or_without_its_id_is_read():
    for details in ([ROW], {key: value for key, value in ROW.items() if key != "id"}):
        with desk_for({"GET /domain/47": {"details": details}}) as portal:
            assert portal.domains.detail("47").id == "47"


@pytest.mark.parametrize(
    "answer",
    [
        {"nameservers": ["NS1.example.com.", "ns2.example.com"]},
        ["ns1.example.com", "ns2.example.com", ""],
        {"ns1": "ns1.example.com", "ns2": "ns2.example.com", "ns3": ""},
        {"success": True, "ns": "ns1.example.com, ns2.example.com"},
        {"nameservers": [{"hostname": "ns1.example.com"}, {"hostname": "ns2.example.com"}]},
    ],
)
def test_name_servers_are_asked_for_where_the_detail_lacks_them(answer):
    with desk_for({"GET /domain/47": {"details": ROW}, "GET /domain/47/ns": answer}) as portal:
        assert portal.domains.detail("47").nameservers == ("ns1.example.com", "ns2.example.com")


def test_name_servers_stay_unknown_where_the_registrar_refuses_them():
    with desk_for({"GET /domain/47": {"details": ROW}, "GET /domain/47/ns": {"error": ["Not available"]}}) as portal:
        assert portal.domains.detail("47").nameservers is None


def test_name_servers_that_make_no_sense_are_told():
    for answer in ({"nameservers": [["ns1"]]}, {"nameservers": "ns 1!.example"}, {"nameservers": True}):
        with desk_for({"GET /domain/47": {"details": ROW}, "GET /domain/47/ns": answer}) as portal:
            domain = portal.domains.detail("47")
        assert (domain.nameservers, domain.unreadable) == (None, ("nameservers",))


def test_when_the_portal_is_down_the_list_says_so_and_not_that_it_is_empty():
    with desk_for(lambda *_: {"error": ["We are under maintenance"]}) as portal:
        portal._transport.limits = Limits(attempts=1)
        with pytest.raises(Unavailable):
            portal.domains.list()
