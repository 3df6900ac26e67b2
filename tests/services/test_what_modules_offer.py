"""Services differ in what their module can do: pages and actions say it before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse

from accounts.models import ProviderAccount
from actions.declare import Refused
from actions.filing import file, why_not
from actions.models import Action
from sandbox.server import Sandbox
from services.models import Certificate, Service, VirtualMachine
from services.queries import offered_elsewhere
from sync.models import Kind
from tests.accounts import people
from tests.actions.desk import mirrored_account, sync
from tests.factories import make_account, make_certificate, make_machine, make_service

NO_REBOOT = "The module of its service Old box has no reboot"


def rebooting() -> ProviderAccount:
    return make_account("Agency", capabilities=["services.reboot"])


@pytest.mark.django_db
def test_a_machine_whose_service_has_no_reboot_says_so_where_the_button_would_be(client):
    client.force_login(people.bob())
    service = make_service(label="Old box", account=rebooting(), offers=["services.label"])
    machine = make_machine("web-1", service=service)
    assert why_not("machine.reboot", machine.resource).startswith(NO_REBOOT)
    page = client.get(reverse("services:machine-detail", args=[machine.pk])).content.decode()
    assert NO_REBOOT in page
    assert reverse("services:machine-reboot", args=[machine.pk]) not in page
    with pytest.raises(Refused) as refused:
        file("machine.reboot", machine.resource, {}, actor=None)
    assert (refused.value.code, Action.objects.count()) == ("not_supported", 0)


@pytest.mark.django_db
@pytest.mark.parametrize("offers", [None, ["services.reboot", "services.start"]])
def test_what_is_offered_or_not_told_may_be_tried(offers):
    machine = make_machine("web-1", service=make_service(account=rebooting(), offers=offers))
    assert why_not("machine.reboot", machine.resource) == ""
    assert why_not("machine.reboot", make_machine("alone", account=rebooting_again(), service_id=None).resource) == ""


def rebooting_again() -> ProviderAccount:
    return make_account("Other", capabilities=["services.reboot"])


@pytest.mark.django_db
def test_a_service_of_the_same_number_elsewhere_decides_nothing():
    make_service(upstream_id="301", offers=[])
    service = make_service(upstream_id="301", account=rebooting(), offers=["services.reboot"])
    assert why_not("machine.reboot", make_machine(service=service).resource) == ""


@pytest.mark.django_db
def test_the_page_of_a_service_tells_what_it_can_and_what_only_others_can(client):
    client.force_login(people.bob())
    account = make_account("Agency")
    poor = make_service(account=account, offers=["services.label"])
    make_service(account=account, offers=["services.label", "services.reboot"])
    make_service(account=account, offers=None)
    make_service(account=make_account("Other"), offers=["services.rebuild"])
    assert offered_elsewhere(poor) == ["services.reboot"]
    page = client.get(reverse("services:service-detail", args=[poor.pk])).content.decode()
    assert "It can: read a service’s label." in page
    assert "It can't, though other services of this account can: reboot." in page
    unknown = make_service(account=account, offers=None, methods=None)
    page = client.get(reverse("services:service-detail", args=[unknown.pk])).content.decode()
    assert "What its module can do" not in page


@pytest.mark.django_db
def test_the_page_of_a_certificate_names_people_software_and_payments(client):
    client.force_login(people.bob())
    certificate = make_certificate(
        first_payment="31.00", next_invoice_on="2031-05-04", software="1",
        contacts=[{"role": "admin", "words": "Mary <Sue>, mary@example.com"}, {"role": "guru", "words": "Bo"}],
    )  # fmt: skip
    page = client.get(reverse("services:certificate-detail", args=[certificate.pk])).content.decode()
    for words in ("Administrator", "Mary &lt;Sue&gt;, mary@example.com", "guru", "31.00", "4 May 2031", "number 1 of"):
        assert words in page


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(demo=True, seed=3, data=None) as sandbox:
        yield sandbox


@pytest.mark.django_db(transaction=True)
def test_what_the_portal_tells_of_modules_and_certificates_is_mirrored(box):
    account = mirrored_account(box.cloudviet, Kind.SERVICES, Kind.MACHINES, Kind.CERTIFICATES)
    machine = VirtualMachine.objects.filter(resource__account=account).first()
    assert machine is not None
    assert why_not("machine.reboot", machine.resource) == ""
    with_machines = Service.objects.get(resource__upstream_id=machine.service_id)
    assert "services.reboot" in (with_machines.offers or [])
    assert any("services.reboot" not in (one.offers or []) for one in Service.objects.all())
    certificate = Certificate.objects.exclude(contacts=None).first()
    assert certificate is not None
    assert {one["role"] for one in certificate.contacts or ()} == {"admin", "billing", "tech"}
    assert certificate.first_payment is not None
    for kind in (Kind.SERVICES, Kind.CERTIFICATES):
        assert sync(account, kind).written == 0, "nothing moved"
