"""What leaves, when, to whom, and how often: over real SMTP, with time travelling."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from django.utils import timezone
from time_machine import Traveller

from accounts.models import AccountShare
from reminders import claim, plan
from reminders.deliver import Outcome, deliver
from reminders.models import Digest, Reminder, Rule, State, Subscription
from reminders.people import recipient_of
from tests.accounts import people
from tests.factories import make_account, make_customer, make_domain
from tests.reminders.desk import at, day, names, received, subjects, texts, tick

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[Traveller]:
    with time_machine.travel(at("2027-03-01T09:00"), tick=False) as travelled:
        yield travelled


def test_staff_and_administrators_get_a_digest_at_eight_and_readers_and_outsiders_do_not(clock, mails):
    alice, bob = people.alice(), people.bob()
    people.rita()
    people.charlie()
    clock.move_to(at("2027-03-02T07:59"))
    make_domain("acme.example", expires_on=day("2027-03-09"))
    tick()
    assert mails.mails() == []
    clock.move_to(at("2027-03-02T08:00"))
    tick()
    assert sorted(address for mail in mails.mails() for address in mail["to"]) == sorted([alice.email, bob.email])
    assert subjects(mails, alice) == ["acme.example lapses in 7 days"]


def test_thresholds_are_crossed_so_that_after_downtime_only_the_most_urgent_goes_out(clock, mails):
    alice = people.alice()
    make_domain("acme.example", expires_on=day("2027-04-30"))
    tick()
    assert len(texts(mails, alice)) == 1, "60 days before"
    clock.move_to(at("2027-04-28T09:30"))
    tick()
    assert subjects(mails, alice)[1:] == ["acme.example lapses in 2 days"]
    assert list(Reminder.objects.order_by("pk").values_list("distance", "state")) == [(60, "sent"), (3, "sent")]


def test_each_distance_is_told_once_however_often_beat_ticks(clock, mails):
    people.alice()
    make_domain("acme.example", expires_on=day("2027-03-15"))
    for _minute in range(3 * 24):
        tick()
        clock.shift(timedelta(hours=1))
    assert subjects(mails) == ["acme.example lapses in 14 days"]


def test_a_reminder_that_was_found_after_today_s_digest_waits_for_the_next(clock, mails):
    people.alice()
    make_domain("first.example", expires_on=day("2027-03-15"))
    tick()
    make_domain("second.example", expires_on=day("2027-03-02"))
    clock.shift(timedelta(hours=2))
    tick()
    assert len(mails.mails()) == 1
    clock.move_to(at("2027-03-02T08:00"))
    tick()
    assert subjects(mails)[1:] == ["second.example lapses today"]


def test_a_date_that_moved_in_the_mirror_calls_the_reminder_off(clock, mails):
    people.alice()
    clock.move_to(at("2027-03-02T01:00"))
    domain = make_domain("acme.example", expires_on=day("2027-03-05"))
    tick()
    assert Reminder.objects.get().state == State.DUE
    domain.resource.due_on = day("2028-03-05")
    domain.resource.save()
    clock.move_to(at("2027-03-02T08:01"))
    tick()
    row = Reminder.objects.get()
    assert (row.state, row.reason) == (State.CANCELLED, "The date moved to Sun 5 Mar 2028.")
    assert mails.mails() == []


@pytest.mark.usefixtures("clock")
def test_a_domain_without_a_date_starts_no_reminder_and_is_listed_beside_those_that_do(mails):
    people.alice()
    make_domain("blind.example", expires_on=None)
    tick()
    assert mails.mails() == []
    make_domain("doubtful.example", expires_on=day("2027-06-30"), unreadable=["next_due_on"])
    make_domain("left.example", expires_on=None, status="cancelled")
    make_domain("acme.example", expires_on=day("2027-03-15"))
    tick()
    (text,) = texts(mails)
    assert names(text) == ["acme.example"]
    unknown = text.partition("Date unknown")[2]
    assert "blind.example" in unknown
    assert "doubtful.example" in unknown
    assert "left.example" not in text


@pytest.mark.usefixtures("clock")
def test_what_has_left_is_gone_or_is_not_theirs_to_see_is_not_told(mails):
    alice, bob = people.alice(), people.bob()
    private = make_account("Private", open_to_staff=False)
    make_domain("private.example", expires_on=day("2027-03-04"), account=private)
    make_domain("gone.example", expires_on=day("2027-03-04"), gone_at=timezone.now())
    make_domain("left.example", expires_on=day("2027-03-04"), status="transferred_away")
    tick()
    assert [names(text) for text in texts(mails, alice)] == [["private.example"]]
    assert texts(mails, bob) == []
    AccountShare.objects.create(account=private, user=bob)
    tick()
    assert [names(text) for text in texts(mails, bob)] == [["private.example"]]


def test_what_was_planned_but_is_no_longer_theirs_is_not_told(clock, mails):
    bob = people.bob()
    clock.move_to(at("2027-03-02T01:00"))
    account = make_account()
    make_domain("acme.example", expires_on=day("2027-03-05"), account=account)
    tick()
    account.open_to_staff = False
    account.save()
    clock.move_to(at("2027-03-02T08:00"))
    assert deliver(bob.pk) is Outcome.NOTHING
    assert mails.mails() == []
    assert Reminder.objects.get().state == State.CANCELLED


def test_the_demo_is_never_mailed_about_beside_real_accounts(clock, mails):
    people.alice()
    demo = make_account("Demo", is_demo=True)
    make_domain("demo.example", expires_on=day("2027-03-08"), account=demo)
    tick()
    assert names(texts(mails)[0]) == ["demo.example"], "alone it is"
    make_domain("real.example", expires_on=day("2027-03-08"))
    make_domain("demo2.example", expires_on=day("2027-03-08"), account=demo)
    clock.move_to(at("2027-03-02T08:00"))
    tick()
    assert names(texts(mails)[1]) == ["real.example"]


def test_hours_are_those_of_the_person_s_zone_on_the_nights_when_clocks_change(clock, mails):
    alice = people.alice()
    alice.time_zone = "Europe/Copenhagen"
    alice.save()
    Subscription.objects.create(user=alice, hour=2)
    for number in range(4):
        make_domain(f"d{number}.example", expires_on=day("2027-04-03") + timedelta(days=number))
    # The first comes with the 14 days that all are within; then a week is crossed each night.
    came = {}
    moment = at("2027-03-26T00:00")
    while moment < at("2027-03-31T00:00"):
        clock.move_to(moment)
        before = len(mails.mails())
        tick()
        if len(mails.mails()) > before:
            came[moment.isoformat()[:16]] = len(mails.mails()) - before
        moment += timedelta(minutes=30)
    # Two at night do not exist on 28 March; an hour later is the nearest there is.
    assert list(came) == [f"2027-03-{night}:00" for night in ("26T01", "27T01", "28T01", "29T00", "30T00")]
    assert set(came.values()) == {1}


def test_an_hour_that_comes_twice_brings_one_digest(clock, mails):
    alice = people.alice()
    alice.time_zone = "Europe/Copenhagen"
    alice.save()
    Subscription.objects.create(user=alice, hour=2)
    make_domain("acme.example", expires_on=day("2027-11-01"))
    moment = at("2027-10-30T22:00")
    while moment < at("2027-10-31T06:00"):
        clock.move_to(moment)
        tick()
        moment += timedelta(minutes=15)
    assert len(mails.mails()) == 1
    digest = Digest.objects.get()
    assert (digest.day, digest.sent_at) == (day("2027-10-31"), at("2027-10-31T00:00"))


def test_a_person_can_switch_the_digest_off_and_a_rule_can_be_switched_off(clock, mails):
    alice, bob = people.alice(), people.bob()
    Subscription.objects.create(user=alice, active=False)
    make_domain("acme.example", expires_on=day("2027-03-05"))
    tick()
    assert [mail["to"] for mail in mails.mails()] == [[bob.email]]
    Rule.objects.update(active=False)
    make_domain("other.example", expires_on=day("2027-03-05"))
    clock.move_to(at("2027-03-02T08:00"))
    tick()
    assert len(mails.mails()) == 1


@pytest.mark.usefixtures("clock")
def test_the_subject_says_the_worst_and_the_lines_what_one_has_to_know(mails):
    people.alice()
    account = make_account("Agency at Cloudviet")
    make_domain("gone.example", expires_on=day("2027-02-27"), account=account)
    domain = make_domain(
        "acme.example",
        expires_on=day("2027-03-04"),
        account=account,
        auto_renew=False,
        customer=make_customer("Brøndby Blomster"),
    )
    make_domain("b.example", expires_on=day("2027-03-07"), account=account)
    make_domain("c.example", expires_on=day("2027-03-20"), account=account)
    tick()
    assert subjects(mails) == ["2 domains lapse within 7 days, 1 domain expired"]
    (text,) = texts(mails)
    assert names(text) == ["gone.example", "acme.example", "b.example", "c.example"]
    line = text.partition("  acme.example\n")[2].splitlines()
    facts = "Thu 4 Mar 2027 · in 3 days · Brøndby Blomster, at Agency at Cloudviet · auto-renew: Off"
    assert line[0].strip() == facts
    assert f"https://desk.example/domains/{domain.pk}/" in text


def test_a_claim_whose_holder_was_killed_is_taken_up_when_its_lease_is_over_and_sent_once(clock, mails):
    alice = people.alice()
    make_domain("acme.example", expires_on=day("2027-03-05"))
    plan.plan()
    person = recipient_of(alice)
    assert person is not None
    lost = claim.claim(person)
    assert lost is not None
    clock.shift(timedelta(minutes=5))
    assert tick() == []
    clock.shift(timedelta(minutes=6))
    assert tick() == [Outcome.SENT]
    assert not claim.still_held(lost), "the dead one's claim is worth nothing any more"
    assert not claim.mark_sent(lost, "late")
    clock.shift(timedelta(minutes=30))
    assert tick() == []
    assert len(mails.mails()) == 1
    assert Digest.objects.get().attempts == 2


def test_a_mail_that_left_but_was_not_recorded_leaves_again_under_the_same_message_id(clock, mails, monkeypatch):
    people.alice()
    make_domain("acme.example", expires_on=day("2027-03-05"))
    with monkeypatch.context() as patch:
        patch.setattr(claim, "mark_sent", killed)
        with pytest.raises(SystemExit):
            tick()
    clock.shift(timedelta(minutes=11))
    tick()
    ids = {mail["message_id"] for mail in received(mails)}
    assert len(mails.mails()) == 2
    assert len(ids) == 1


def killed(*_: object) -> bool:
    """As a power cut between the server's 250 and our commit."""
    raise SystemExit


