"""Everything that can be changed, in either form of the API, read back from the stand-in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from providers.errors import InvalidRequest, NotFound, NotSupported, PaymentRequired
from providers.offers import DomainOrder, MachineOrder
from providers.resources import DomainStatus, MachineStatus, RecordDraft
from providers.vpsorg.lists import Form
from providers.vpsorg.operations import NEEDS
from sandbox.portal import Portal
from sandbox.vpsorg.domains import add_domain
from tests.providers.vpsorg.conftest import at

FORMS = ("documented", "present", "both")
NAME = "anphatlogistics.com"


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest, stand_in: Portal) -> str:
    stand_in.set(api_form=request.param)
    return str(request.param)


@pytest.fixture
def provider(stand_in: Portal) -> Any:
    one = at(stand_in)
    yield one
    one.close()


def the_domain(provider: Any, name: str = NAME) -> Any:
    (found,) = provider.domains.named(name)
    return found


# --- domains, in every form -----------------------------------------------------------------------------------------------------


def test_the_list_tells_the_form_and_the_account_says_so(provider: Any, form: str):
    assert "which one this is shows" in provider.notes[0]
    domains = provider.domains.list().items
    assert len(domains) == 20
    assert all(one.id.isdecimal() == (form == "documented") for one in domains)
    assert all(one.locked is not None and one.privacy is not None and one.nameservers for one in domains)
    wanted = "documentation page" if form == "documented" else "present form"
    assert wanted in provider.notes[0]


@pytest.mark.usefixtures("form")
@pytest.mark.parametrize("setting", ["lock", "privacy", "auto_renew"])
def test_a_setting_is_switched_and_reads_back(provider: Any, setting: str):
    provider.domains.list()
    domain = the_domain(provider)
    for on in (False, True, False):
        getattr(provider.domains, f"set_{setting}")(domain.id, on)
        now = provider.domains.detail(domain.id)
        assert {"lock": now.locked, "privacy": now.privacy, "auto_renew": now.auto_renew}[setting] is on
        assert now.nameservers == domain.nameservers
    if setting != "privacy":
        assert getattr(provider.domains, setting)(domain.id) is False


def test_name_servers_are_replaced_by_the_operation_of_the_form(stand_in: Portal, provider: Any, form: str):
    domain = the_domain(provider)
    provider.domains.set_nameservers(domain.id, ["NS1.Bücher.example.", "ns2.x.example", "ns3.x.example"])
    wanted = ("ns1.xn--bcher-kva.example", "ns2.x.example", "ns3.x.example")
    assert provider.domains.nameservers(domain.id) == wanted == provider.domains.detail(domain.id).nameservers
    sent = [(one.method, one.path.rpartition("/")[0].rpartition("/")[2]) for one in stand_in.log if one.method != "GET"]
    assert sent == [("PUT", domain.id) if form == "documented" else ("POST", "update_nameservers")]


def test_too_few_name_servers_are_refused_before_they_are_sent(stand_in: Portal, provider: Any, form: str):
    domain = the_domain(provider)
    one = ["ns1.x.example"]
    for names in (
        [],
        ["a b"],
        [f"ns{number}.x.example" for number in range(5)],
        *([one] if form == "documented" else []),
    ):
        with pytest.raises(InvalidRequest) as caught:
            provider.domains.set_nameservers(domain.id, names)
        assert list(caught.value.fields) == ["nameservers"]
    assert not [one for one in stand_in.log if one.method != "GET"]


def test_a_registration_is_pending_for_minutes_and_then_active(stand_in: Portal, provider: Any, form: str):
    provider.domains.list()
    order = provider.domains.register(DomainOrder(name="neues-haus.dev", years=2, privacy=False, auto_renew=False))
    assert (order.settled, order.total, order.currency) == (True, Decimal("29.98"), "USD")
    domain = the_domain(provider, "neues-haus.dev")
    assert [item.id for item in order.items] == [domain.id]
    assert domain.id.isdecimal() == (form == "documented")
    assert (domain.status, domain.privacy, domain.auto_renew) == (DomainStatus.PENDING, False, False)
    assert (domain.expires_on, order.expires_on) == (order.expires_on, domain.expires_on)
    stand_in.advance(seconds=301)
    assert provider.domains.detail(domain.id).status is DomainStatus.ACTIVE
    with pytest.raises(InvalidRequest) as caught:
        provider.domains.register(DomainOrder(name="neues-haus.dev"))
    assert list(caught.value.fields) == ["domain_name"]
    with pytest.raises(PaymentRequired):
        provider.domains.register(DomainOrder(name="another-house.io", years=10))


@pytest.mark.usefixtures("form")
def test_a_transfer_takes_days_and_brings_a_year(stand_in: Portal, provider: Any):
    with stand_in.lock:
        add_domain(stand_in, "from-afar.net", locked=False, registrar="Another", auth_code="Xy9")  # type: ignore[arg-type]
    before = the_domain(provider, "from-afar.net")
    assert before.registrar == "Another"
    with pytest.raises(InvalidRequest) as caught:
        provider.domains.transfer(DomainOrder(name="from-afar.net", epp_code="wrong-code"))
    assert list(caught.value.fields) == ["auth_code"]
    order = provider.domains.transfer(DomainOrder(name="from-afar.net", epp_code="Xy9", auto_renew=False))
    assert order.items[0].id == before.id
    assert provider.domains.detail(before.id).status is DomainStatus.PENDING
    stand_in.advance(days=5)
    assert provider.domains.detail(before.id).status is DomainStatus.PENDING
    stand_in.advance(days=2)
    after = provider.domains.detail(before.id)
    assert (after.status, after.registrar, after.auto_renew) == (DomainStatus.ACTIVE, "VPS.org", False)
    assert before.expires_on
    assert after.expires_on == before.expires_on.replace(year=before.expires_on.year + 1)


@pytest.mark.usefixtures("form")
def test_a_domain_that_is_taken_out_is_gone_from_the_list(provider: Any):
    domain = the_domain(provider)
    provider.domains.detach(domain.id)
    assert provider.domains.named(NAME) == ()
    with pytest.raises(NotFound):
        provider.domains.detach(domain.id)


def test_what_the_documented_form_lacks_is_sent_at_most_once(stand_in: Portal, provider: Any):
    stand_in.set(api_form="documented")
    domain = the_domain(provider)
    with pytest.raises(NotSupported):
        provider.domains.renew(domain.id, 1)
    for _ in range(2):
        with pytest.raises(NotSupported):
            provider.domains.lookup("free-name.com")
        for ask in (provider.dns.list, provider.services.list_machines):
            with pytest.raises(NotSupported):
                ask()
    assert [one.path for one in stand_in.log if one.method != "GET"] == ["/api/v1/domains/search/"]
    offered = provider.capabilities
    assert {one for one in offered if one.startswith(("dns.", "services.")) and "ssh" not in one} == set()
    assert "domains.renew" not in offered
    assert offered >= {"domains.register", "domains.transfer", "domains.set_lock", "domains.detach", "domains.prices"}
    assert "POST /domains/search/" in provider.notes[-1]


# --- what the present form alone has ----------------------------------------------------------------------------------------------


@pytest.fixture(params=["present", "both"])
def rich(request: pytest.FixtureRequest, stand_in: Portal, provider: Any) -> Any:
    stand_in.set(api_form=request.param)
    provider.domains.list()
    return provider


def test_everything_is_offered_to_a_token_that_may_do_all(rich: Any):
    assert rich.capabilities == set(NEEDS)
    assert rich.notes[1] == "The token may do everything (*:*)."


def test_a_domain_is_renewed(rich: Any):
    domain = the_domain(rich)
    order = rich.domains.renew(domain.id, 1)
    assert domain.expires_on
    assert order.expires_on == rich.domains.detail(domain.id).expires_on
    assert order.expires_on
    assert order.expires_on - domain.expires_on >= timedelta(days=365)


def test_a_name_is_looked_up(rich: Any):
    free = rich.domains.lookup("Nhà-mới.com")
    assert (free.name, free.available, free.currency) == ("xn--nh-mi-sqa1484c.com", True, "USD")
    assert [(one.years, one.register) for one in free.periods] == [(1, Decimal("12.99"))]
    assert rich.domains.lookup(NAME).available is False
    with pytest.raises(InvalidRequest):
        rich.domains.lookup("no.such.ending")


def test_a_zone_is_made_filled_and_deleted(rich: Any):
    assert rich.dns.places() == ("",)
    rich.dns.create_zone("Neue-Zone.com")
    zone = next(one for one in rich.dns.list().items if one.name == "neue-zone.com")
    assert rich.dns.record_types(zone.id) == ("A", "AAAA", "CNAME", "MX", "TXT", "NS", "SRV", "CAA")
    for kind in rich.dns.record_types(zone.id)[:2]:
        content = "192.0.2.4" if kind == "A" else "2001:db8::4"
        rich.dns.add(zone.id, RecordDraft(name="www", type=kind, content=content, ttl=600))
    assert len([one for one in rich.dns.detail(zone.id).records if one.name == "www"]) == 2
    with pytest.raises(InvalidRequest):
        rich.dns.create_zone("neue-zone.com")
    rich.dns.delete_zone(zone.id)
    assert "neue-zone.com" not in {one.name for one in rich.dns.list().items}
    for bad in (lambda: rich.dns.create_zone("x y"), lambda: rich.dns.create_zone("a.com", place="7")):
        with pytest.raises(InvalidRequest):
            bad()


def test_a_machine_is_made_from_the_catalogue_and_deleted(stand_in: Portal, rich: Any):
    stand_in.set(machine_seconds=60)
    plan = min(rich.catalog.plans(), key=lambda one: one.monthly_price or 0)
    assert (plan.cpus, plan.memory_mb, plan.disk_gb, plan.transfer_gb) == (1, 1024, 25, 4000)
    assert (plan.monthly_price, plan.hourly_price, plan.currency) == (Decimal("5.0"), Decimal("0.0069"), "USD")
    location = next(one for one in rich.catalog.locations() if one.country_code == "DK")
    assert (location.name, location.country, location.active) == ("Copenhagen", "Denmark", True)
    system = next(one for one in rich.catalog.systems() if one.name == "Debian")
    order = MachineOrder(
        hostname="Web-9.example.com",
        plan_id=plan.id,
        location_id=location.id,
        system_version_id=system.versions[-1].id,
        ssh_key_ids=(rich.services.ssh_keys()[0].id,),
    )
    made = rich.services.create_machine(order)
    assert made.password
    assert made.password not in repr(made)
    assert (made.name, made.status, made.plan) == ("web-9.example.com", MachineStatus.BUILDING, plan.name)
    stand_in.advance(seconds=61)
    shown = rich.services.machine(made.id)
    assert (shown.status, shown.password, shown.system) == (MachineStatus.RUNNING, None, "Debian 13")
    assert shown.location == "Copenhagen"
    rich.services.delete_machine(made.id)
    assert made.id not in {one.id for one in rich.services.list_machines().items}
    with pytest.raises(NotFound):
        rich.services.machine(made.id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hostname": "web"}, "hostname"),
        ({"location_id": "Hanoi"}, "location_id"),
        ({"location_id": "²"}, "location_id"),
    ],
)
def test_a_machine_that_can_not_be_is_not_ordered(stand_in: Portal, changes: dict[str, str], field: str):
    told = {"hostname": "a.example.com", "plan_id": "p", "location_id": "1", "system_version_id": "v", **changes}
    provider = at(stand_in)
    with pytest.raises(InvalidRequest) as caught:
        provider.services.create_machine(MachineOrder(**told))  # type: ignore[arg-type]  # texts all
    assert list(caught.value.fields) == [field]
    assert len(stand_in.log) == 0


Verb = Callable[[Any, str], None]


@pytest.mark.parametrize(
    ("before", "verb", "after"),
    [
        ("stopped", "start", MachineStatus.RUNNING),
        ("running", "stop", MachineStatus.STOPPED),
        ("running", "power_off", MachineStatus.STOPPED),
        ("running", "reboot", MachineStatus.RUNNING),
    ],
)
def test_power_is_switched_and_takes_its_time(
    stand_in: Portal, rich: Any, before: str, verb: str, after: MachineStatus
):
    machine = rich.services.list_machines().items[0]
    stand_in.set(machine_seconds=60)
    with stand_in.lock:
        stand_in.state.edit("servers", machine.id)["status"] = before
    getattr(rich.services, verb)(machine.id)
    assert rich.services.machine(machine.id).status is MachineStatus.BUSY
    stand_in.advance(seconds=61)
    assert rich.services.machine(machine.id).status is after


def test_a_machine_is_copied_and_moved_to_a_larger_plan(stand_in: Portal, rich: Any):
    machine = rich.services.list_machines().items[0]
    rich.services.back_up(machine.id)
    rich.services.snapshot(machine.id, "before the update")
    rich.services.snapshot(machine.id)
    copies = stand_in.state.get("servers", machine.id)["copies"]  # type: ignore[index]
    assert [(one["kind"], one.get("label")) for one in copies] == [
        ("backup", None),
        ("snapshot", "before the update"),
        ("snapshot", ""),
    ]
    largest = max(rich.catalog.plans(), key=lambda one: one.memory_mb or 0)
    rich.services.resize(machine.id, largest.id)
    shown = rich.services.machine(machine.id)
    assert (shown.plan, shown.memory_mb, shown.disk_gb) == (largest.name, largest.memory_mb, largest.disk_gb)
    with pytest.raises(InvalidRequest):
        rich.services.resize(machine.id, "no-such-plan")
    with pytest.raises(InvalidRequest):
        rich.services.snapshot(machine.id, "x" * 201)


def test_a_public_key_is_kept_and_forgotten(rich: Any):
    before = rich.services.ssh_keys()
    assert all(one.fingerprint.startswith("SHA256:") and one.created_at for one in before)
    made = rich.services.add_ssh_key("desk", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIabc\n desk@example\n")
    assert rich.services.ssh_keys() == (*before, made)
    rich.services.remove_ssh_key(made.id)
    assert rich.services.ssh_keys() == before


@pytest.mark.parametrize(
    ("name", "key", "field"),
    [
        (" ", "ssh-ed25519 AAAA", "name"),
        ("desk", " \n", "public_key"),
        ("desk", "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----", "public_key"),
    ],
)
def test_a_private_key_never_leaves(stand_in: Portal, name: str, key: str, field: str):
    with pytest.raises(InvalidRequest) as caught:
        at(stand_in).services.add_ssh_key(name, key)
    assert list(caught.value.fields) == [field]
    assert len(stand_in.log) == 0


def test_the_client_deploys_and_cancels_at_the_sandbox(stand_in: Portal, rich: Any):
    stand_in.set(machine_seconds=60)
    deployments = rich.client.deployments
    config = deployments.create_config({"name": "shop", "branch": "main"})
    assert deployments.update_config(config["uuid"], {"name": "shop", "branch": "live"})["branch"] == "live"
    assert deployments.get_config(config["uuid"])["branch"] == "live"
    assert [one["name"] for one in deployments.list_configs()["results"]] == ["shop"]
    deployments.set_environment(config["uuid"], {"DEBUG": "0", "PORT": "80"})
    assert deployments.remove_variable(config["uuid"], "DEBUG") is None
    assert deployments.environment(config["uuid"]) == {"vars": {"PORT": "80"}}
    first = deployments.deploy(config["uuid"], git_commit="abc1234")
    second = deployments.deploy(config["uuid"])
    assert deployments.cancel(second["uuid"])["status"] == "cancelled"
    stand_in.advance(seconds=61)
    assert [one["status"] for one in deployments.list()["results"]] == ["completed", "cancelled"]
    assert deployments.get(first["uuid"])["git_commit"] == "abc1234"
    assert len(deployments.logs(first["uuid"])["logs"]) == 2
    with pytest.raises(InvalidRequest):
        deployments.cancel(first["uuid"])


def test_the_form_is_learned_anew_when_the_portal_changes_it(stand_in: Portal, provider: Any):
    for form in (Form.DOCUMENTED, Form.PRESENT):
        stand_in.set(api_form=form.value)
        provider.domains.list()
        assert provider._api.learned.form() is form
