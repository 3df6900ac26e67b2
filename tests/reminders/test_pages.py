"""The pages, the API, the test mail; and who may what there."""

from __future__ import annotations

import smtplib
import socket
import ssl
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts import tokens
from accounts.models import AccountShare, AuditEntry
from reminders import mail
from reminders.models import Digest, Reminder, Rule, State, Subscription
from reminders.people import recipient_of, subscription_of
from tests.accounts import people
from tests.factories import in_days, make_account, make_customer, make_domain
from tests.reminders.desk import received, subjects, texts, tick

pytestmark = pytest.mark.django_db

LIST = reverse("reminders:reminder-list")
SETTINGS = reverse("reminders:settings")


@pytest.fixture
def sent(mails):
    """Alice and Bob were told of one domain each may see; another is Alice's alone."""
    alice, bob = people.alice(), people.bob()
    for person in (alice, bob):
        Subscription.objects.create(user=person, hour=0)
    make_domain("shared.example", expires_on=in_days(5))
    make_domain("private.example", expires_on=in_days(5), account=make_account("Private", open_to_staff=False))
    tick()
    assert len(mails.mails()) == 2
    return alice, bob


def test_the_first_rule_is_there_from_the_start():
    rule = Rule.objects.get()
    assert (rule.what, rule.active, rule.distances) == ("domains", True, [60, 30, 14, 7, 3, 1, 0, -1, -3])


def test_people_see_their_own_reminders_and_administrators_everybody_s(client, sent):
    alice, bob = sent
    client.force_login(alice)
    page = client.get(LIST).content.decode()
    assert page.count("shared.example") >= 2
    assert "bob@agency.example" in page or "Bob" in page
    client.force_login(bob)
    page = client.get(LIST).content.decode()
    assert "shared.example" in page
    assert "private.example" not in page
    assert "Alice" not in page
    client.force_login(people.charlie())
    assert "shared.example" not in client.get(LIST).content.decode()


@pytest.mark.usefixtures("mails")
def test_what_a_person_may_no_longer_see_leaves_their_list(client):
    bob = people.bob()
    Subscription.objects.create(user=bob, hour=0)
    account = make_account("Private", open_to_staff=False)
    AccountShare.objects.create(account=account, user=bob)
    make_domain("private.example", expires_on=in_days(5), account=account)
    tick()
    client.force_login(bob)
    assert "private.example" in client.get(LIST).content.decode()
    AccountShare.objects.all().delete()
    assert "private.example" not in client.get(LIST).content.decode()


def test_the_tabs_part_what_was_sent_from_what_is_coming_what_failed_and_what_was_called_off(client, sent):
    alice, _bob = sent
    client.force_login(alice)
    rows = list(Reminder.objects.filter(recipient=alice).order_by("pk"))
    for row, state in zip(rows, (State.DUE, State.FAILED), strict=True):
        Reminder.objects.filter(pk=row.pk).update(state=state, sent_at=None, reason="The mail server said no.")
    for view, seen in (("coming", 1), ("failed", 1), ("sent", 1), ("cancelled", 0)):
        answer = client.get(LIST, {"view": view})
        assert len(answer.context["table"].page.object_list.data) == seen, view


@pytest.mark.usefixtures("mails")
def test_the_list_costs_the_same_number_of_queries_however_long_it_is(client, django_assert_max_num_queries):
    alice = people.alice()
    Subscription.objects.create(user=alice, hour=0)
    client.force_login(alice)
    account = make_account()
    make_domain(expires_on=in_days(5), account=account)
    tick()
    client.get(LIST)
    with django_assert_max_num_queries(60) as few:
        client.get(LIST)
    for _number in range(30):
        make_domain(expires_on=in_days(6), account=account)
    tick()
    with django_assert_max_num_queries(60) as many:
        client.get(LIST)
    assert len(many) == len(few)


@pytest.mark.usefixtures("mails")
def test_the_days_to_come_are_told_by_what_crosses_them(client):
    alice = people.alice()
    client.force_login(alice)
    make_domain("ahead.example", expires_on=in_days(40))
    page = client.get(LIST).content.decode()
    assert "In the next 30 days" in page
    assert "ahead.example" in page
    assert "30 days before" in page


