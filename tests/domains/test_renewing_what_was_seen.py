"""A renewal is for the expiry that the person had before their eyes: a dialog that stood open meanwhile renews nothing twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from accounts.models import User
from actions.engine import enquiring
from actions.models import Action, Enquiry, Stage
from domains.models import Domain
from sandbox.hostbill.portal import CLIENT
from sandbox.server import Sandbox
from tests.accounts import people
from tests.domains.desk import carried, connect, mirrored_domain, renew

pytestmark = pytest.mark.django_db(transaction=True)

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(demo=False, seed=3, domains=3) as sandbox:
        portal = sandbox.dns_services
        with portal.lock:
            portal.state.edit("client", CLIENT)["credit"] = "5000.00"
        yield sandbox


@pytest.fixture
def domain(box) -> Domain:
    return mirrored_domain(connect(box.dns_services), box.dns_services.state.all("domains")[0])


def browser(person: User) -> Client:
    client = Client(headers={"hx-request": "true"})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def opened(client: Client, domain: Domain) -> dict[str, str]:
    """What the dialog's button will send, once the portal was asked."""
    url = f"/domains/{domain.pk}/renew/"
    client.get(url)
    asked = Enquiry.objects.latest("pk")
    enquiring.answer(asked.pk)
    page = client.get(url, {"asked": asked.pk}).content.decode()
    return {**{name: unescape(value) for name, value in HIDDEN.findall(page)}, "years": "1"}


def renewed_by_another(domain: Domain) -> Action:
    done = carried(renew(domain, people.alice(), "5000").action)
    assert done.stage == Stage.DONE, done.error
    return done


def test_a_dialog_that_stood_open_while_another_renewed_it_renews_nothing(domain):
    bob = browser(people.bob())
    fields = opened(bob, domain)
    first = renewed_by_another(domain)
    answer = bob.post(f"/domains/{domain.pk}/renew/", fields)
    assert list(Action.objects.all()) == [first]
    assert answer.status_code == 422
    assert "Already renewed" in answer.content.decode()


def test_what_is_pressed_after_the_new_date_was_shown_is_another_year(domain):
    renewed_by_another(domain)
    bob = browser(people.bob())
    fields = opened(bob, domain)
    assert bob.post(f"/domains/{domain.pk}/renew/", fields).status_code == 204
    assert carried(Action.objects.latest("pk")).stage == Stage.DONE
    assert Action.objects.count() == 2


def test_the_same_form_sent_again_after_it_took_effect_is_the_same_renewal(domain):
    bob = browser(people.bob())
    fields = opened(bob, domain)
    bob.post(f"/domains/{domain.pk}/renew/", fields)
    first = carried(Action.objects.get())
    assert first.stage == Stage.DONE
    answer = bob.post(f"/domains/{domain.pk}/renew/", fields)
    assert (answer.status_code, Action.objects.count()) == (204, 1)


def test_a_form_without_the_date_is_refused(domain):
    bob = browser(people.bob())
    fields = opened(bob, domain)
    fields.pop("expires_on")
    assert bob.post(f"/domains/{domain.pk}/renew/", fields).status_code == 422
    assert not Action.objects.exists()


def test_the_bulk_dialog_renews_only_what_it_showed(domain):
    Domain.objects.filter(pk=domain.pk).update(renewal_price="100", renewal_currency="DKK", period_years=1)
    bob = browser(people.bob())
    page = bob.post("/domains/renew/", {"pick": [domain.pk]}).content.decode()
    fields = {name: unescape(value) for name, value in HIDDEN.findall(page)}
    assert fields["confirm"] == "1"
    first = renewed_by_another(domain)
    answer = bob.post("/domains/renew/", fields)
    assert list(Action.objects.all()) == [first]
    assert "Already renewed" in answer.headers["HX-Trigger"] + answer.content.decode()


def test_the_bulk_dialog_confirms_the_price_that_it_showed(domain):
    Domain.objects.filter(pk=domain.pk).update(renewal_price="100", renewal_currency="DKK", period_years=1)
    bob = browser(people.bob())
    page = bob.post("/domains/renew/", {"pick": [domain.pk]}).content.decode()
    fields = {name: unescape(value) for name, value in HIDDEN.findall(page)}
    Domain.objects.filter(pk=domain.pk).update(renewal_price="900")
    bob.post("/domains/renew/", fields)
    filed = Action.objects.get()
    assert (filed.price, filed.currency) == (Decimal(100), "DKK")


@pytest.mark.parametrize(
    "shown",
    ["", "x", "{pk} 1 2027-01-01 1e999999 DKK", "{pk} 1 2027-01-01 NaN DKK", "{pk} 1 2027-01-01 -1 DKK",
     "{pk} 99 {day} 100 DKK", "{pk} 1 {day} 100 DK", "{pk} 1 2027-13-01 100 DKK", "1 {pk}"],
)  # fmt: skip
def test_a_bulk_form_that_no_dialog_wrote_renews_nothing(domain, shown):
    Domain.objects.filter(pk=domain.pk).update(renewal_price="100", renewal_currency="DKK", period_years=1)
    text = shown.format(pk=domain.pk, day=domain.expires_on)
    answer = browser(people.bob()).post(
        "/domains/renew/", {"pick": [domain.pk], "confirm": "1", "key": "k", "shown": text}
    )
    assert answer.status_code == 204
    assert "0 renewals are filed" in answer.headers["HX-Trigger"]
    assert not Action.objects.exists()
