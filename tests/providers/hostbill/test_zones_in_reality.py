"""Zones and records as they come in reality: DNS elsewhere, rows that make no sense, names and contents in other forms."""

from __future__ import annotations

import pytest

from providers.errors import MalformedResponse, NotFound, NotSupported, ProviderError
from tests.providers.hostbill.desk import desk_for

ROW = {"id": "47", "name": "Testname.COM.", "status": "Active", "expires": "2027-01-02"}

RECORDS = {
    "0": {
        "id": "5",
        "domain_id": "60",
        "name": "booble.com",
        "type": "SOA",
        "ttl": "3600",
        "prio": "0",
        "priority": "0",
        "content": ["ns1.a.net", "host.a.net", "2024010101", "10800", "3600", "604800", "3600"],
        "change_date": "1700000000",
    },
    "1": {"id": "6", "name": "mail.booble.com", "type": "MX", "ttl": "3600", "prio": "10", "content": "mx.a.net"},
    "2": {"id": "7", "name": "booble.com", "type": "TXT", "ttl": "60", "priority": "0", "content": '"v=spf1 -all"'},
    "3": {
        "id": "8",
        "name": "_sip._tcp.booble.com",
        "type": "SRV",
        "ttl": "60",
        "priority": "5",
        "content": [1, 5060, "sip.a.net"],
    },
}


def test_dns_services_sends_records_as_an_object_with_full_names():
    answer = {"service_id": "10", "name": "booble.com", "records": RECORDS}
    with desk_for({"GET /service/10/dns/60": answer}) as portal:
        detail = portal.dns.detail("service:10:60")
    assert [(one.id, one.name, one.type, one.content, one.ttl, one.priority) for one in detail.records] == [
        ("5", "@", "SOA", "ns1.a.net. host.a.net. 2024010101 10800 3600 604800 3600", 3600, None),
        ("6", "mail", "MX", "mx.a.net.", 3600, 10),
        ("7", "@", "TXT", "v=spf1 -all", 60, None),
        ("8", "_sip._tcp", "SRV", "1 5060 sip.a.net.", 60, 5),
    ]
    assert detail.unreadable == ()


def test_a_record_that_can_not_be_read_is_told():
    answer = {"service_id": "10", "name": "booble.com", "records": [RECORDS["1"], {"id": "9", "name": "x"}, 7]}
    with desk_for({"GET /service/10/dns/60": answer}) as portal:
        detail = portal.dns.detail("service:10:60")
    assert len(detail.records) == 1
    assert detail.unreadable == ("records",)


def test_a_zone_without_records_in_its_answer_is_not_an_empty_zone():
    nothing = {"service_id": "10", "name": "booble.com", "records": None}
    with desk_for({"GET /service/10/dns/60": nothing}) as portal, pytest.raises(MalformedResponse):
        portal.dns.detail("service:10:60")
    lacking = {"service_id": "10", "name": "booble.com"}
    with desk_for({"GET /service/10/dns/60": lacking}) as portal, pytest.raises(MalformedResponse):
        portal.dns.detail("service:10:60")


@pytest.mark.parametrize(
    "words",
    [
        "DNS management is not enabled for this domain",
        "DNS Management is disabled",
        "DNS is not managed here",
        "This domain does not use our nameservers",
    ],
)
def test_a_domain_whose_dns_is_elsewhere_is_told_with_the_portals_words(words):
    with desk_for({"GET /domain": {"domains": [ROW]}, "GET /domain/47/dns": {"error": [words]}}) as portal:
        detail = portal.dns.detail("domain:47")
    assert (detail.hosted, detail.reason, detail.records, detail.name) == (False, words, (), "testname.com")


@pytest.mark.parametrize("words", ["DNS management is temporarily not available", "Unable to connect to DNS server"])
def test_trouble_with_the_records_is_not_taken_for_dns_elsewhere(words):
    answers = {"GET /domain": {"domains": [ROW]}, "GET /domain/47/dns": {"error": [words]}}
    with desk_for(answers) as portal, pytest.raises(ProviderError) as caught:
        portal.dns.detail("domain:47")
    assert caught.value.upstream_words == words


def test_a_domain_whose_registrar_has_no_dns_keeps_the_records_that_were_known():
    answers = {"GET /domain": {"domains": [ROW]}, "GET /domain/47/dns": {"error": ["invalid method"]}}
    with desk_for(answers) as portal:
        detail = portal.dns.detail("domain:47")
        assert portal.can("dns.detail")
    assert (detail.hosted, detail.reason, detail.unreadable) == (False, "invalid method", ("records",))


def test_a_bad_row_is_known_by_the_id_that_its_thing_would_have():
    rows = {
        "GET /domain": {"domains": []},
        "GET /dns": {"zones": [{"service_id": "10", "domain_id": "60"}, {"domain_id": "61", "name": "a.com"}]},
        "GET /tickets": {"tickets": [{"ticket_number": [], "id": "9"}, "odd"]},
        "GET /service": {"services": [{"id": "5", "name": "VPS", "status": "Active"}]},
        "GET /service/5/vms": {"vms": [{"vm_id": "9", "id": {}}, 7]},
    }
    with desk_for(rows) as portal:
        assert [bad.id for bad in portal.dns.list().bad] == ["service:10:60", ""]
        assert [bad.id for bad in portal.support.list().bad] == ["9", ""]
        page = portal.services.list_machines()
        assert [bad.id for bad in page.bad] == ["5:9", ""]
        assert not page.complete


def test_a_domain_that_is_held_has_a_zone_and_a_bad_row_keeps_its_zones_id():
    rows = [
        ROW,
        {**ROW, "id": "48", "name": "b.com", "status": "Expired"},
        {**ROW, "id": "50", "status": "Cancelled"},
        {"id": "49"},
    ]
    with desk_for({"GET /domain": {"domains": rows}, "GET /dns": {"service_ids": [], "zones": []}}) as portal:
        page = portal.dns.list()
    assert [zone.id for zone in page.items] == ["domain:47", "domain:48"]
    assert [bad.id for bad in page.bad] == ["domain:49"]


def test_a_portal_without_dns_services_still_has_its_registrars_zones():
    with desk_for({"GET /domain": {"domains": [ROW]}}) as portal:
        page = portal.dns.list()
        assert [zone.id for zone in page.items] == ["domain:47"]
        assert page.complete
        assert portal.can("dns.list")


def test_the_zone_of_a_domain_that_is_new_since_the_list_finds_its_name():
    answers = {
        "GET /domain": {"domains": []},
        "GET /domain/47": {"details": ROW},
        "GET /domain/47/dns": [{"id": 1, "name": "www.testname.com", "type": "A", "content": "192.0.2.1", "ttl": 0}],
    }
    with desk_for(answers) as portal:
        detail = portal.dns.detail("domain:47")
    assert [(one.id, one.name, one.ttl) for one in detail.records] == [("1", "www", None)]


def test_a_portal_without_any_dns_says_so():
    with desk_for({}) as portal, pytest.raises(NotSupported):
        portal.dns.list()


def test_an_id_of_another_form_is_no_zone():
    with desk_for({}) as portal:
        for odd in ("47", "domain:", "service:10", "zone:1:2", ""):
            with pytest.raises(NotFound):
                portal.dns.detail(odd)