def test_the_api_lists_one_s_own(client, sent):
    alice, bob = sent
    assert client.get("/api/v1/reminders/").status_code == 401
    headers = {"Authorization": f"Bearer {tokens.make(bob)[1]}"}
    (row,) = client.get("/api/v1/reminders/", headers=headers).json()["results"]
    assert (row["name"], row["state"], row["distance"], row["recipient"]) == ("shared.example", "sent", 7, bob.email)
    assert row["due_on"] == in_days(5).isoformat()
    assert {"id", "account", "upstream_id", "sent_at", "channel"} <= row.keys()
    assert client.get("/api/v1/reminders/?status=due", headers=headers).json()["results"] == []
    assert client.get("/api/v1/reminders/?nonsense=1", headers=headers).status_code == 400
    assert client.post("/api/v1/reminders/", {}, headers=headers).status_code in (403, 405)
    other = Reminder.objects.get(recipient=alice, resource__name="shared.example")
    assert client.get(f"/api/v1/reminders/{other.pk}/", headers=headers).status_code == 404
    headers = {"Authorization": f"Bearer {tokens.make(people.charlie())[1]}"}
    assert client.get("/api/v1/reminders/", headers=headers).json()["results"] == []


def test_a_person_sets_their_own_digest(client):
    rita = people.rita()
    client.force_login(rita)
    assert not subscription_of(rita).active, "readers get none until they ask"
    assert client.post(reverse("reminders:digest"), {"active": "on", "hour": "22"}).status_code == 302
    person = recipient_of(rita)
    assert person is not None
    assert person.hour == 22
    assert client.post(reverse("reminders:digest"), {"active": "on", "hour": "24"}).status_code == 422
    assert client.post(reverse("reminders:digest"), {"hour": "7"}).status_code == 302
    assert recipient_of(rita) is None


def test_who_has_no_role_gets_no_digest_even_when_they_ask(client):
    charlie = people.charlie()
    client.force_login(charlie)
    assert client.post(reverse("reminders:digest"), {"active": "on", "hour": "7"}).status_code == 403
    Subscription.objects.create(user=charlie, active=True)
    assert recipient_of(charlie) is None


def test_only_administrators_change_the_rule_and_it_is_recorded(client):
    rule = Rule.objects.get()
    url = reverse("reminders:rule", args=[rule.pk])
    for person in (people.bob(), people.rita(), people.charlie()):
        client.force_login(person)
        assert client.post(url, {"active": "on", "distances": "5"}).status_code == 403
        assert "Save the rule" not in client.get(SETTINGS).content.decode()
    client.force_login(people.alice())
    assert client.post(url, {"active": "on", "distances": "−2; 10 90,10"}).status_code == 302
    rule.refresh_from_db()
    assert rule.distances == [90, 10, -2]
    assert AuditEntry.objects.filter(event="reminder_rule_changed", who="alice@agency.example").count() == 1


@pytest.mark.parametrize("wrong", ["", "soon", "7.5", "400", ",".join(map(str, range(21))), "1e3", "٧"])
def test_distances_that_make_no_sense_are_refused_under_their_field(client, wrong):
    rule = Rule.objects.get()
    client.force_login(people.alice())
    answer = client.post(reverse("reminders:rule", args=[rule.pk]), {"active": "on", "distances": wrong})
    assert answer.status_code == 422
    assert f'id="rule_{rule.pk}_distances_error"' in answer.content.decode()
    rule.refresh_from_db()
    assert rule.distances[0] == 60


def test_a_test_mail_goes_to_the_person_s_own_address_and_readers_can_t_send_one(client, mails):
    bob = people.bob()
    client.force_login(bob)
    answer = client.post(reverse("reminders:test-mail"), {"to": "victim@example.com"}, follow=True)
    assert "took a test mail for bob@agency.example" in answer.content.decode()
    assert [told["to"] for told in received(mails)] == [[bob.email]]
    client.force_login(people.rita())
    assert client.post(reverse("reminders:test-mail")).status_code == 403


def test_the_command_sends_a_test_mail_or_says_why_not(mails, settings):
    said = StringIO()
    call_command("test_mail", "bob@agency.example", stdout=said)
    assert "took the test mail for bob@agency.example" in said.getvalue()
    assert subjects(mails) == ["Test mail from Holdfast"]
    settings.EMAIL_PORT = 1
    with pytest.raises(CommandError, match="Nothing listens at the mail server's address"):
        call_command("test_mail", "bob@agency.example")
    with pytest.raises(CommandError, match="is no e-mail address"):
        call_command("test_mail", "bob@agency.example\nBcc: victim@example.com")
    settings.HOLDFAST_MAIL_CONFIGURED = False
    with pytest.raises(CommandError, match="No mail server is set up"):
        call_command("test_mail", "bob@agency.example")


