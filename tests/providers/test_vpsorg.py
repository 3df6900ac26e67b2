"""VPS.org: the documented examples, the present form, and what may go wrong."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import pages
from providers.errors import (
    AuthenticationFailed,
    MalformedResponse,
    NotFound,
    NotSupported,
    PermissionDenied,
)
from providers.presets import VPS_ORG
from providers.resources import Domain, DomainStatus, MachineStatus, Page, Record
from providers.vpsorg.adapter import VpsOrgProvider
from providers.vpsorg.lists import BadRowError, Form, Listing, Turn
from providers.vpsorg.operations import NEEDS
from providers.vpsorg.parse import account, domains, machines, zones
from providers.vpsorg.prices import LIST, price_of
from tests.providers.kit import LOCAL, Portal, connection, portal

DOCUMENTED = json.loads((Path(__file__).parents[1] / "upstream" / "vps_org.json").read_text())
EXAMPLES = {operation["id"]: operation["example_response"] for operation in DOCUMENTED["operations"]}
UUID = "7d0b6c1e-3f0a-4a0f-9a58-2b1c5a3f9e01"


@pytest.fixture(scope="module")
def server():
    with portal() as running:
        yield running


class Answers(dict[str, object]):
    """What the stand-in answers by path; anything else is a 404 as Django REST framework words it."""

    def __call__(self, handler):
        path = handler.path.removeprefix("/api")
        answer = self.get(path, self.get(path.partition("?")[0], (404, {"detail": "Not found."})))
        handler.reply(*(answer if isinstance(answer, tuple) else (200, json.dumps(answer))))


@pytest.fixture
def answers(server):
    server.seen.clear()
    server.behave = Answers()
    return server.behave


@pytest.fixture
def provider(server):
    one = VpsOrgProvider(connection(server.url), VPS_ORG)
    yield one
    one.close()


def memory(provider: VpsOrgProvider) -> Any:
    return provider._api._connection.memory


def asked(server: Portal) -> list[str]:
    return [seen.path.removeprefix("/api") for seen in server.seen]


# --- the documentation page ---------------------------------------------------------------------------------------------------


def test_the_documented_list_parses_and_its_missing_third_row_is_told(answers, provider):
    answers["/domains/"] = EXAMPLES["get_domains"]
    page = provider.domains.list()
    assert page.items[0] == Domain(
        id="101",
        name="example.com",
        status=DomainStatus.ACTIVE,
        upstream_status="active",
        registered_on=date(2023, 1, 15),
        expires_on=date(2026, 1, 15),
        auto_renew=True,
        renewal_price=Decimal("12.99"),
        renewal_currency="USD",
        nameservers=("ns1.vps.org", "ns2.vps.org"),
        locked=True,
        privacy=True,
        dns_managed_by="vps.org",
    )
    assert (page.items[1].id, page.items[1].auto_renew, page.items[1].privacy) == ("102", False, False)
    assert page.items[1].renewal_price == Decimal("39.99")
    assert (page.total, page.next, page.bad) == (3, None, ())
    assert not page.complete
    assert page.note == "The portal speaks of 3 entries and shows 2."


def test_the_documented_detail_parses(answers, provider):
    answers["/domains/101/"] = EXAMPLES["get_domains_domain_id"]
    domain = provider.domains.detail("101")
    assert (domain.id, domain.name, domain.registrar) == ("101", "example.com", "VPS.org")
    assert (domain.expires_on, domain.nameservers) == (date(2026, 1, 15), ("ns1.vps.org", "ns2.vps.org"))
    assert domain.unreadable == ()


@pytest.mark.parametrize("operation", ["post_domains", "put_domains_domain_id"])
def test_the_documented_answers_to_changes_parse_as_domains(operation):
    domain = domains.domain(EXAMPLES[operation], Form.DOCUMENTED)
    assert domain.unreadable == ()
    assert domain.name in {"mynewdomain.com", "example.com"}


def test_the_list_prices_are_the_documented_ones():
    documented = {row["tld"].removeprefix("."): row for row in DOCUMENTED["pricing"]}
    assert documented.keys() == LIST.keys()
    for tld, row in documented.items():
        told = (row["register_1y"], row["renew"], row["transfer"])
        assert tuple(map(str, LIST[tld])) == told
    assert price_of("example.com.co") is None
    assert price_of("com") is None


def test_the_documented_form_is_remembered_and_asked_without_pages(answers, server, provider):
    answers["/domains/"] = EXAMPLES["get_domains"]
    provider.domains.list()
    provider.domains.list()
    assert asked(server) == ["/domains/?page=1&page_size=100", "/domains/"]
    assert memory(provider).kept["vpsorg.form"] == "documented"


# --- the present form -----------------------------------------------------------------------------------------------------------

PRESENT = {
    "uuid": UUID,
    "id": 7,
    "domain_name": "Bücher.dev",
    "status": "locked",
    "registration_date": "2024-02-29T00:30:00+02:00",
    "expiration_date": "2027-02-28T23:59:59Z",
    "auto_renew": "1",
    "transfer_lock": True,
    "whois_privacy": False,
    "nameserver1": "NS1.Example.net.",
    "nameserver2": "ns2.example.net",
    "nameserver3": "",
    "nameserver4": None,
}


def listed(rows: list[Any], following: Any = None, count: int | None = None) -> dict[str, Any]:
    return {"count": len(rows) if count is None else count, "next": following, "previous": None, "results": rows}


def test_the_present_spelling_parses(answers, provider):
    answers["/domains/"] = listed([PRESENT])
    (domain,) = provider.domains.list().items
    assert (domain.id, domain.name) == (UUID, "xn--bcher-kva.dev")
    assert (domain.status, domain.locked, domain.privacy, domain.auto_renew) == (DomainStatus.LOCKED, True, False, True)
    assert domain.nameservers == ("ns1.example.net", "ns2.example.net")
    assert (domain.registered_on, domain.expires_on) == (date(2024, 2, 29), date(2027, 2, 28))
    assert memory(provider).kept["vpsorg.form"] == "present"


def test_pages_are_followed_by_their_number_and_only_by_it(answers, server, provider):
    rows = [{**PRESENT, "uuid": f"u{number}", "domain_name": f"n{number}.com"} for number in range(5)]
    answers["/domains/?page=1&page_size=100"] = listed(rows[:2], "https://evil.example/x/?page=2&page_size=100", 5)
    answers["/domains/?page=2&page_size=100"] = listed(rows[2:4], f"{server.url}/domains/?page=3", 5)
    answers["/domains/?page=3&page_size=100"] = listed(rows[4:], None, 5)
    found = list(pages(provider.domains.list))
    assert [domain.name for page in found for domain in page.items] == [f"n{number}.com" for number in range(5)]
    assert all(page.complete for page in found)
    answers["/domains/?page=3&page_size=100"] = listed([], None, 5)
    assert list(pages(provider.domains.list))[-1].note == "The portal speaks of 5 entries and shows 4."


def test_a_list_that_shrinks_while_it_is_read_is_incomplete(answers, provider):
    answers["/domains/?page=1&page_size=100"] = listed([PRESENT], "/domains/?page=2", 2)
    page = list(pages(provider.domains.list))[-1]
    assert (page.items, page.complete) == ((), False)


def test_a_next_that_names_no_page_is_incomplete_and_not_followed(answers, provider):
    endless = "https://x/?page=000000002" + "9" * 4400
    for following in ("https://x/?cursor=abc", True, ["a"], "https://x/?page=1", "http://[bad", endless):
        answers["/domains/"] = listed([PRESENT], following)
        page = provider.domains.list()
        assert (page.next, page.complete) == (None, False)


def test_a_bare_list_and_a_single_object_are_lists(answers, provider):
    for answer in ([PRESENT], PRESENT):
        answers["/domains/"] = answer
        page = provider.domains.list()
        assert ([domain.id for domain in page.items], page.complete) == ([UUID], True)


@pytest.mark.parametrize("answer", [{}, {"results": None}, {"results": {"a": 1}}, "text", 5, None, {"detail": "hm"}])
def test_something_else_than_a_list_is_malformed_and_says_where(answers, provider, answer):
    answers["/domains/"] = answer
    with pytest.raises(MalformedResponse) as caught:
        provider.domains.list()
    assert (caught.value.account, caught.value.operation) == ("Acme", "GET /domains/")


def test_bad_rows_are_told_and_stop_nothing(answers, provider):
    rows = [PRESENT, "text", {"uuid": "u2"}, {**PRESENT, "uuid": None}, {**PRESENT, "uuid": "u5", "domain_name": "a b"}]
    answers["/domains/"] = listed(rows)
    page = provider.domains.list()
    assert [domain.id for domain in page.items] == [UUID]
    assert [(row.id, row.reason) for row in page.bad] == [
        ("row 2", "it is no object"),
        ("u2", "it has no readable name"),
        ("7", "it has no readable id"),
        ("u5", "it has no readable name"),
    ]


def test_values_that_make_no_sense_are_named_and_not_guessed(answers, provider):
    broken = {
        **PRESENT,
        "status": "On Fire",
        "expiration_date": "0000-00-00",
        "registration_date": "1970-01-01T00:00:00Z",
        "auto_renew": "maybe",
        "nameserver1": "not a host",
        "transfer_lock": [1],
    }
    answers["/domains/"] = listed([broken])
    (domain,) = provider.domains.list().items
    assert (domain.status, domain.upstream_status) == (DomainStatus.UNKNOWN, "On Fire")
    assert (domain.expires_on, domain.registered_on, domain.auto_renew, domain.nameservers) == (None, None, None, None)
    assert set(domain.unreadable) == {"expires_on", "registered_on", "auto_renew", "nameservers", "locked"}


def test_another_thing_than_the_one_asked_for_is_malformed(answers, provider):
    answers["/domains/x1/"] = PRESENT
    with pytest.raises(MalformedResponse, match="another thing"):
        provider.domains.detail("x1")


@pytest.mark.usefixtures("answers")
def test_a_domain_that_is_gone_is_not_found(provider):
    with pytest.raises(NotFound):
        provider.domains.detail(UUID)


ZONE: dict[str, Any] = {
    "uuid": "z1",
    "domain": "example.com",
    "record_count": 4,
    "records": [
        {"uuid": "r1", "record_type": "A", "name": "@", "value": "192.0.2.1", "ttl": 3600, "priority": None},
        {"uuid": "r2", "record_type": "MX", "name": "@", "value": "Mail.Example.com", "ttl": 3600, "priority": 10},
        {"uuid": "r3", "record_type": "TXT", "name": "www", "value": '"v=spf1" " -all"', "ttl": 300},
        {
            "uuid": "r4",
            "record_type": "SRV",
            "name": "_sip._tcp",
            "value": "5 5060 sip.example.com",
            "ttl": 60,
            "priority": 1,
        },
    ],
}


def test_zones_are_listed_and_read_with_normalised_records(answers, provider):
    answers["/dns-zones/"] = listed([{**ZONE, "records": None}])
    answers["/dns-zones/z1/"] = ZONE
    assert [(zone.id, zone.name) for zone in provider.dns.list().items] == [("z1", "example.com")]
    zone = provider.dns.detail("z1")
    assert zone.records == (
        Record(id="r1", name="@", type="A", content="192.0.2.1", ttl=3600),
        Record(id="r2", name="@", type="MX", content="mail.example.com.", ttl=3600, priority=10),
        Record(id="r3", name="www", type="TXT", content="v=spf1 -all", ttl=300),
        Record(id="r4", name="_sip._tcp", type="SRV", content="5 5060 sip.example.com.", ttl=60, priority=1),
    )
    assert (zone.hosted, zone.unreadable) == (True, ())


def test_a_zone_that_shows_less_than_it_counts_is_unreadable_and_one_without_records_malformed(answers, provider):
    answers["/dns-zones/z1/"] = {**ZONE, "record_count": 9}
    assert provider.dns.detail("z1").unreadable == ("records",)
    answers["/dns-zones/z1/"] = {**ZONE, "records": [*ZONE["records"][:3], "text"]}
    assert provider.dns.detail("z1").unreadable == ("records",)
    answers["/dns-zones/z1/"] = {name: value for name, value in ZONE.items() if name != "records"}
    with pytest.raises(MalformedResponse, match="no records"):
        provider.dns.detail("z1")


SERVER = {
    "uuid": "s1",
    "hostname": "web1.example.com",
    "status": "running",
    "ipv4_addresses": ["192.0.2.7"],
    "ipv6_addresses": "2001:DB8::7",
    "created_at": "2026-01-15T10:30:00Z",
    "location": {"id": 3, "name": "Amsterdam"},
    "plan": {"uuid": "p1", "name": "Small", "ram": 2, "ram_unit": "GB", "cpu": "2", "disk_space": 50},
    "operating_system": {"name": "Debian"},
    "operating_system_version": {"name": "12"},
    "password": "only-once",
}


def test_machines_are_read_with_plan_system_and_addresses(answers, provider):
    answers["/servers/s1/"] = SERVER
    machine = provider.services.machine("s1")
    assert (machine.name, machine.status) == ("web1.example.com", MachineStatus.RUNNING)
    assert machine.ips == ("192.0.2.7", "2001:db8::7")
    assert (machine.memory_mb, machine.disk_gb, machine.cpus) == (2048, 50, 2)
    assert (machine.system, machine.plan, machine.location) == ("Debian 12", "Small", "Amsterdam")
    assert machine.created_at == datetime(2026, 1, 15, 10, 30, tzinfo=UTC)
    assert machine.password == "only-once"
    assert "only-once" not in repr(machine)


def test_the_list_of_machines_says_less_and_other_clients_spelling_is_read(answers, provider):
    flat = {"location_name": "Oslo", "plan_name": "Tiny", "os_name": "Debian 12"}
    rows = [
        {"uuid": "s1", "hostname": "a", "status": "Stopped", "ipv4_addresses": [], "ipv6_addresses": [], **flat},
        {"uuid": "s2", "hostname": "b", "status": "restarting", "ip_address": "192.0.2.8"},
        {"uuid": "s3", "status": "odd", "ipv4": "nonsense"},
    ]
    answers["/servers/"] = listed(rows)
    one, two, three = provider.services.list_machines().items
    assert (one.status, one.ips, one.memory_mb, one.location, one.plan) == (
        MachineStatus.STOPPED,
        (),
        None,
        "Oslo",
        "Tiny",
    )
    assert (two.status, two.ips) == (MachineStatus.BUSY, ("192.0.2.8",))
    assert (three.name, three.status, three.ips, three.unreadable) == ("s3", MachineStatus.UNKNOWN, None, ("ips",))


# --- whose token it is, and what it may do ---------------------------------------------------------------------------------------

EVERYTHING = frozenset(NEEDS)
OF_DNS = frozenset(name for name in NEEDS if name.startswith("dns."))
OF_KEYS = frozenset(name for name in NEEDS if name.endswith(("_ssh_key", "ssh_keys")))
CHANGES_OF_SERVERS = frozenset(name for name, need in NEEDS.items() if need.scope == "servers" and need.changes)


def test_the_account_tells_whose_token_it_is_and_its_scopes_what_is_offered(answers, provider):
    assert provider.capabilities == EVERYTHING
    account = {"uuid": "a1", "email": "alice@example.com", "first_name": "Alice", "last_name": "Doe", "company": "Acme"}
    answers["/account/me/"] = {**account, "token": {"name": "desk", "scopes": ["domains:*", "servers:read"]}}
    profile = provider.test()
    assert (profile.id, profile.email, profile.name, profile.company) == (
        "a1",
        "alice@example.com",
        "Alice Doe",
        "Acme",
    )
    assert profile.scopes == ("domains:*", "servers:read")
    assert provider.capabilities == EVERYTHING - OF_DNS - OF_KEYS - CHANGES_OF_SERVERS
    assert not provider.can("services.list")
    assert (provider.billing, provider.support, provider.certificates) == (None, None, None)


@pytest.mark.parametrize(
    ("told", "scopes"),
    [
        ({"permissions": ["*:*"]}, ("*:*",)),
        ({"scopes": "domains:read, dns:*"}, ("dns:*", "domains:read")),
        ({"permissions": {"domains": ["read", "write"]}}, ("domains:read", "domains:write")),
        ({"permissions": {"dns:*": True, "domains:*": False}}, ("dns:*",)),
        ({"api_token": {"permissions": ["dns:read"]}}, ("dns:read",)),
        ({"permissions": ["can do things"]}, ()),
        ({"permissions": 5}, ()),
        ({}, ()),
    ],
)
def test_scopes_are_found_wherever_they_are_told(told, scopes):
    assert account.profile({"id": 1, **told}).scopes == scopes


@pytest.mark.parametrize(
    "missing", [(404, {"detail": "Not found."}), (404, b"<h1>Not Found</h1>"), (405, {}), (403, {"detail": "no"})]
)
def test_without_an_account_operation_the_list_of_domains_tells_that_the_token_is_good(answers, provider, missing):
    answers["/account/me/"] = missing
    answers["/domains/"] = EXAMPLES["get_domains"]
    assert provider.test().name == "API token"
    answers["/domains/"] = (403, {"detail": "no"})
    assert provider.test().name == "API token"
    answers["/domains/"] = (401, {"detail": "Invalid token."})
    with pytest.raises(AuthenticationFailed):
        provider.test()


def test_an_address_that_is_no_api_is_told(answers, provider):
    answers["/account/me/"] = answers["/domains/"] = (200, b"<html>welcome</html>")
    with pytest.raises(MalformedResponse):
        provider.test()
    answers.clear()
    with pytest.raises(NotFound):
        provider.test()


def test_a_family_that_the_token_may_not_use_is_not_offered_for_a_day(answers, provider):
    answers["/dns-zones/"] = (403, {"detail": "You do not have permission."})
    with pytest.raises(PermissionDenied) as caught:
        provider.dns.list()
    assert caught.value.upstream_words == "You do not have permission."
    assert set(memory(provider).seconds.values()) == {24 * 3600}
    assert provider.capabilities == EVERYTHING - OF_DNS


@pytest.mark.parametrize("answer", [(404, {"detail": "Not found."}), (404, b"<html>404</html>"), (405, {})])
def test_a_family_that_the_portal_lacks_is_not_supported(answers, provider, answer):
    answers["/servers/"] = answer
    with pytest.raises(NotSupported):
        provider.services.list_machines()
    assert not provider.can("services.list_machines")
    with pytest.raises(NotSupported):
        provider.require("services.list_machines")


@pytest.mark.usefixtures("answers")
def test_a_token_with_impossible_signs_is_never_sent(server):
    for token in ("", "a\nb", "tökén"):
        provider = VpsOrgProvider(connection(server.url, credential={"token": token}), VPS_ORG)
        with pytest.raises(AuthenticationFailed):
            provider.test()
        provider.close()
    assert server.seen == []


# --- hostile shapes ---------------------------------------------------------------------------------------------------------------

scalars = st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=12)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)


def with_one_value_replaced(row: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(st.sampled_from(sorted(row)), anything).map(lambda pair: {**copy.deepcopy(row), pair[0]: pair[1]})


@given(with_one_value_replaced(PRESENT), with_one_value_replaced(ZONE), with_one_value_replaced(SERVER), anything)
def test_no_value_breaks_the_parsers(domain, zone, machine, junk):
    for read, rows in (
        (domains.domain_detail, (domain, junk)),
        (zones.zone_detail, (zone, junk)),
        (machines.machine_detail, (machine, junk)),
    ):
        for row in rows:
            for form in Form:
                try:
                    read(row, form)
                except (BadRowError, MalformedResponse):
                    continue
    for value in (junk, {"id": 1, "permissions": junk}, {"id": 1, "token": {"scopes": junk}}):
        try:
            account.profile(value)
        except MalformedResponse:
            continue


@given(
    anything | st.fixed_dictionaries({"results": st.lists(anything, max_size=3), "count": anything, "next": anything})
)
def test_no_answer_breaks_the_lists(data):
    try:
        listing = Listing.read(data, Turn())
    except MalformedResponse:
        return
    listing.form()
    listing.page(Turn(), lambda row: domains.domain(row, Form.PRESENT), domains.DOMAIN_NAMES)


# --- against the sandbox ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sandbox():
    from sandbox.server import Sandbox

    with Sandbox(demo=True, seed=1) as running:
        yield running


@pytest.fixture
def at_sandbox(sandbox):
    one = VpsOrgProvider(
        connection(sandbox.vps_org.base_url, credential=sandbox.vps_org.credential, allowed_upstreams=LOCAL), VPS_ORG
    )
    yield one
    one.close()


def everything(first: Callable[[str | None], Page[Any]]) -> list[Any]:
    found = list(pages(first))
    assert all(page.complete and not page.bad for page in found)
    return [item for page in found for item in page.items]


def test_the_sandbox_is_read_over_http_from_end_to_end(sandbox, at_sandbox):
    assert at_sandbox.test().email
    state = sandbox.vps_org.state
    domains = everything(at_sandbox.domains.list)
    assert {domain.id for domain in domains} == {one["uuid"] for one in state.all("domains")}
    assert all(domain.expires_on and domain.unreadable == () for domain in domains)
    detail = at_sandbox.domains.detail(domains[0].id)
    assert (detail.name, detail.expires_on) == (domains[0].name, domains[0].expires_on)
    zones = everything(at_sandbox.dns.list)
    assert len(zones) == len(list(state.all("zones"))) > 0
    for zone, upstream in zip(zones, state.all("zones"), strict=True):
        full = at_sandbox.dns.detail(zone.id)
        assert len(full.records) == len(upstream["records"])
        assert full.unreadable == ()
    machines = everything(at_sandbox.services.list_machines)
    assert len(machines) == len(list(state.all("servers"))) > 0
    for machine in machines:
        full_machine = at_sandbox.services.machine(machine.id)
        assert full_machine.memory_mb
        assert full_machine.ips == machine.ips
        assert full_machine.status is not MachineStatus.UNKNOWN


def test_a_wrong_token_is_refused_by_the_sandbox(sandbox):
    provider = VpsOrgProvider(connection(sandbox.vps_org.base_url, credential={"token": "vps_wrong"}), VPS_ORG)
    with pytest.raises(AuthenticationFailed):
        provider.test()
    provider.close()


def test_a_token_for_domains_alone_is_offered_domains_alone(sandbox):
    with sandbox.vps_org.lock:
        sandbox.vps_org.state.put("tokens", "vps_few", {"token": "vps_few", "name": "few", "scopes": ["domains:read"]})
    provider = VpsOrgProvider(connection(sandbox.vps_org.base_url, credential={"token": "vps_few"}), VPS_ORG)
    assert provider.services is not None
    with pytest.raises(PermissionDenied):
        provider.services.list_machines()
    provider.test()
    told = {name for name, need in NEEDS.items() if need.scope in {"", "domains"} and not need.changes}
    assert provider.capabilities == told
    provider.close()
