from decimal import Decimal

import pytest
from django.urls import reverse

from accounts import tokens
from services import queries
from tests.accounts import people
from tests.factories import in_days, make_account, make_certificate, make_machine, make_service

pytestmark = pytest.mark.django_db


def test_a_service_knows_its_machines_and_only_those_of_its_account():
    alice = people.alice()
    service = make_service(upstream_id="301")
    mine = make_machine(service=service)
    other = make_service(upstream_id="301", account=make_account())
    make_machine(service=other)
    assert list(queries.machines_of(service, alice)) == [mine]
    assert queries.service_of(mine, alice) == service
    counted = {row["pk"]: row["machine_count"] for row in queries.services(alice).values("pk", "machine_count")}  # type: ignore[misc]  # annotated
    assert counted == {service.pk: 1, other.pk: 1}


def test_ended_services_leave_the_first_view(client):
    client.force_login(people.alice())
    make_service("VPS M", domain="alive.example")
    make_service("VPS M", domain="ended.example", status="terminated")
    page = client.get(reverse("services:service-list")).content.decode()
    assert "alive.example" in page
    assert "ended.example" not in page
    assert "ended.example" in client.get(reverse("services:service-list"), {"view": "ended"}).content.decode()


def test_the_page_of_a_service_shows_its_machines(client):
    client.force_login(people.alice())
    service = make_service()
    machine = make_machine("web-03.hcm", service=service, status="stopped")
    page = client.get(reverse("services:service-detail", args=[service.pk])).content.decode()
    assert "web-03.hcm" in page
    assert "Stopped" in page
    assert reverse("services:machine-detail", args=[machine.pk]) in page


def test_a_machine_without_a_service_stands_alone(client):
    client.force_login(people.alice())
    machine = make_machine("lonely", service_id=None, ips=["192.0.2.9", "2001:db8::9"])
    page = client.get(reverse("services:machine-detail", args=[machine.pk])).content.decode()
    assert "192.0.2.9" in page
    assert "2001:db8::9" in page
    assert "Runs on the service" not in page


def test_a_certificate_counts_down_to_the_earlier_of_its_days():
    certificate = make_certificate(expires_on=in_days(60), next_due_on=in_days(20))
    assert certificate.resource.due_on == in_days(20)
    assert list(queries.certificates(people.alice()).filter(queries.lapse_within(30))) == [certificate]


def test_the_api_says_what_scripts_rely_on(client):
    headers = {"Authorization": f"Bearer {tokens.make(people.bob())[1]}"}
    service = make_service("Starter", price=Decimal("9.90"), next_due_on=in_days(40))
    machine = make_machine("web-1", service=service)
    certificate = make_certificate("shop.example")
    told = client.get(f"/api/v1/services/{service.pk}/", headers=headers).json()
    assert (told["name"], told["status"], told["next_due"], told["price"], told["currency"]) == (
        "Starter",
        "active",
        in_days(40).isoformat(),
        "9.90",
        "USD",
    )
    told = client.get(f"/api/v1/virtual-machines/{machine.pk}/", headers=headers).json()
    assert (told["name"], told["status"], told["ips"]) == ("web-1", "running", ["192.0.2.10"])
    told = client.get(f"/api/v1/certificates/{certificate.pk}/", headers=headers).json()
    assert (told["domain"], told["status"], told["expires_on"]) == ("shop.example", "active", in_days(60).isoformat())


def test_hosting_passwords_have_no_place_to_be_kept():
    columns = {column.name for model in (type(make_service()), type(make_machine())) for column in model._meta.fields}
    assert not columns & {"password", "rootpassword"}
