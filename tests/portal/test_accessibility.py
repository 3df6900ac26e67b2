"""Everybody can use every page: axe finds nothing serious, wide and light as well as on a phone in the dark."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import ProviderAccount
from sync.models import Change, HeldRow, Kind, Run, Schedule
from tests.accounts import people
from tests.browser import fits
from tests.factories import (
    in_days,
    make_account,
    make_certificate,
    make_customer,
    make_domain,
    make_invoice,
    make_machine,
    make_product,
    make_record,
    make_service,
    make_ticket,
    make_tld_price,
    make_zone,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GRAVE = ("serious", "critical")


@pytest.fixture
def addresses() -> list[str]:
    """A desk with a bit of everything, good and bad, and the addresses of its pages."""
    account, customer = make_account("Cloudviet main"), make_customer("Nordlys Bageri")
    make_account("Old login", state=ProviderAccount.State.REFUSED, state_reason="The password is wrong.")
    make_account("Cloudviet (demo)", is_demo=True)
    own = {"account": account, "customer": customer}
    domain = make_domain("soon.example", **own, expires_on=in_days(5), auto_renew=False, tags=["shop"], notes="Call.")
    make_domain("over.example", account=account, expires_on=in_days(-3), status="expired", auto_renew=None)
    make_domain("doubt.example", account=account, expires_on=None, unreadable=["expires_on"])
    zone = make_zone("soon.example", **own)
    for name, kind, content in (
        ("@", "A", "192.0.2.1"),
        ("www", "CNAME", "soon.example."),
        ("@", "TXT", "v=spf1 -all"),
    ):
        make_record(zone, name, kind, content)
    invoice = make_invoice("2026/11/41", **own, due_on=in_days(-2), lines=(("Domain renewal", "12.99"),))
    make_invoice("2026/11/42", account=account, total=Decimal(1299000), currency="VND", due_on=in_days(20))
    ticket = make_ticket(
        "Mail bounces", **own, status="answered", replies=(("Karen", "Hi"), ("Sofie", "> Hi\n\nFixed."))
    )
    service = make_service("Web hosting S", **own)
    machine = make_machine("web-1", service=service, customer=customer, status="stopped", upstream_status="shut off")
    certificate = make_certificate("www.soon.example", **own, expires_on=in_days(12))
    make_tld_price("example", account=account, listed_on=in_days(-90))
    make_tld_price(
        "example", account=make_account("Cloudviet two"), register="9.99", changed_at=timezone.now(),
        previous={"register": "11", "currency": "USD"},
    )  # fmt: skip
    make_product("Web hosting S", account=account, description="Disk: 10 GB\nMail: 5 boxes", in_stock=False)
    now = timezone.now()
    run = Run.objects.create(account=account, kind=Kind.DOMAINS, state="succeeded", started_at=now, finished_at=now)
    failed = Run.objects.create(
        account=account, kind=Kind.TICKETS, state="failed", finished_at=now, error="Cloudviet main, Tickets: no answer."
    )
    Run.objects.create(account=account, kind=Kind.INVOICES, state="running", details_total=40, details_done=12)
    held = Run.objects.create(
        account=account, kind=Kind.DOMAINS, state="held", finished_at=now, held_ids=[domain.pk], held_changes=1,
        held_fields=["status"], note="1 of 2 would vanish.",
    )  # fmt: skip
    HeldRow.objects.create(
        run=held, resource=zone.resource, detail=False, moves={"status": ["active", "expired"]}, said={}, asked=now
    )
    for kind in Kind:
        Schedule.objects.create(account=account, kind=kind, next_due_at=now, last_complete_at=now)
    Schedule.objects.filter(account=account, kind=Kind.INVOICES).update(
        failures=2, failing_since=now - timedelta(hours=4), last_complete_at=now - timedelta(hours=5)
    )
    Change.objects.create(
        resource=domain.resource, run=run, field="expires_on", old="2026-01-01", new="2027-01-01", at=now
    )
    return [
        "/",
        "/domains/",
        f"/domains/{domain.pk}/",
        f"/domains/{domain.pk}/dns/",
        f"/domains/{domain.pk}/history/",
        "/billing/",
        f"/billing/invoices/{invoice.pk}/",
        "/support/",
        f"/support/tickets/{ticket.pk}/",
        f"/services/{service.pk}/",
        f"/machines/{machine.pk}/",
        f"/certificates/{certificate.pk}/",
        "/domains/prices/",
        "/services/catalogue/",
        "/accounts/",
        f"/accounts/{account.pk}/",
        "/accounts/connect/",
        "/accounts/connect/cloudviet/",
        "/customers/",
        f"/customers/{customer.pk}/",
        "/profile/",
        "/syncs/",
        f"/syncs/{failed.pk}/",
        f"/accounts/{account.pk}/health/",
        f"/syncs/{held.pk}/",
        "/changes/?what=expiry&by=others",
        "/search/?q=soon",
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (375, "dark")])
def test_no_page_keeps_anybody_out(page_of, live_server, addresses, width, scheme):
    page = page_of(people.alice())
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = []
    for path in addresses:
        answer = page.goto(live_server.url + path)
        assert answer.status == 200, path
        expect(page.locator("[data-hf-lazy]")).to_have_count(0)
        for problem in Axe().run(page).response["violations"]:
            if problem["impact"] in GRAVE:
                where = [node["target"] for node in problem["nodes"]][:3]
                found.append(f"{path}: {problem['id']}: {problem['help']} {where}")
        if not fits(page):
            found.append(f"{path}: has to be scrolled sideways")
    assert not found, "\n".join(found)


def test_signing_in_keeps_nobody_out(watched_page, live_server):
    page = watched_page
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_role("button", name="Sign in").focus()
    assert [problem["id"] for problem in Axe().run(page).response["violations"] if problem["impact"] in GRAVE] == []
