"""The morning page: what needs somebody, in which order, and what is counted."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AccountShare, ProviderAccount
from accounts.standing import standings
from actions.models import Action
from portal.overview.desk import Desk
from portal.overview.figures import STRIP_DAYS, care, health, lapsing, strip
from portal.overview.needs import SHOWN, Need, When, needs
from portal.overview.piles import LOOSE, Pile, piled
from providers.resources import CertificateStatus, DomainStatus, InvoiceStatus, MachineStatus, TicketStatus
from sync.models import Change, Kind, Run, Schedule
from tests.accounts import people
from tests.factories import (
    in_days,
    make_account,
    make_certificate,
    make_customer,
    make_domain,
    make_invoice,
    make_machine,
    make_service,
    make_ticket,
)
from web import dates
from web.shell import Scope
from web.tones import Tone

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return people.alice()


@pytest.fixture
def morning(client, alice):
    """The page as Alice gets it, with its context."""
    client.force_login(alice)

    def get(address="/"):
        answer = client.get(address)
        assert answer.status_code == 200
        return answer

    return get


def told(user, scope=None):
    return [(need.when.name, need.name or str(need.what), str(need.go)) for need in needs(Desk.of(user, scope))]


def make_run(account, state, **columns):
    given = {"kind": Kind.DOMAINS, "finished_at": timezone.now(), **columns}
    # What has runs has a schedule.
    Schedule.objects.get_or_create(account=account, kind=given["kind"], defaults={"next_due_at": timezone.now()})
    return Run.objects.create(account=account, state=state, **given)


# --- each source --------------------------------------------------------------------------------------------------


def test_an_account_that_refuses_its_credential_stands_first(alice):
    account = make_account("Nordic DNS", state=ProviderAccount.State.REFUSED, state_reason="The password is wrong.")
    make_domain("late.example", account=account, expires_on=in_days(-1), auto_renew=False)
    first = needs(Desk.of(alice))[0]
    assert (first.when, first.name, first.why) == (When.NOW, "Nordic DNS", "The password is wrong.")
    assert first.url == f"/accounts/{account.pk}/"


def test_a_held_sync_waits_for_a_person(alice):
    run = make_run(make_account("Nordic DNS"), Run.State.HELD, kind=Kind.ZONES)
    assert told(alice) == [("NOW", "DNS zones vanished from a list", "Compare the lists")]
    assert needs(Desk.of(alice))[0].url == f"/syncs/{run.pk}/"
    make_run(run.account, Run.State.SUCCEEDED, kind=Kind.ZONES, list_requests=1)
    assert told(alice) == []


def test_failing_kinds_of_an_account_are_one_line(alice):
    account = make_account("Nordic DNS")
    for kind in (Kind.DOMAINS, Kind.TICKETS):
        make_run(account, Run.State.FAILED, kind=kind, error_code="unavailable")
    Schedule.objects.create(account=account, kind=Kind.ZONES, next_due_at=timezone.now())
    Schedule.objects.exclude(kind=Kind.ZONES).update(failures=1, failing_since=timezone.now())
    (line,) = needs(Desk.of(alice))
    assert (line.when, line.what) == (When.WEEK, "is not read: Domains, Tickets")
    assert str(line.why).startswith("Domains and Tickets can't be read since")
    account.state = ProviderAccount.State.PAUSED
    account.save()
    assert needs(Desk.of(alice)) == []


@pytest.mark.parametrize("status", [MachineStatus.STOPPED, MachineStatus.SUSPENDED, MachineStatus.FAILED])
def test_a_machine_that_is_down_needs_somebody_now(alice, status):
    make_machine("web-1", status=status.value, upstream_status="shut off")
    make_machine("web-2")
    (line,) = needs(Desk.of(alice))
    assert (line.when, line.tone, line.name, line.why) == (
        When.NOW, Tone.BROKEN, "web-1", "Its portal says: shut off.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "renews", "expected"),
    [
        (-5, True, ("NOW", "has lapsed")),
        (0, False, ("NOW", "will not renew")),
        (3, True, ("NOW", "expires and is not renewed yet")),
        (4, True, None),
        (4, None, ("WEEK", "expires")),
        (7, False, ("WEEK", "will not renew")),
        (8, False, ("SOON", "will not renew")),
        (30, False, ("SOON", "will not renew")),
        (31, False, None),
    ],
)
def test_a_domain_is_told_by_its_day_and_by_whether_it_renews(alice, days, renews, expected):
    make_domain("name.example", expires_on=in_days(days), auto_renew=renews)
    found = [(need.when.name, str(need.what)) for need in needs(Desk.of(alice))]
    assert found == ([expected] if expected else [])


def test_a_domain_that_left_us_lapses_in_silence(alice):
    for status in (DomainStatus.CANCELLED, DomainStatus.TRANSFERRED_AWAY):
        make_domain(expires_on=in_days(-3), auto_renew=False, status=status.value)
    assert needs(Desk.of(alice)) == []


def test_an_unpaid_invoice_is_told_a_week_before_its_day(alice):
    make_invoice("2026/1", due_on=in_days(-1), total=Decimal("1299000"), currency="VND")
    make_invoice("2026/2", due_on=in_days(7), total=None)
    make_invoice("2026/3", due_on=in_days(8))
    make_invoice("2026/4", due_on=in_days(-1), status=InvoiceStatus.PAID.value)
    late, week = needs(Desk.of(alice))
    assert (late.when, late.tone, str(late.what)) == (When.NOW, Tone.BROKEN, "is not paid, 1,299,000 VND")
    assert (week.when, week.name, str(week.what)) == (When.WEEK, "2026/2", "is not paid, an amount not said")


def test_an_answered_ticket_waits_for_us(alice):
    ticket = make_ticket("Transfer stuck", status=TicketStatus.ANSWERED.value)
    make_ticket("Still with them")
    assert told(alice) == [("WEEK", "Transfer stuck", "Read the answer")]
    assert needs(Desk.of(alice))[0].url == f"/support/tickets/{ticket.pk}/"


def test_a_certificate_is_told_a_month_before_it_ends(alice):
    make_certificate("www.ended.example", expires_on=in_days(-1))
    make_certificate("www.soon.example", expires_on=in_days(30))
    make_certificate("www.later.example", expires_on=in_days(31))
    make_certificate("www.off.example", expires_on=in_days(2), status=CertificateStatus.CANCELLED.value)
    assert [(need.when.name, need.name) for need in needs(Desk.of(alice))] == [
        ("NOW", "www.ended.example"), ("SOON", "www.soon.example"),
    ]  # fmt: skip


# --- order and length -----------------------------------------------------------------------------------------------


def test_the_worst_stands_first_within_each_heading(alice):
    account = make_account()
    make_ticket("An answer", account=account, status=TicketStatus.ANSWERED.value)
    make_domain("week.example", account=account, expires_on=in_days(6), auto_renew=False)
    make_invoice("2026/9", account=account, due_on=in_days(-2))
    make_domain("tomorrow.example", account=account, expires_on=in_days(1), auto_renew=False)
    make_domain("gone.example", account=account, expires_on=in_days(-9), auto_renew=False)
    make_machine("web-1", account=account, status=MachineStatus.STOPPED.value)
    assert [name for _when, name, _go in told(alice)] == [
        "web-1", "gone.example", "2026/9", "tomorrow.example", "week.example", "An answer",
    ]  # fmt: skip


def test_a_source_shows_five_lines_and_tells_the_rest_after_them(alice):
    account = make_account()
    for number in range(SHOWN + 3):
        make_domain(f"d{number}.example", account=account, expires_on=in_days(10 + number), auto_renew=False)
    make_certificate("www.example", account=account, expires_on=in_days(12))
    lines = needs(Desk.of(alice))
    assert [need.name or need.what for need in lines] == [
        "d0.example", "d1.example", "d2.example", "d3.example", "d4.example", "3 more domains lapse", "www.example",
    ]  # fmt: skip
    assert lines[SHOWN].url.startswith("/domains/?view=")


def test_the_lines_of_the_rest_lead_to_lists_of_exactly_such_things(client, alice):
    fill(make_account(), SHOWN + 1)
    fill_fine(make_account())
    client.force_login(alice)
    rest = [need for need in needs(Desk.of(alice)) if str(need.go) == "Show them"]
    assert len(rest) == 5
    for need in rest:
        rows = client.get(need.url).context["table"].data.data
        assert len(rows) == SHOWN + 1, need.url


def test_an_account_that_fails_says_since_when_and_what():
    account = make_account()
    noon = timezone.now().replace(hour=12, minute=5)
    for kind, failures in ((Kind.DOMAINS, 1), (Kind.TICKETS, 0)):
        Schedule.objects.create(
            account=account, kind=kind, supported=True, last_complete_at=timezone.now(), failures=failures,
            failing_since=noon if failures else None, next_due_at=timezone.now(),
        )  # fmt: skip
    assert stands(account)[1] == "Domains: fails"
    Schedule.objects.update(failures=1, failing_since=noon)
    assert stands(account)[1] == f"Fails since {dates.moment(noon)}"


def test_a_day_of_the_strip_leads_to_what_lapses_on_it(client, alice):
    account = make_account()
    make_domain("that-day.example", account=account, expires_on=in_days(20))
    make_domain("other-day.example", account=account, expires_on=in_days(21))
    desk = Desk.of(alice)
    client.force_login(alice)
    page = client.get(strip(lapsing(desk), desk.today).days[0].url).content.decode()
    assert "that-day.example" in page
    assert "other-day.example" not in page


def test_one_that_is_left_over_is_told_in_the_singular(alice):
    account = make_account()
    for _number in range(SHOWN + 1):
        make_machine(account=account, status=MachineStatus.FAILED.value)
    assert str(needs(Desk.of(alice))[-1].what) == "1 more machine is down"


def test_many_lines_of_one_sort_are_one_pile_that_counts_every_thing(morning):
    account = make_account()
    for number in range(SHOWN + 2):
        make_domain(f"d{number}.example", account=account, expires_on=in_days(-20 + number), auto_renew=False)
    for _number in range(LOOSE):
        make_machine(account=account, status=MachineStatus.FAILED.value)
    answer = morning()
    ((_heading, count, lines),) = answer.context["groups"]
    assert count == SHOWN + 2 + LOOSE
    assert [type(line) for line in lines] == [Need] * LOOSE + [Pile]
    pile = lines[-1]
    assert (pile.what, pile.names) == ("7 domains have lapsed", "d0.example, d1.example, d2.example and 4 more")
    assert [need.name or need.what for need in pile.lines][-2:] == ["d4.example", "2 more domains lapse"]
    page = answer.content.decode()
    assert "10 things need you, 10 of them now." in page
    assert page.count('class="hf-need"') == LOOSE + 1 + len(pile.lines)


def test_lines_that_are_not_equally_bad_make_no_pile(alice):
    account = make_account()
    for days in (-2, -1, 1, 2):
        make_domain(f"d{days}.example", account=account, expires_on=in_days(days), auto_renew=False)
    assert piled(needs(Desk.of(alice))) == needs(Desk.of(alice))


def test_the_links_beside_the_list_keep_the_scope(morning):
    account = make_account()
    make_domain("a.example", account=account, expires_on=in_days(20))
    make_invoice(account=account, due_on=in_days(3))
    page = morning(f"/?scope=account:{account.pk}").content.decode()
    assert f'href="/billing/?view=to-pay&amp;scope=account:{account.pk}"' in page
    assert f'href="/domains/?day={in_days(20).isoformat()}&amp;scope=account:{account.pk}"' in page


def test_the_lead_counts_and_says_when_nothing_is_wrong(morning):
    make_account()
    page = morning().content.decode()
    assert "Nothing needs you." in page
    make_machine("web-1", status=MachineStatus.STOPPED.value)
    assert "1 thing needs you, 1 now." in morning().content.decode()


def test_nothing_to_do_names_the_next_date(morning):
    make_domain("far.example", expires_on=in_days(77), auto_renew=True)
    assert "far.example" in morning().content.decode()


# --- scope, visibility, roles ---------------------------------------------------------------------------------------


def test_the_scope_narrows_everything_to_an_account_or_a_customer(alice, morning):
    ours, theirs, customer = make_account("Ours"), make_account("Theirs"), make_customer("Nordlys")
    make_domain("a.example", account=ours, customer=customer, expires_on=in_days(2), auto_renew=False)
    make_domain("b.example", account=theirs, expires_on=in_days(2), auto_renew=False)
    make_invoice("2026/1", account=theirs, due_on=in_days(3), total=Decimal(50))
    make_account("Locked", state=ProviderAccount.State.REFUSED)
    assert [name for _w, name, _g in told(alice, Scope("account", str(ours.pk)))] == ["a.example"]
    assert [name for _w, name, _g in told(alice, Scope("customer", str(customer.pk)))] == ["a.example"]
    context = morning(f"/?scope=customer:{customer.pk}").context
    assert (context["care"].domains, context["care"].customers, context["due"]) == (1, 1, [])
    assert context["strip"].total == 1
    for nonsense in ("account:999999", "customer:999999", "account:x", "account:9" + "9" * 30):
        assert morning(f"/?scope={nonsense}").context["care"].domains == 0, nonsense


def test_somebody_sees_nothing_of_an_account_that_is_not_theirs(client):
    private = make_account("Private", open_to_staff=False)
    make_account("Open")
    make_domain("secret.example", account=private, expires_on=in_days(-1), auto_renew=False)
    make_invoice("2026/1", account=private, due_on=in_days(1))
    rita, bob = people.rita(), people.bob()
    AccountShare.objects.create(account=private, user=bob)
    client.force_login(bob)
    assert "secret.example" in client.get("/").content.decode()
    client.force_login(rita)
    page = client.get("/")
    assert "secret.example" not in page.content.decode()
    assert page.context["due"] == []
    assert "Private" not in page.content.decode()


def test_without_a_role_the_page_says_whom_to_ask(client):
    make_domain("a.example")
    client.force_login(people.charlie())
    page = client.get("/").content.decode()
    assert "see nothing yet" in page
    assert "a.example" not in page


def test_without_an_account_the_page_says_how_to_begin(client):
    client.force_login(people.alice())
    page = client.get("/").content.decode()
    assert "No account is connected yet" in page
    assert "/accounts/connect/" in page


# --- figures --------------------------------------------------------------------------------------------------------


def test_money_due_stands_per_currency_and_is_never_converted(morning):
    account = make_account()
    make_invoice(account=account, due_on=in_days(-3), total=Decimal("10.50"))
    make_invoice(account=account, due_on=in_days(3), total=Decimal("20.00"))
    make_invoice(account=account, due_on=in_days(20), total=Decimal("30.00"))
    make_invoice(account=account, due_on=in_days(40), total=Decimal("99.00"))
    make_invoice(account=account, due_on=in_days(2), total=Decimal(1299000), currency="VND")
    make_invoice(account=account, due_on=in_days(2), total=Decimal(7), currency="")
    lines = {line.currency: (line.overdue, line.week, line.month) for line in morning().context["due"]}
    assert lines == {
        "": (0, 7, 7),
        "USD": (Decimal("10.50"), Decimal("20.00"), Decimal("50.00")),
        "VND": (0, 1299000, 1299000),
    }


def test_the_strip_draws_ninety_days_six_marks_a_day_and_counts_all(alice):
    account = make_account()
    for _number in range(8):
        make_domain(account=account, expires_on=in_days(20), auto_renew=False)
    make_domain(account=account, expires_on=in_days(2), auto_renew=False)
    make_domain(account=account, expires_on=in_days(STRIP_DAYS), auto_renew=True)
    make_domain(account=account, expires_on=in_days(STRIP_DAYS + 1))
    make_domain(account=account, expires_on=in_days(-1))
    make_service(account=account, next_due_on=in_days(20))
    desk = Desk.of(alice)
    drawn = strip(lapsing(desk), desk.today)
    assert (drawn.total, drawn.by_tone) == (11, {"ok": 2, "soon": 8, "urgent": 1})
    assert [len(day.marks) for day in drawn.days] == [1, 6, 1]
    assert drawn.days[1].words.endswith("+6)")
    assert drawn.days[1].url == f"/domains/?day={in_days(20).isoformat()}"
    assert all(0 <= mark.x <= 332 and mark.y >= 0 for day in drawn.days for mark in day.marks)


def test_the_bars_of_an_account_are_as_its_runs_of_a_day_went():
    account = make_account("Nordic DNS")
    now = timezone.now()
    Schedule.objects.create(account=account, kind=Kind.DOMAINS, next_due_at=now, last_complete_at=now)
    make_run(account, Run.State.SUCCEEDED, finished_at=now - timedelta(hours=9))
    make_run(account, Run.State.FAILED, finished_at=now - timedelta(hours=3, minutes=5))
    make_run(account, Run.State.SUCCEEDED, finished_at=now - timedelta(hours=25))
    (line,) = health([account], standings([account]), now)
    assert line.bars == [(80.0, "urgent"), (56.0, "fine")]


def test_an_account_is_well_again_once_the_same_kind_was_read():
    account = make_account()
    Schedule.objects.create(
        account=account, kind=Kind.DOMAINS, supported=True, last_complete_at=timezone.now(), next_due_at=timezone.now()
    )
    make_run(account, Run.State.HELD)
    assert stands(account) == (Tone.URGENT, "1 sync held")
    make_run(account, Run.State.PARTIAL)
    assert stands(account) == (Tone.SOON, "In step, rows skipped")
    make_run(account, Run.State.SUCCEEDED)
    assert stands(account) == (Tone.FINE, "In step")


def stands(account):
    (line,) = health([account], standings([account]))
    return line.standing.tone, line.standing.label


# --- the demo beside real accounts ----------------------------------------------------------------------------------


@pytest.fixture
def demo():
    account = make_account("Cloudviet (demo)", is_demo=True)
    make_domain(
        "demo.example", account=account, expires_on=in_days(1), auto_renew=False, customer=make_customer("Demo")
    )
    make_invoice("D/1", account=account, due_on=in_days(1), total=Decimal(100))
    make_machine("demo-vm", account=account, status=MachineStatus.STOPPED.value)
    Change.objects.create(
        resource=make_domain(account=account).resource, field="status", old="a", new="b", at=timezone.now()
    )
    return account


def figures(page):
    context = page.context
    return (
        sum(count for _heading, count, _lines in context["groups"]),
        [line.total for line in context["due"]],
        context["strip"].total,
        context["care"].domains,
        len(context["changes"]),
    )


@pytest.mark.usefixtures("demo")
def test_alone_the_demo_counts_like_any_account(morning):
    page = morning()
    assert figures(page) == (3, [100], 1, 2, 1)
    assert "Remove the demo" not in page.content.decode()


@pytest.mark.usefixtures("demo")
def test_beside_a_real_account_the_demo_is_counted_nowhere_and_its_removal_offered(morning):
    make_invoice("R/1", account=make_account("Real"), due_on=in_days(20), total=Decimal(7))
    page = morning()
    assert figures(page) == (0, [7], 0, 0, 0)
    text = page.content.decode()
    assert "The demo is still on this desk" in text
    assert "/accounts/remove-demo/" in text
    assert "Cloudviet (demo)" in text, "its health is shown, as that of every account"


def test_a_scope_that_names_the_demo_shows_it(demo, morning, alice):
    make_account("Real")
    assert figures(morning(f"/?scope=account:{demo.pk}")) == (3, [100], 1, 2, 1)
    customer = demo.resources.exclude(customer=None).get().customer
    assert care(Desk.of(alice, Scope("customer", str(customer.pk)))).domains == 1


@pytest.mark.usefixtures("demo")
def test_only_administrators_are_offered_the_removal(client):
    make_account("Real")
    client.force_login(people.rita())
    page = client.get("/").content.decode()
    assert "The demo is still on this desk" in page
    assert "/accounts/remove-demo/" not in page


@pytest.mark.usefixtures("demo")
def test_a_real_account_that_a_person_may_not_see_does_not_empty_their_desk(client):
    make_account("Private", open_to_staff=False)
    client.force_login(people.rita())
    assert figures(client.get("/"))[1] == [100]


def test_the_totals_of_billing_leave_the_demo_out_beside_real_invoices(demo, client, alice):
    client.force_login(alice)
    assert [line.total for line in client.get("/billing/").context["due_totals"]] == [100]
    make_invoice("R/1", account=make_account("Real"), total=Decimal(7))
    context = client.get("/billing/").context
    assert [line.total for line in context["due_totals"]] == [7]
    assert [line.account for line in context["due_lines"]] == ["Real"]
    narrowed = client.get(f"/billing/?scope=account:{demo.pk}").context
    assert [line.total for line in narrowed["due_totals"]] == [100]


# --- cost -----------------------------------------------------------------------------------------------------------


def fill(account, number):
    for _number in range(number):
        make_domain(account=account, expires_on=in_days(5), auto_renew=False)
        make_invoice(account=account, due_on=in_days(5))
        make_ticket(account=account, status=TicketStatus.ANSWERED.value)
        make_machine(account=account, status=MachineStatus.STOPPED.value)
        make_certificate(account=account, expires_on=in_days(5))


def fill_fine(account):
    make_domain(account=account)
    make_invoice(account=account, status=InvoiceStatus.PAID.value)
    make_ticket(account=account)
    make_machine(account=account)
    make_certificate(account=account)


def test_the_page_costs_the_same_queries_for_few_things_and_for_many(morning, django_assert_max_num_queries):
    account = make_account()
    fill(account, SHOWN + 1)
    morning()
    with django_assert_max_num_queries(40) as few:
        morning()
    for _number in range(3):
        fill(make_account(), 12)
    with django_assert_max_num_queries(40) as many:
        morning()
    assert len(many) == len(few)


def test_a_page_without_trouble_is_cheaper(morning, django_assert_max_num_queries):
    make_domain(account=make_account())
    morning()
    with django_assert_max_num_queries(35):
        morning()


def test_decisions_that_only_a_person_settles_stand_on_the_morning_page(morning, alice):
    domain = make_domain("nordlys.example")
    given: dict[str, Any] = {
        "account": domain.resource.account,
        "resource": domain.resource,
        "kind": "domain.renew",
        "actor": alice,
    }
    made = [
        Action.objects.create(summary=f"Renew {number}", target="nordlys.example", **columns, **given)
        for number, columns in enumerate[dict[str, Any]](
            [
                {"state": "unknown", "error": "No answer came.", "sent_at": timezone.now()},
                {"state": "succeeded", "stage": "stalled", "moved_at": timezone.now()},
                {"state": "succeeded", "stage": "paid"},
                {"state": "failed"},
            ]
        )
    ]
    lines = [line for line in told(alice) if line[2] in ("Settle it", "See where it stands")]
    assert lines == [
        ("NOW", "Did it happen? Renew 0", "Settle it"),
        ("NOW", "Renew 1: stands still", "See where it stands"),
    ]
    page = morning().content.decode()
    assert "No answer came." in page
    assert f'/actions/{made[0].pk}/"' in page
    for number in range(SHOWN):
        Action.objects.create(summary=f"More {number}", target="x", state="unknown", **given)
    assert ("NOW", "2 more actions wait for you", "Show them") in told(alice)
