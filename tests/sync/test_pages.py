"""What people see of syncs, and who may do what: Alice administers, Bob is staff, Rita reads, Charlie has no role."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountShare, Customer, ProviderAccount, User
from accounts.roles import Role, grant
from providers.resources import DomainStatus
from sync.models import Change, Kind, Resource, Run, Schedule, SkippedRow
from sync.shell import frame_facts
from tests.sync.conftest import make_account
from tests.sync.double import sync

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def rita(db):  # noqa: ARG001  # the database first
    user = User.objects.create_user("rita@example.com", "a-long-password")
    grant(user, Role.READER)
    return user


@pytest.fixture
def closed(account):
    """An account that only Alice and whom it is shared with may see."""
    account.open_to_staff = False
    account.provider = "dns-services"
    account.save()
    return account


def thing(account: ProviderAccount, number: int = 1) -> Resource:
    from domains.models import Domain

    resource = Resource.objects.create(
        account=account, kind="domains", upstream_id=str(number), name=f"d{number}.example"
    )
    Domain.objects.create(resource=resource, name=resource.name, status="active")
    return resource


def pages_of(account: ProviderAccount) -> list[str]:
    run = Run.objects.create(account=account, kind=Kind.DOMAINS, state="failed", error="It failed.")
    resource = thing(account)
    return [
        reverse("sync:account-state", args=[account.pk]),
        reverse("sync:run-detail", args=[run.pk]),
        reverse("sync:resource-history", args=[resource.pk]),
        reverse("sync:resource-side", args=[resource.pk]),
        reverse("sync:resource-notes", args=[resource.pk]),
    ]


def test_each_page_is_there_for_who_may_see_the_account_and_for_nobody_else(client, closed, alice, bob, charlie):
    urls = pages_of(closed)
    for person, status in ((alice, 200), (bob, 404)):
        client.force_login(person)
        assert {client.get(url).status_code for url in urls} == {status}
    client.force_login(charlie)
    assert {client.get(url).status_code for url in urls} <= {403, 404}
    AccountShare.objects.create(account=closed, user=bob)
    client.force_login(bob)
    assert {client.get(url).status_code for url in urls} == {200}
    client.logout()
    assert {client.get(url).status_code for url in urls} == {302}


def test_lists_show_only_what_a_person_may_see(client, closed, alice, bob):
    run = Run.objects.create(account=closed, kind=Kind.DOMAINS, state="succeeded", seen=3)
    Change.objects.create(resource=thing(closed), field="locked", old=True, new=False, at=timezone.now(), run=run)
    client.force_login(alice)
    assert b"Acme Copenhagen" in client.get(reverse("sync:run-list")).content
    feed = client.get(reverse("sync:changes"), {"what": "lock"}).content.decode()
    assert "d1.example" in feed
    assert 'transfer lock: <span class="by">on</span> → off' in feed
    assert "not by us" in feed
    assert "d1.example" not in client.get(reverse("sync:changes"), {"what": "expiry"}).content.decode()
    client.force_login(bob)
    assert b"Acme Copenhagen" not in client.get(reverse("sync:run-list")).content
    assert b"d1.example" not in client.get(reverse("sync:changes")).content


def test_staff_start_a_sync_and_readers_may_not(client, account, bob, rita):
    client.force_login(rita)
    assert client.post(reverse("sync:start", args=[account.pk])).status_code == 403
    client.force_login(bob)
    answer = client.post(reverse("sync:start", args=[account.pk]), {"kind": "domains"}, headers=HTMX)
    assert answer.status_code == 204
    assert "hf:sync-started" in answer.headers["HX-Trigger"]
    assert "1 sync is on its way" in answer.headers["HX-Trigger"]
    run = Run.objects.get()
    assert (run.kind, run.full, run.asked_by) == ("domains", True, bob)
    answer = client.post(reverse("sync:start"))
    assert answer.status_code == 303
    assert Run.objects.count() > 5
    assert client.get(reverse("sync:start")).status_code == 405


def test_an_account_that_is_hidden_cannot_be_started(client, closed, bob):
    client.force_login(bob)
    assert client.post(reverse("sync:start", args=[closed.pk])).status_code == 404
    client.post(reverse("sync:start"))
    assert not Run.objects.exists()


def test_the_account_state_polls_while_something_is_under_way(client, account, bob):
    account.provider = "dns-services"
    account.save()
    run = Run.objects.create(account=account, kind=Kind.DOMAINS, state="running", details_total=40, details_done=12)
    url = reverse("sync:account-state", args=[account.pk])
    client.force_login(bob)
    page = client.get(url).content.decode()
    assert "every 2s" in page
    assert "12 of 40" in page
    Run.objects.filter(pk=run.pk).update(
        state="failed", error="Acme Copenhagen, Domains: The portal is down.", upstream_words="<b>oops</b>"
    )
    since = timezone.now() - timedelta(hours=2)
    Schedule.objects.filter(account=account, kind="domains").update(failures=3, failing_since=since)
    assert "every 2s" in client.get(url).content.decode(), "what was never read waits for the next look at what is due"
    Schedule.objects.filter(account=account).update(next_due_at=timezone.now() + timedelta(hours=1))
    page = client.get(url).content.decode()
    assert "every 2s" not in page
    assert "The portal is down." in page
    assert "&lt;b&gt;oops&lt;/b&gt;" in page
    assert "failed 3 times since" in page
    assert "Try now" in page


def test_a_run_shows_its_skipped_rows_with_their_reasons(client, account, bob):
    account.provider = "dns-services"
    account.save()
    run = Run.objects.create(account=account, kind=Kind.DOMAINS, state="partial", seen=145, skipped=3)
    SkippedRow.objects.create(run=run, upstream_id="7", name="<i>odd</i>", reason="The date makes no sense.")
    client.force_login(bob)
    page = client.get(reverse("sync:run-detail", args=[run.pk])).content.decode()
    assert "142 of 145, 3 skipped" in page
    assert "&lt;i&gt;odd&lt;/i&gt;" in page
    assert "The date makes no sense." in page


def test_a_held_run_is_compared_and_decided_by_staff(client, account, portal, bob, rita):
    portal.fill(20)
    sync(portal, account)
    portal.drop(*range(1, 8))
    run = sync(portal, account)
    account.provider = "dns-services"
    account.save()
    url = reverse("sync:run-detail", args=[run.pk])
    client.force_login(rita)
    page = client.get(url).content.decode()
    assert "d3.example" in page
    assert "Mark 7 as gone" not in page
    assert client.post(reverse("sync:run-release", args=[run.pk])).status_code == 403
    client.force_login(bob)
    assert "Mark 7 as gone" in client.get(url).content.decode()
    assert "Mark 7 as gone?" in client.get(reverse("sync:run-release", args=[run.pk])).content.decode()
    assert client.post(reverse("sync:run-release", args=[run.pk])).status_code == 303
    assert Resource.objects.present().count() == 13
    client.post(reverse("sync:run-dismiss", args=[run.pk]))
    assert "a newer one took its place" in client.get(url).content.decode()
    assert "Bob" in Run.objects.get(pk=run.pk).note or "bob" in Run.objects.get(pk=run.pk).note


def test_a_held_mass_change_is_shown_old_beside_new_and_rejected_or_accepted(client, account, portal, bob):
    portal.fill(50)
    sync(portal, account)
    for number in range(1, 14):
        portal.put(number, status=DomainStatus.CANCELLED, upstream_status="Cancelled")
    run = sync(portal, account)
    account.provider = "dns-services"
    account.save()
    url = reverse("sync:run-detail", args=[run.pk])
    client.force_login(bob)
    page = client.get(url).content.decode()
    assert "13 would change (status)" in page
    assert "Write the changes of 13" in page
    assert "so none of this was written" in page
    assert "leaves the lists" not in page, "nothing would vanish"
    assert page.count("<strong>cancelled</strong>") == 13
    assert "should it hear the same, it is held again" in page
    assert b"read once more" in client.get(reverse("sync:run-release", args=[run.pk])).content
    client.post(reverse("sync:run-dismiss", args=[run.pk]))
    assert "Everything is kept as it is" in client.get(url).content.decode()
    again = sync(portal, account)
    client.post(reverse("sync:run-release", args=[again.pk]))
    page = client.get(reverse("sync:run-detail", args=[again.pk])).content.decode()
    assert "13 are read again and written." in page
    assert "bob@example.com" in page
    after = Run.objects.latest("pk")
    assert after.pk > again.pk
    assert reverse("sync:run-detail", args=[after.pk]) in page, "the way to the sync that writes them"


def test_a_run_under_way_is_stopped_by_staff(client, account, bob):
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    client.force_login(bob)
    stop = reverse("sync:run-cancel", args=[run.pk])
    page = client.get(reverse("sync:run-detail", args=[run.pk])).content.decode()
    assert page.index(f'action="{stop}"') < page.index('id="detail"'), "it stands beside the title, in no menu"
    assert "title-menu" not in page
    answer = client.post(stop, headers=HTMX)
    assert "before it began" in answer.headers["HX-Trigger"]
    run.refresh_from_db()
    assert run.state == "cancelled"


def test_a_run_says_who_asked_for_it(client, account, bob):
    client.force_login(bob)
    for columns, words in (
        ({"asked_by": bob, "urgent": True}, "bob@example.com"),
        ({"urgent": True}, "a command, or one of our actions"),
        ({}, "the schedule"),
    ):
        run = Run.objects.create(account=account, kind=Kind.DOMAINS, state="succeeded", **columns)
        assert words in client.get(reverse("sync:run-detail", args=[run.pk])).content.decode()


def test_a_run_that_found_much_says_how_much_and_where_the_rest_is(client, account, bob):
    run, resource = Run.objects.create(account=account, kind=Kind.DOMAINS, state="succeeded"), thing(account)
    change = Change(resource=resource, field="expires_on", new="2027-01-01", at=timezone.now(), run=run)
    Change.objects.bulk_create(Change(**{**vars_of(change), "old": f"20{n}-01-01"}) for n in range(20, 73))
    client.force_login(bob)
    page = client.get(reverse("sync:run-detail", args=[run.pk])).content.decode()
    assert "The latest 50 of 53 are shown" in page
    assert f"{reverse('sync:changes')}?account={account.pk}&amp;kind=domains" in page


def vars_of(change: Change) -> dict[str, object]:
    return {name: getattr(change, name) for name in ("resource", "field", "new", "at", "run")}


def test_the_buttons_of_a_schedule_keep_the_focus_over_each_poll(client, account, bob):
    account.provider = "dns-services"
    account.save()
    run = Run.objects.create(account=account, kind=Kind.DOMAINS)
    client.force_login(bob)
    url = reverse("sync:account-state", args=[account.pk])
    waiting = client.get(url).content.decode()
    Run.objects.filter(pk=run.pk).update(state="succeeded")
    for page in (waiting, client.get(url).content.decode()):
        assert page.count('id="act-domains"') == 1, "the same place, whatever it does at the moment"


def test_ticked_things_are_assigned_to_a_customer_but_never_those_of_hidden_accounts(client, account, bob, rita):
    hidden = make_account("Hidden", open_to_staff=False)
    mine, theirs = thing(account, 1), thing(hidden, 2)
    customer = Customer.objects.create(name="Baker & Sons")
    url, picks = reverse("sync:assign-customer"), [mine.pk, theirs.pk, "x"]
    client.force_login(rita)
    assert client.post(url, {"pick": picks}).status_code == 403
    client.force_login(bob)
    dialog = client.post(url, {"pick": picks}, headers=HTMX)
    assert dialog.status_code == 200
    assert b"Baker &amp; Sons" in dialog.content
    decided = {"pick": picks, "decided": "1", "customer": customer.pk}
    here = {**HTMX, "HX-Current-URL": "http://testserver/domains/?view=soon"}
    answer = client.post(url, decided, headers=here)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/domains/?view=soon")
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.customer, theirs.customer) == (customer, None)
    client.post(url, {**decided, "customer": ""}, headers=here)
    mine.refresh_from_db()
    assert mine.customer is None


def test_customer_tags_and_notes_are_edited_in_a_dialog(client, account, bob, rita):
    resource = thing(account)
    customer = Customer.objects.create(name="Baker")
    url = reverse("sync:resource-notes", args=[resource.pk])
    client.force_login(rita)
    assert client.get(url).status_code == 403
    client.force_login(bob)
    assert client.get(url, headers=HTMX).status_code == 200
    answer = client.post(url, {"customer": customer.pk, "tags": "vip, x" + "y" * 60, "notes": ""}, headers=HTMX)
    assert answer.status_code == 422
    answer = client.post(url, {"customer": customer.pk, "tags": "vip, eu ,vip", "notes": "Call first."}, headers=HTMX)
    assert "hf:ours-changed" in answer.headers["HX-Trigger"]
    side = client.get(reverse("sync:resource-side", args=[resource.pk])).content.decode()
    assert "vip, eu" in side
    assert "Call first." in side
    assert "Baker" in side


def test_a_customers_things_stand_together_by_kind(client, account, bob):
    account.provider = "dns-services"
    account.save()
    customer = Customer.objects.create(name="Baker")
    resource = thing(account)
    Resource.objects.update(customer=customer, due_on=timezone.localdate() + timedelta(days=5))
    client.force_login(bob)
    page = client.get(reverse("sync:customer-resources", args=[customer.pk])).content.decode()
    assert resource.name in page
    assert reverse("domains:domain-detail", args=[resource.pk]) in page


def test_a_history_is_read_a_page_at_a_time(client, account, bob):
    resource = thing(account)
    now = timezone.now()
    Change.objects.bulk_create(
        Change(resource=resource, field="expires_on", old=None, new=f"20{20 + n % 10}-01-01", at=now) for n in range(60)
    )
    Change.objects.create(
        resource=resource,
        field="record.abc",
        old={"label": "www A", "ttl": 1},
        new={"label": "www A", "ttl": 2},
        at=now,
    )
    client.force_login(bob)
    url = reverse("sync:resource-history", args=[resource.pk])
    page = client.get(url).content.decode()
    assert page.count("<li>") == 50
    assert "record www A" in page
    assert "unknown" in page
    oldest = Change.objects.order_by("-pk")[49].pk
    assert f"before={oldest}" in page
    assert client.get(url, {"before": oldest}).content.decode().count("<li>") == 11


def test_the_frame_tells_how_old_the_mirror_is_and_what_is_held(rf, account, portal, bob):
    request = rf.get("/")
    request.user = bob
    assert frame_facts(request)["freshness"].as_of is None
    portal.fill(20)
    sync(portal, account)
    Schedule.objects.exclude(kind="domains").delete()
    facts = frame_facts(request)
    assert facts["freshness"].tone == "fine"
    assert (timezone.now() - facts["freshness"].as_of).total_seconds() < 60
    assert "counts" not in facts
    fresh = Schedule.objects.create(account=account, kind="zones", next_due_at=timezone.now())
    never = frame_facts(request)["freshness"]
    assert (never.words, never.tone, never.aside) == ("1 kind not read yet", "unknown", "last read just now")
    fresh.delete()
    Schedule.objects.update(last_complete_at=timezone.now() - timedelta(hours=3))
    assert frame_facts(request)["freshness"].aside == "1 reading late"
    Schedule.objects.update(last_complete_at=timezone.now(), failures=2, failing_since=timezone.now())
    failing = frame_facts(request)["freshness"]
    assert (failing.words, failing.tone, failing.aside) == ("1 account fails", "soon", "last read just now")
    portal.drop(*range(1, 8))
    sync(portal, account)
    facts = frame_facts(request)
    assert facts["freshness"].words == "1 sync held"
    assert facts["counts"]["accounts"].number == 1


def test_a_run_that_failed_offers_another_until_there_is_a_newer_one(client, account, alice):
    failed = Run.objects.create(account=account, kind="domains", state=Run.State.FAILED, error="No answer.")
    client.force_login(alice)
    url, again = reverse("sync:run-detail", args=[failed.pk]), reverse("sync:start-kind", args=[account.pk, "domains"])
    page = client.get(url).content.decode()
    assert f'action="{again}"' in page
    assert "What was read before stays" in page
    Run.objects.create(account=account, kind="domains", state=Run.State.SUCCEEDED)
    assert f'action="{again}"' not in client.get(url).content.decode()