def test_a_server_that_is_down_is_tried_again_with_growing_waits_and_said_in_words(clock, mails, settings):
    people.alice()
    make_domain("acme.example", expires_on=day("2027-03-05"))
    working, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    waits = []
    for _attempt in range(5):
        assert tick() == [Outcome.FAILED]
        digest = Digest.objects.get()
        waits.append(int((digest.next_attempt_at - timezone.now()).total_seconds() / 60))
        assert tick() == []
        clock.move_to(digest.next_attempt_at)
    assert waits == [1, 5, 15, 60, 60]
    assert digest.reason == "Nothing listens at the mail server's address 127.0.0.1:1. Check EMAIL_URL."
    assert Reminder.objects.get().state == State.FAILED
    settings.EMAIL_PORT = working
    assert tick() == [Outcome.SENT]
    assert Reminder.objects.get().state == State.SENT
    assert len(mails.mails()) == 1


def test_a_mail_that_fails_all_day_gives_its_reminders_to_the_next_day_s(clock, mails, settings):
    people.alice()
    make_domain("a.example", expires_on=day("2027-03-05"))
    make_domain("b.example", expires_on=day("2027-03-04"))
    working, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    tick()
    settings.EMAIL_PORT = working
    clock.move_to(at("2027-03-03T08:30"))
    tick()
    assert [names(text) for text in texts(mails)] == [["b.example", "a.example"]]
    told = list(Reminder.objects.order_by("resource__name", "pk").values_list("resource__name", "distance", "state"))
    assert told == [
        ("a.example", 7, "cancelled"),
        ("a.example", 3, "sent"),
        ("b.example", 3, "cancelled"),
        ("b.example", 1, "sent"),
    ]


