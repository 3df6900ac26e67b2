"""Answers as they come in reality and not on the pages: other shapes, other names, rows that make no sense."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from providers.errors import MalformedResponse, NotFound, NotSupported, ProviderError, Unavailable
from providers.resources import CertificateStatus, DomainStatus, InvoiceStatus, MachineStatus, TicketStatus
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


# --- DNS -------------------------------------------------------------------------------------------------------------------

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


# --- money and time --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Unpaid", InvoiceStatus.UNPAID),
        ("Payment Pending", InvoiceStatus.PENDING),
        ("collections", InvoiceStatus.COLLECTIONS),
        ("Credited", InvoiceStatus.REFUNDED),
        ("Escheated", InvoiceStatus.UNKNOWN),
    ],
)
def test_invoice_states(word, status):
    row = {
        "id": "1",
        "number": "",
        "total": "19,650.00",
        "currency": "usd",
        "status": word,
        "datepaid": "0000-00-00 00:00:00",
    }
    with desk_for({"GET /invoice": {"invoices": [row]}}) as portal:
        (invoice,) = portal.billing.list().items
    assert (invoice.status, invoice.number, invoice.total, invoice.currency) == (
        status,
        "1",
        Decimal("19650.00"),
        "USD",
    )
    assert (invoice.paid_at, invoice.unreadable) == (None, ())


def test_money_is_never_a_binary_fraction():
    answer = {
        "invoice": {
            "id": "1",
            "number": "1",
            "status": "Paid",
            "total": 19.65,
            "tax": 0.1,
            "tax2": 0.2,
            "taxrate": 7,
            "taxrate2": 3,
        }
    }
    with desk_for({"GET /invoice/1": answer}) as portal:
        invoice = portal.billing.detail("1")
    assert (invoice.total, invoice.tax, invoice.tax_rate) == (Decimal("19.65"), Decimal("0.3"), None)


def test_a_line_without_a_total_is_amount_times_quantity():
    items = [{"id": "1", "description": "Disk", "amount": "2.50", "qty": "3.00", "item_id": "0"}, "odd"]
    with desk_for({"GET /invoice/1": {"invoice": {"id": "1", "status": "Paid", "items": items}}}) as portal:
        invoice = portal.billing.detail("1")
    assert [(line.amount, line.item_id) for line in invoice.lines] == [(Decimal("7.5000"), "")]
    assert invoice.unreadable == ("lines",)


def test_times_are_the_portals_and_summer_time_is_known():
    rows = [
        {"ticket_number": "1", "subject": "winter", "status": "Open", "date": "2026-01-15 12:00:00"},
        {"ticket_number": "2", "subject": "summer", "status": "Open", "date": "2026-07-15 12:00:00"},
        # 02:30 happens twice on this day; the first is meant
        {"ticket_number": "3", "subject": "twice", "status": "Open", "date": "2026-10-25 02:30:00"},
        # 02:30 does not happen on this day; read with the offset before the change
        {"ticket_number": "4", "subject": "never", "status": "Open", "date": "2026-03-29 02:30:00"},
    ]
    with desk_for({"GET /tickets": {"tickets": rows}}, time_zone="Europe/Copenhagen") as portal:
        opened = [ticket.opened_at for ticket in portal.support.list().items]
    assert opened == [
        datetime(2026, 1, 15, 11, 0, tzinfo=UTC),
        datetime(2026, 7, 15, 10, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    ]


def test_several_balances_one_a_currency():
    details = [
        {"currency": "USD", "acc_balance": "1.00", "acc_credit": "0"},
        {"currency": "VND", "acc_balance": "", "acc_credit": "5"},
    ]
    with desk_for({"GET /balance": {"success": True, "details": details}}) as portal:
        balances = portal.billing.balances()
    assert [(one.currency, one.owed, one.credit) for one in balances] == [
        ("USD", Decimal("1.00"), Decimal(0)),
        ("VND", None, Decimal(5)),
    ]


def test_a_balance_that_is_no_balance_is_malformed():
    for answer in ({"success": True, "details": ["odd"]}, {"success": True, "balance": 7}):
        with desk_for({"GET /balance": answer}) as portal, pytest.raises(MalformedResponse):
            portal.billing.balances()


def test_an_odd_currency_is_not_taken_for_one():
    row = {"id": "1", "number": "1", "status": "Paid", "currency": "dollars"}
    with desk_for({"GET /invoice": {"invoices": [row]}}) as portal:
        (invoice,) = portal.billing.list().items
    assert (invoice.currency, invoice.unreadable) == ("", ("currency",))


def test_ways_to_pay_come_as_a_list_too_and_without_fees():
    answers = {"GET /payment": {"payments": [{"id": 1, "name": "Card"}, {"id": "2", "name": "Cash"}]}}
    with desk_for(answers) as portal:
        assert [(one.id, one.name, one.fixed_fee) for one in portal.billing.payment_methods()] == [
            ("1", "Card", None),
            ("2", "Cash", None),
        ]
    with desk_for({"GET /payment": {"payments": [{"id": 1}]}}) as portal, pytest.raises(MalformedResponse):
        portal.billing.payment_methods()


# --- tickets ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Client-Reply", TicketStatus.CUSTOMER_REPLY),
        ("Customer-Reply", TicketStatus.CUSTOMER_REPLY),
        ("In-Progress", TicketStatus.IN_PROGRESS),
        ("On Hold", TicketStatus.ON_HOLD),
        ("Awaiting Moon", TicketStatus.UNKNOWN),
    ],
)
def test_ticket_states(word, status):
    with desk_for({"GET /tickets": [{"ticket_number": 7, "subject": "x", "status": word}]}) as portal:
        (ticket,) = portal.support.list().items
    assert (ticket.id, ticket.status, ticket.upstream_status) == ("7", status, word)


def test_a_thread_is_in_the_order_of_time_and_keeps_html_as_text():
    ticket = {
        "ticket_number": "7",
        "subject": "x",
        "status": "Open",
        "date": "2026-01-01 10:00:00",
        "body": "<script>a</script>",
    }
    replies = {
        "3": {"id": "3", "name": "Bo", "date": "2026-01-03 10:00:00", "body": "last", "type": "Client"},
        "2": {"id": "2", "name": "An", "date": "2026-01-02 10:00:00", "body": "<b>first</b>", "type": "Admin"},
    }
    with desk_for({"GET /tickets/7": {"ticket": ticket, "replies": replies}}) as portal:
        detail = portal.support.detail("7")
    assert [(one.id, one.body, one.by_staff) for one in detail.replies] == [
        ("opening", "<script>a</script>", False),
        ("2", "<b>first</b>", True),
        ("3", "last", False),
    ]


def test_a_reply_that_can_not_be_read_is_told_and_the_others_are_there():
    ticket = {"ticket_number": "7", "subject": "x", "status": "Open", "body": {"odd": 1}}
    replies = ["odd", {"name": "An", "body": "no id, no date"}]
    with desk_for({"GET /tickets/7": {"ticket": ticket, "replies": replies}}) as portal:
        detail = portal.support.detail("7")
    assert [(one.id, one.body) for one in detail.replies] == [("opening", ""), ("place-2", "no id, no date")]
    assert detail.unreadable == ("replies",)


@pytest.mark.parametrize(
    "answer",
    [
        {"departments": [{"id": 1, "name": "Billing"}, {"id": "2", "name": "Sales"}]},
        {"departments": {"1": "Billing", "2": "Sales"}},
        {"1": "Billing", "2": "Sales"},
        [{"id": "1", "name": "Billing"}, {"id": "2", "name": "Sales"}],
        {"1": {"name": "Billing"}, "2": {"name": "Sales"}},
    ],
)
def test_departments_have_no_documented_shape(answer):
    with desk_for({"GET /ticket/departments": answer}) as portal:
        assert [(one.id, one.name) for one in portal.support.departments()] == [("1", "Billing"), ("2", "Sales")]


# --- services and machines -------------------------------------------------------------------------------------------------


def test_a_service_whose_methods_are_refused_is_read_all_the_same():
    with desk_for({"GET /service/5": {"service": {"id": "5", "name": "VPS", "status": "Active"}}}) as portal:
        assert portal.services.detail("5").methods is None


MACHINES = [
    (
        {
            "vms": {
                "9": {
                    "label": "web",
                    "status": "running",
                    "memory": "2048",
                    "cpus": "2",
                    "disk": "40",
                    "ip": "203.0.113.9",
                }
            }
        },
        "web",
    ),
    (
        {
            "vms": [
                {
                    "vmid": 9,
                    "hostname": "web",
                    "state": "Online",
                    "ram": 2048,
                    "cores": 2,
                    "disk_space": 40,
                    "ips": ["203.0.113.9"],
                }
            ]
        },
        "web",
    ),
    (
        [
            {
                "vm_id": "9",
                "name": "web",
                "status": "Up",
                "memory": "2 GB",
                "cpu": 2,
                "disk": "40GB",
                "ip_addresses": {"0": "203.0.113.9"},
            }
        ],
        "web",
    ),
    ({"vm": {"id": 9, "status": "ACTIVE", "ram": "2048 MB", "cpu": "2", "disk": 40, "ips": "203.0.113.9"}}, "9"),
]


@pytest.mark.parametrize(("answer", "name"), MACHINES)
def test_virtual_machines_are_read_in_every_dialect(answer, name):
    services = {"services": [{"id": "5", "name": "VPS", "status": "Active"}]}
    with desk_for({"GET /service": services, "GET /service/5/vms": answer}) as portal:
        page = portal.services.list_machines()
    (machine,) = page.items
    assert (machine.id, machine.name, machine.status, machine.service_id) == ("5:9", name, MachineStatus.RUNNING, "5")
    assert (machine.memory_mb, machine.cpus, machine.disk_gb, machine.ips) == (2048, 2, 40, ("203.0.113.9",))
    assert page.complete


def test_one_machine_and_its_password_stays_out_of_sight():
    answer = {
        "vm": {
            "vmid": 9,
            "label": "web",
            "status": "stopped",
            "password": "hunter22",
            "memory": "3",
            "created": "2026-01-02 10:00:00",
        }
    }
    with desk_for({"GET /service/5/vms/9": answer}) as portal:
        machine = portal.services.machine("5:9")
    assert (machine.id, machine.status, machine.password) == ("5:9", MachineStatus.STOPPED, "hunter22")
    assert machine.unreadable == ("memory_mb",)
    assert machine.created_at == datetime(2026, 1, 2, 3, 0, tzinfo=UTC)
    assert "hunter22" not in repr(machine)


def services_of(count: int, status: str = "Active") -> Any:
    return {
        "services": [{"id": str(number), "name": f"VPS {number}", "status": status} for number in range(1, count + 1)]
    }


def test_machines_come_in_pages_of_twenty_services():
    def say(_method, path, _body):
        if path == "/service":
            return services_of(45)
        return {"vms": [{"id": "1", "name": path, "status": "running"}]}

    with desk_for(say) as portal:
        first = portal.services.list_machines()
        second = portal.services.list_machines(first.next)
        third = portal.services.list_machines(second.next)
    assert [len(page.items) for page in (first, second, third)] == [20, 20, 5]
    assert (first.next, second.next, third.next) == ("20", "40", None)
    with desk_for({}) as portal, pytest.raises(NotFound):
        portal.services.machine("5")
    assert len({one.id for page in (first, second, third) for one in page.items}) == 45


def test_a_service_without_machines_is_asked_once_a_day():
    asked = []

    def say(_method, path, _body):
        asked.append(path)
        if path == "/service":
            return services_of(2)
        return {"error": ["invalid method"]} if path == "/service/1/vms" else {"vms": []}

    with desk_for(say) as portal:
        for _ in range(2):
            page = portal.services.list_machines()
            assert page.complete
    assert asked == ["/service", "/service/1/vms", "/service/2/vms", "/service", "/service/2/vms"]


def test_a_service_that_fails_makes_the_page_incomplete_and_names_itself():
    def say(_method, path, _body):
        if path == "/service":
            return services_of(2)
        return (
            {"error": ["Hypervisor timeout"]}
            if path == "/service/1/vms"
            else {"vms": [{"id": "1", "name": "web", "status": "on"}]}
        )

    with desk_for(say) as portal:
        page = portal.services.list_machines()
    assert len(page.items) == 1
    assert not page.complete
    assert "service 1 (VPS 1)" in page.note


def test_services_that_can_not_be_reached_are_not_waited_for_one_by_one():
    asked = []

    def say(_method, path, _body):
        if path == "/service":
            return services_of(9)
        asked.append(path)
        return (503, {"error": ["Hypervisor down"]}) if path != "/service/1/vms" else {"vms": []}

    with desk_for(say) as portal:
        portal._transport.limits = Limits(attempts=1)
        with pytest.raises(Unavailable):
            portal.services.list_machines()
    assert asked == ["/service/1/vms", "/service/2/vms", "/service/3/vms"]


def test_services_that_could_not_be_listed_whole_leave_the_machines_incomplete():
    with desk_for({"GET /service": {"services": [{"id": "3"}]}}) as portal:
        page = portal.services.list_machines()
    assert page.items == ()
    assert not page.complete


def test_services_that_ended_or_have_not_begun_are_not_asked():
    def say(_method, path, _body):
        assert path == "/service"
        return {
            "services": [
                {"id": str(index), "name": "VPS", "status": word}
                for index, word in enumerate(("Terminated", "Cancelled", "Pending", "Fraud"), start=1)
            ]
        }

    with desk_for(say) as portal:
        assert portal.services.list_machines().items == ()


def test_a_revoked_certificate_is_revoked_though_its_service_is_active():
    row = {
        "id": "1",
        "name": "SSL",
        "domain": "A.com",
        "status": "Active",
        "cert_status": "Revoked",
        "cert_expires": "2027-05-06 07:08:09",
    }
    with desk_for({"GET /certificate": {"sslservices": [row]}}) as portal:
        (certificate,) = portal.certificates.list().items
    assert certificate.status == CertificateStatus.REVOKED
    assert (certificate.upstream_status, certificate.domain, certificate.expires_on) == (
        "Active",
        "a.com",
        date(2027, 5, 6),
    )


def test_a_certificate_that_was_not_issued_has_no_end():
    row = {"id": "1", "name": "SSL", "domain": "a.com", "status": "Pending", "cert_expires": "0000-00-00 00:00:00"}
    with desk_for({"GET /certificate": {"sslservices": [row]}}) as portal:
        (certificate,) = portal.certificates.list().items
    assert (certificate.expires_on, certificate.unreadable) == (None, ())


def test_when_the_portal_is_down_the_list_says_so_and_not_that_it_is_empty():
    with desk_for(lambda *_: {"error": ["We are under maintenance"]}) as portal:
        portal._transport.limits = Limits(attempts=1)
        with pytest.raises(Unavailable):
            portal.domains.list()
