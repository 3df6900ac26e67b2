"""Renewing a domain against the stand-in portals over HTTP: ordered at most once, done only when the expiry has moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from actions.declare import Refused
from actions.models import Action, Stage, State
from domains.actions.renew import wants_payment_method
from domains.models import Domain
from providers.errors import InvalidRequest
from sandbox.hostbill import orders as chain
from sandbox.hostbill.portal import CLIENT
from sandbox.portal import Portal
from sandbox.server import Sandbox
from sync.models import Change, ExpectedThing, Kind
from tests.accounts import people
from tests.domains.desk import carried, connect, log_of, looked_at, mirrored_domain, renew
from tests.factories import in_days, make_account, make_domain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(demo=False, seed=3, domains=6) as sandbox:
        yield sandbox


@pytest.fixture
def bob():
    return people.bob()


def first_domain(portal: Portal) -> Domain:
    record = min(portal.state.all("domains"), key=lambda one: str(one.get("id")))
    return mirrored_domain(connect(portal), record)


def orders(portal: Portal) -> int:
    return len(portal.state.all("orders"))


def year_on(day: date | None) -> date:
    assert day is not None
    return day.replace(year=day.year + 1)


def credit(portal: Portal, amount: str) -> None:
    with portal.lock:
        portal.state.edit("client", CLIENT)["credit"] = amount


def pay(portal: Portal, action: Action) -> None:
    with portal.lock:
        chain.settle(portal, action.result["invoice_id"])  # type: ignore[arg-type]
        portal.run_due_jobs()


def test_an_order_its_invoice_the_payment_and_then_the_expiry(box, bob):
    portal = box.cloudviet
    credit(portal, "0.00")
    domain = first_domain(portal)
    before = domain.expires_on
    filed = renew(domain, bob, "10000000")
    action = carried(filed.action)
    assert (action.state, action.stage) == (State.SUCCEEDED, Stage.INVOICE_UNPAID), (action.error, log_of(action))
    assert before is not None
    assert action.result["expires_before"] == before.isoformat()
    assert action.result["invoice_number"]
    assert Decimal(action.result["due"]) > 0
    assert orders(portal) == 1
    made = ExpectedThing.objects.get(action=action.pk)
    assert (made.kind, made.upstream_id) == (Kind.INVOICES, action.result["invoice_id"]), "it will appear as our doing"
    domain.refresh_from_db()
    assert domain.expires_on == before, "an order renews nothing yet"
    pay(portal, action)
    action = looked_at(action)
    assert action.stage == Stage.DONE
    domain.refresh_from_db()
    assert domain.expires_on == year_on(before)
    moved = Change.objects.get(resource=domain.resource, field="expires_on")
    assert moved.action == action.pk, "the change names its cause"


def test_the_portal_pays_from_credit_by_itself_and_the_credit_is_not_applied_twice(box, bob):
    portal = box.dns_services
    credit(portal, "5000.00")
    domain = first_domain(portal)
    action = carried(renew(domain, bob, "5000").action)
    assert (action.state, action.stage) == (State.SUCCEEDED, Stage.DONE), (action.error, log_of(action))
    assert not [one for one in box.requests if one.method == "POST" and one.path.endswith("/credit")]


def test_a_portal_that_insists_on_a_way_to_pay_gets_one_and_makes_one_order(box, bob):
    portal = box.dns_services
    portal.set(insists_on_payment_method=True)
    credit(portal, "5000.00")
    action = carried(renew(first_domain(portal), bob, "5000").action)
    assert (action.state, action.stage) == (State.SUCCEEDED, Stage.DONE), (action.error, log_of(action))
    assert orders(portal) == 1
    assert "way to pay named" in str(log_of(action))


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("Payment method is required", True),
        ("Please select payment method.", True),
        ("missing pay_method", True),
        ("No payment gateway selected", True),
        ("Order placed, payment method failed", False),
        ("Your payment method was declined; the order waits", False),
        ("The invoice could not be charged to your default payment method", False),
        ("Payment method is required; Order 17 created", False),
    ],
)
def test_only_a_portal_that_says_that_none_was_named_is_asked_again(words, wanted):
    assert wants_payment_method(InvalidRequest("Refused.", upstream_words=words)) is wanted


def test_credit_that_covers_it_is_applied_once(box, bob):
    portal = box.dns_services
    portal.set(auto_pay_from_credit=False)
    credit(portal, "5000.00")
    domain = first_domain(portal)
    action = carried(renew(domain, bob, "5000").action)
    assert (action.state, action.stage) == (State.SUCCEEDED, Stage.DONE), (action.error, log_of(action))
    assert action.result["credit"] == "applied"
    assert len([one for one in box.requests if one.method == "POST" and one.path.endswith("/credit")]) == 1


def test_credit_is_left_alone_where_it_does_not_cover_or_is_not_wanted(box, bob):
    portal = box.dns_services
    portal.set(auto_pay_from_credit=False)
    credit(portal, "1.00")
    first, second = [
        mirrored_domain(connect(portal, name), one)
        for name, one in zip("ab", portal.state.all("domains"), strict=False)
    ]
    action = carried(renew(first, bob, "5000").action)
    assert (action.stage, action.result["credit"]) == (Stage.INVOICE_UNPAID, "too little")
    assert "does not cover" in log_of(action)
    credit(portal, "5000.00")
    action = carried(renew(second, bob, "5000", use_credit=False).action)
    assert action.stage == Stage.INVOICE_UNPAID
    assert "credit" not in action.result
    assert not [one for one in box.requests if one.method == "POST" and one.path.endswith("/credit")]


def test_a_lost_answer_to_the_credit_leaves_the_renewal_accepted(box, bob):
    portal = box.dns_services
    portal.set(auto_pay_from_credit=False)
    credit(portal, "5000.00")
    domain = first_domain(portal)
    portal.fail("drop-after", method="POST", path="/credit$", remaining=1)
    action = carried(renew(domain, bob, "5000").action)
    assert (action.state, action.stage) == (State.SUCCEEDED, Stage.DONE), "the invoice was paid all the same"
    assert action.result["credit"] == "unknown"


def test_a_portal_that_renews_at_once(box, bob):
    portal = box.vps_org
    domain = first_domain(portal)
    before = domain.expires_on
    action = carried(renew(domain, bob, "100").action)
    assert (action.state, action.stage) == (State.SUCCEEDED, Stage.DONE), (action.error, log_of(action))
    domain.refresh_from_db()
    assert domain.expires_on == year_on(before)


@pytest.mark.parametrize("key", ["dns_services", "cloudviet", "vps_org"])
def test_an_answer_that_got_lost_is_found_and_nothing_is_ordered_again(box, bob, key):
    portal = getattr(box, key)
    domain = first_domain(portal)
    portal.fail("drop-after", method="POST", path="/renew/?$", remaining=1)
    action = carried(renew(domain, bob, "10000000").action)
    assert action.state == State.UNKNOWN, (action.error, log_of(action))
    again = renew(domain, bob, "10000000")
    assert (again.is_new, again.action.pk) == (False, action.pk), "the guard holds while nobody knows"
    action = looked_at(action)
    assert action.state == State.SUCCEEDED, log_of(action)
    assert action.stage in (Stage.DONE, Stage.INVOICE_UNPAID)
    assert len([one for one in box.requests if one.method == "POST" and "/renew" in one.path]) == 1
    if key != "vps_org":
        assert orders(portal) == 1
        assert action.stage == Stage.DONE or action.result["invoice_id"]


@pytest.mark.parametrize("key", ["cloudviet", "vps_org"])
def test_what_did_not_happen_is_believed_the_second_time_and_not_sent_again(box, bob, key):
    portal = getattr(box, key)
    domain = first_domain(portal)
    portal.fail("drop-before", method="POST", path="/renew/?$", remaining=1)
    action = carried(renew(domain, bob, "10000000").action)
    assert action.state == State.UNKNOWN
    assert looked_at(action).state == State.UNKNOWN, "one read is not enough"
    action = looked_at(action, later=True)
    assert action.state == State.FAILED
    assert len([one for one in box.requests if one.method == "POST" and "/renew" in one.path]) == 1
    assert renew(domain, bob, "10000000").is_new, "it may be asked for again now"


def test_a_500_that_hides_an_order_is_found_too(box, bob):
    portal = box.cloudviet
    domain = first_domain(portal)
    portal.fail("status", status=500, commit=True, method="POST", path="/renew$", remaining=1)
    action = carried(renew(domain, bob, "10000000").action)
    assert action.state == State.UNKNOWN
    assert looked_at(action).stage == Stage.INVOICE_UNPAID
    assert orders(portal) == 1


def test_a_price_that_rose_since_it_was_confirmed_orders_nothing(box, bob):
    portal = box.dns_services
    domain = first_domain(portal)
    action = carried(renew(domain, bob, "0.50").action)
    assert (action.state, action.error_code) == (State.FAILED, "price_rose")
    assert "0.50 DKK" in action.error
    assert orders(portal) == 0


def test_renewed_elsewhere_meanwhile(box, bob):
    portal = box.dns_services
    domain = first_domain(portal)
    filed = renew(domain, bob, "5000")
    with portal.lock:
        record = portal.state.edit("domains", domain.resource.upstream_id)
        record["expires"] = year_on(domain.expires_on).isoformat()
    action = carried(filed.action)
    assert (action.state, action.error_code) == (State.FAILED, "already_renewed")
    assert "Nothing was sent" in action.error
    assert orders(portal) == 0


def test_an_invoice_that_waits_already_is_to_be_paid_and_not_ordered_beside(box, bob):
    portal = box.cloudviet
    credit(portal, "0.00")
    domain = first_domain(portal)
    first = carried(renew(domain, bob, "10000000").action)
    # as if a colleague had ordered it at the portal itself: our ledger knows nothing of it
    Action.objects.all().delete()
    action = carried(renew(domain, bob, "10000000").action)
    assert (action.state, action.error_code) == (State.FAILED, "invoice_waits")
    assert first.result["invoice_number"] in action.error
    assert orders(portal) == 1


def test_a_cancelled_invoice_stands_still_and_says_so(box, bob):
    portal = box.cloudviet
    credit(portal, "0.00")
    domain = first_domain(portal)
    action = carried(renew(domain, bob, "10000000").action)
    with portal.lock:
        portal.state.edit("invoices", action.result["invoice_id"])["status"] = "Cancelled"
    action = looked_at(action)
    assert action.stage == Stage.STALLED
    assert "cancelled" in log_of(action)


def test_a_portal_that_can_not_be_reached_fails_with_nothing_sent(box, bob):
    portal = box.dns_services
    domain = first_domain(portal)
    filed = renew(domain, bob, "5000")
    domain.resource.account.base_url = "http://127.0.0.1:9/api"
    domain.resource.account.save()
    action = carried(filed.action)
    assert action.state == State.FAILED
    assert "Nothing was sent" in action.error


def test_a_second_renewal_in_a_row_is_another_one_once_the_first_took_effect(box, bob):
    portal = box.dns_services
    credit(portal, "5000.00")
    domain = first_domain(portal)
    assert carried(renew(domain, bob, "5000").action).stage == Stage.DONE
    domain.refresh_from_db()
    second = renew(domain, bob, "5000")
    assert second.is_new
    assert carried(second.action).stage == Stage.DONE
    assert orders(portal) == 2


@pytest.mark.parametrize("years", [0, 11, -1, "x", "1.5", True, None, 1e3, "9999999999"])
def test_years_are_whole_numbers_from_one_to_ten(years, bob):
    account = make_account(capabilities=["domains.renew", "domains.detail"])
    domain = make_domain(account=account)
    with pytest.raises(Refused) as refused:
        renew(domain, bob, "10", years=years)
    assert "years" in refused.value.fields


def test_without_a_readable_date_nobody_could_see_that_it_took_effect(bob):
    account = make_account(capabilities=["domains.renew", "domains.detail"])
    blind = make_domain(account=account, expires_on=None, unreadable=["expires_on"])
    with pytest.raises(Refused, match="no readable date"):
        renew(blind, bob, "10")
    stale = make_domain(account=account, unreadable=["expires_on"])
    with pytest.raises(Refused, match="no readable date"):
        renew(stale, bob, "10")
    by_due = make_domain(account=account, expires_on=None, next_due_on=in_days(20))
    assert renew(by_due, bob, "10").action.parameters["expires_on"] == in_days(20).isoformat()