def test_without_a_mail_server_nothing_is_planned_and_the_day_there_is_one_the_most_urgent_count(
    clock, mails, settings
):
    people.alice()
    make_domain("acme.example", expires_on=day("2027-03-15"))
    settings.HOLDFAST_MAIL_CONFIGURED = False
    assert tick() == []
    assert Reminder.objects.count() == 0
    clock.move_to(at("2027-03-14T09:00"))
    settings.HOLDFAST_MAIL_CONFIGURED = True
    tick()
    assert subjects(mails) == ["acme.example lapses tomorrow"]


@pytest.mark.usefixtures("clock", "mails")
def test_planning_costs_the_same_number_of_queries_however_many_things_there_are(django_assert_max_num_queries):
    people.alice()
    people.bob()
    account = make_account()
    make_domain(expires_on=day("2027-03-05"), account=account)
    plan.plan()
    with django_assert_max_num_queries(40) as few:
        plan.plan()
    for _number in range(60):
        make_domain(expires_on=day("2027-03-20"), account=account)
    with django_assert_max_num_queries(40) as first:
        assert plan.plan() == 120
    with django_assert_max_num_queries(40) as many:
        assert plan.plan() == 0
    assert len(many) == len(few)
    assert len(first) <= len(few) + 3


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_send_one_mail(mails):
    alice = people.alice()
    Subscription.objects.create(user=alice, hour=0)
    for number in range(20):
        make_domain(f"d{number}.example", expires_on=timezone.localdate() + timedelta(days=3))
    ready = threading.Barrier(2)
    outcomes = []

    def beat() -> None:
        try:
            ready.wait()
            plan.plan()
            outcomes.append(deliver(alice.pk))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=beat) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome.name for outcome in outcomes) == ["NOTHING", "SENT"]
    assert len(mails.mails()) == 1
    assert Reminder.objects.count() == 20
    assert Digest.objects.count() == 1