@pytest.mark.usefixtures("mails")
def test_without_a_mail_server_the_overview_says_in_red_that_no_reminder_can_leave(client, settings):
    make_domain()
    client.force_login(people.alice())
    red = '<div class="hf-note broken" role="status">'
    assert "no reminder can leave" not in client.get("/").content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    for url in ("/", LIST, SETTINGS):
        page = client.get(url).content.decode()
        assert red in page
        assert "No mail server is set up, so no reminder can leave." in page
    assert "no reminder can leave" not in client.get("/domains/").content.decode()


@pytest.mark.usefixtures("mails")
def test_the_demo_s_mail_page_is_linked_and_in_red_beside_real_accounts(client, settings):
    settings.HOLDFAST_DEMO_MAIL_URL = "http://127.0.0.1:8105/"
    make_domain(account=make_account("Demo", is_demo=True))
    client.force_login(people.alice())
    page = client.get("/").content.decode()
    assert 'href="http://127.0.0.1:8105/"' in page
    assert "hf-note broken" not in page
    make_domain()
    page = client.get("/").content.decode()
    assert "hf-note broken" in page
    assert "only the demo&#x27;s mail page" in page


def test_hostile_names_reach_neither_the_headers_nor_the_markup(mails):
    alice = people.alice()
    Subscription.objects.create(user=alice, hour=0)
    name = "evil.example\r\nBcc: victim@example.com\r\n\r\n<script>alert(1)</script>\u202egnp.exe"
    customer = make_customer("<img src=x>\nX-Evil: 1")
    domain = make_domain("evil.example", expires_on=in_days(3), customer=customer)
    domain.resource.name = name
    domain.resource.save()
    tick()
    (record,) = mails.mails()
    assert record["to"] == [alice.email]
    head, _blank, _body = record["raw"].replace("\r\n", "\n").partition("\n\n")
    assert not any(line.lower().startswith(("bcc:", "x-evil:")) for line in head.splitlines())
    (told,) = received(mails)
    assert told["subject"].startswith("evil.example Bcc: victim@example.com <script>")
    assert "\n" not in told["subject"]
    assert "\u202e" not in told["text"] + told["subject"] + told["html"]
    assert "<script" not in told["html"]
    assert "<img" not in told["html"]
    assert "&lt;script&gt;" in told["html"]
    assert not any(line.startswith("Bcc:") for line in texts(mails)[0].splitlines())


@pytest.mark.usefixtures("sent")
def test_the_html_brings_nothing_from_elsewhere(mails):
    html = received(mails)[0]["html"]
    for way in ("src=", "<link", "<style", "url(", "<script", "<img", "<form"):
        assert way not in html


def test_names_in_other_scripts_arrive_as_they_are_written(mails):
    Subscription.objects.create(user=people.alice(), hour=0)
    make_domain("xn--phvit-471btc.vn", expires_on=in_days(3))
    tick()
    (told,) = received(mails)
    assert told["subject"].startswith("phốviệt.vn lapses")
    assert "phốviệt.vn" in told["text"]


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 bad secret hunter2"), "refused the login"),
        (smtplib.SMTPRecipientsRefused({"a@b.c": (550, b"no such\r\nuser")}), "It said: 550 no such user"),
        (smtplib.SMTPSenderRefused(553, b"not yours", "x@y.z"), "Check HOLDFAST_MAIL_FROM"),
        (smtplib.SMTPDataError(554, b"spam"), "did not take the mail. It said: 554 spam"),
        (smtplib.SMTPServerDisconnected("x"), "may have left all the same"),
        (smtplib.SMTPNotSupportedError("STARTTLS not supported"), "lacks what EMAIL_URL asks for"),
        (ssl.SSLError("WRONG_VERSION_NUMBER"), "smtp+tls:// or smtp+ssl://"),
        (socket.gaierror(-2, "x"), "can't be found"),
        (TimeoutError(), "did not answer in time"),
        (OSError(113, "No route to host"), "can't be reached"),
        (ValueError("header"), "the sender or the address makes no sense"),
    ],
)
def test_errors_of_the_mail_server_become_sentences_without_secrets(settings, error, says):
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_HOST_PASSWORD = "mx.example", 587, "hunter2"
    sentence = mail.sentence_of(error)
    assert says in sentence
    assert "hunter2" not in sentence
    assert "\n" not in sentence


def test_a_mail_that_did_not_leave_is_told_on_the_page(client, sent, settings):
    alice, _bob = sent
    settings.EMAIL_PORT = 1
    make_domain("later.example", expires_on=in_days(3))
    Reminder.objects.all().delete()
    Digest.objects.all().delete()
    tick()
    client.force_login(alice)
    page = client.get(LIST).content.decode()
    assert "did not leave" in page
    assert "Nothing listens at the mail server&#x27;s address" in page
    assert timezone.now() < Digest.objects.filter(recipient=alice).get().next_attempt_at
