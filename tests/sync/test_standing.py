"""How an account stands: one judgement and one set of words wherever it is shown, and the way out beside it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import gateway
from accounts.models import AuditEntry, ProviderAccount
from accounts.standing import ASKED, TONES, Code, standing_of
from sync.models import Kind, Run, Schedule
from sync.trying import try_again, try_all_the_same
from tests.accounts import people
from tests.factories import make_account
from web import dates
from web.tones import Tone

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(db):  # noqa: ARG001  # the database first
    return people.alice()


def read(account: ProviderAccount, *kinds: Kind, minutes_ago: float = 3, **columns: Any) -> None:
    now = timezone.now()
    given = {"next_due_at": now + timedelta(minutes=20), "last_complete_at": now - timedelta(minutes=minutes_ago)}
    for kind in kinds:
        Schedule.objects.create(account=account, kind=kind, **{**given, **columns})


def failing(account: ProviderAccount, *kinds: Kind, code: str = "unavailable", minutes_ago: float = 40) -> None:
    since = timezone.now() - timedelta(minutes=minutes_ago)
    read(account, *kinds, minutes_ago=minutes_ago, failures=3, failing_since=since)
    for kind in kinds:
        Run.objects.create(account=account, kind=kind, state="failed", error_code=code, finished_at=since)


def waiting(account: ProviderAccount, kind: Kind = Kind.DOMAINS, *, minutes: float = 4) -> Run:
    """A run that keeps its place, because the portal asked for a pause."""
    until = timezone.now() + timedelta(minutes=minutes)
    return Run.objects.create(
        account=account, kind=kind, state="running", generation=1, lease_until=until, note="Waiting for the rate limit."
    )


def moment_of(when: datetime | None) -> str:
    assert when is not None
    return dates.moment(when)


def code_of(account: ProviderAccount) -> Code:
    return standing_of(account).code


def test_it_is_active_in_step_only_while_everything_is_read():
    account = make_account()
    assert code_of(account) is Code.UNREAD
    read(account, Kind.DOMAINS, Kind.TICKETS)
    found = standing_of(account)
    assert (found.code, found.label, found.sentence, found.tone) == (Code.IN_STEP, "In step", "", Tone.FINE)
    assert found.as_of == Schedule.objects.order_by("last_complete_at").values_list("last_complete_at", flat=True)[0]
    Schedule.objects.filter(kind=Kind.TICKETS).update(last_complete_at=timezone.now() - timedelta(minutes=11))
    found = standing_of(account)
    assert (found.code, found.label) == (Code.BEHIND, "Behind")
    assert found.sentence.startswith("Older than it should be: Tickets.")


def test_a_kind_that_fails_is_named_with_its_hour_its_cause_and_what_to_do():
    account = make_account("Acme")
    read(account, Kind.DOMAINS, Kind.ZONES)
    failing(account, Kind.TICKETS)
    found = standing_of(account)
    since = moment_of(Schedule.objects.get(kind=Kind.TICKETS).failing_since)
    assert (found.code, found.label) == (Code.FAILING_IN_PART, "Tickets: fails")
    assert found.sentence == (
        f"Tickets can't be read since {since}: no answer. The other 2 kinds are read. What was read before stays; it is tried "
        "again by itself in 20 minutes. Should it last, look whether the portal opens in a browser and its address is right."
    )
    failing(account, Kind.INVOICES, code="malformed_response")
    found = standing_of(account)
    assert found.label == "2 of 4 kinds fail"
    assert found.failing == (Kind.INVOICES, Kind.TICKETS)
    assert "an answer that can't be read" in found.sentence


def test_an_account_of_which_everything_fails_is_never_called_active(client, alice):
    account = make_account("Acme")
    failing(account, Kind.DOMAINS, Kind.TICKETS)
    found = standing_of(account)
    assert (found.code, found.tone) == (Code.FAILING, Tone.BROKEN)
    assert found.sentence.startswith("Acme gives no answer since")
    client.force_login(alice)
    for address in (reverse("accounts:account-list"), reverse("accounts:account-detail", args=[account.pk]), "/"):
        page = client.get(address).content.decode()
        assert "Fails since" in page, address
        assert ">Active<" not in page, address
    page = client.get(reverse("accounts:account-detail", args=[account.pk])).content.decode()
    assert reverse("sync:try-failing", args=[account.pk]) in page


def test_a_pause_that_the_portal_asked_for_says_until_when():
    account = make_account("Acme")
    read(account, Kind.DOMAINS, Kind.TICKETS)
    run = waiting(account)
    found = standing_of(account)
    assert (found.code, found.label) == (Code.TOLD_TO_WAIT, f"Told to wait until {moment_of(run.lease_until)}")
    run.delete()
    failing(account, Kind.ZONES, code="rate_limited")
    found = standing_of(account)
    assert found.code is Code.TOLD_TO_WAIT
    assert found.sentence.startswith("The portal has asked Acme to wait: too many calls.")
    assert "read some kinds less often" in found.sentence


@pytest.mark.parametrize(
    ("state", "code", "says"),
    [
        ("refused", Code.REFUSED, "Nothing is tried until the credential is replaced"),
        ("paused", Code.PAUSED, "until reading is resumed"),
    ],
)
def test_an_account_that_is_not_read_says_what_has_to_be_done(state, code, says):
    account = make_account(state=state, state_reason="Said Alice.")
    failing(account, Kind.DOMAINS)
    found = standing_of(account)
    assert (found.code, found.next_try) == (code, None)
    assert says in found.sentence
    assert "Said Alice." in found.sentence


def test_held_and_skipped_rows_are_told_until_a_newer_reading_is_whole():
    account = make_account()
    read(account, Kind.DOMAINS)
    for state, code in (("held", Code.HELD), ("partial", Code.INCOMPLETE), ("succeeded", Code.IN_STEP)):
        Run.objects.create(account=account, kind=Kind.DOMAINS, state=state, finished_at=timezone.now())
        assert code_of(account) is code


def test_what_the_portal_lacks_takes_no_part():
    account = make_account()
    read(account, Kind.DOMAINS)
    read(account, Kind.ZONES, supported=False, last_complete_at=None)
    assert code_of(account) is Code.IN_STEP


def test_what_was_never_read_whole_is_not_in_step():
    account = make_account()
    read(account, Kind.DOMAINS)
    read(account, Kind.ZONES, last_complete_at=None)
    found = standing_of(account)
    assert (found.code, found.label, found.as_of) == (Code.UNREAD, "Not read in full yet", None)


def test_every_state_has_a_tone_and_words():
    assert set(TONES) == set(ASKED) == set(Code)


# --- list and API -----------------------------------------------------------------------------------------------------------


def test_the_list_is_narrowed_to_and_sorted_by_how_accounts_stand(client, alice):
    well, part, off = make_account("Well"), make_account("Part"), make_account("Off", state="paused")
    read(well, Kind.DOMAINS)
    read(part, Kind.DOMAINS)
    failing(part, Kind.TICKETS)
    client.force_login(alice)

    def names(**query: object) -> list[str]:
        answer = client.get(reverse("accounts:account-list"), query)
        return [row.record.name for row in answer.context["table"].paginated_rows]

    assert names(standing="in_step") == ["Well"]
    assert names(standing=["failing_in_part", "paused"]) == ["Off", "Part"]
    assert names(sort="state") == ["Part", "Off", "Well"]
    assert names(sort="-state") == ["Well", "Off", "Part"]
    assert off.name in names()


def test_the_api_tells_and_filters_by_it_in_a_fixed_number_of_queries(client, alice, django_assert_max_num_queries):
    well, part = make_account("Well"), make_account("Part")
    read(well, Kind.DOMAINS)
    failing(part, Kind.TICKETS)
    read(part, Kind.DOMAINS)
    for number in range(10):
        make_account(f"Other {number}")
    client.force_login(alice)
    with django_assert_max_num_queries(12):
        told = client.get("/api/v1/accounts/", {"limit": 50}).json()["results"]
    standing = {row["name"]: row["standing"] for row in told}
    assert standing["Well"]["code"] == "in_step"
    assert standing["Part"]["failing"] == ["tickets"]
    assert standing["Part"]["next_try_at"] is not None
    assert standing["Other 1"]["code"] == "unread"
    found = client.get("/api/v1/accounts/", {"standing": "in_step,failing_in_part"}).json()["results"]
    assert {row["name"] for row in found} == {"Well", "Part"}
    assert client.get("/api/v1/accounts/", {"standing": "well"}).status_code == 400
    assert client.get(f"/api/v1/accounts/{part.pk}/").json()["standing"]["code"] == "failing_in_part"


def test_it_costs_three_queries_however_many_accounts(django_assert_num_queries):
    accounts = [make_account() for _number in range(20)]
    for account in accounts:
        failing(account, Kind.DOMAINS)
    with django_assert_num_queries(3):
        standing_of(accounts[0])


# --- the way out ------------------------------------------------------------------------------------------------------------


def test_try_now_asks_for_what_fails_and_for_nothing_else(alice):
    account = make_account()
    read(account, Kind.DOMAINS)
    failing(account, Kind.TICKETS)
    (run,) = try_again(account, user=alice)
    assert (run.kind, run.full, run.urgent) == (Kind.TICKETS, False, True)
    Schedule.objects.update(failures=0, last_complete_at=timezone.now())
    assert try_again(account, user=alice) == []


def test_readers_are_told_and_can_press_nothing(client):
    account = make_account()
    failing(account, Kind.DOMAINS)
    client.force_login(people.rita())
    assert reverse("sync:try-failing", args=[account.pk]) not in client.get(f"/accounts/{account.pk}/").content.decode()
    for name in ("sync:try-failing", "sync:try-all-the-same"):
        assert client.post(reverse(name, args=[account.pk])).status_code == 403
    client.force_login(people.charlie())
    assert client.post(reverse("sync:try-failing", args=[account.pk])).status_code in {403, 404}


def test_a_person_may_ask_in_spite_of_the_portals_pause(client, alice):
    account = make_account("Acme")
    read(account, Kind.DOMAINS, Kind.TICKETS)
    run = waiting(account)
    limiter = gateway._limiter_of(account, gateway.spec_of(account))  # the portal's word reaches it by a call
    limiter.learn(remaining=None, reset_after=None, retry_after=240)
    client.force_login(alice)
    page = client.get(reverse("accounts:account-detail", args=[account.pk])).content.decode()
    url = reverse("sync:try-all-the-same", args=[account.pk])
    assert f'hx-get="{url}"' in page
    dialog = client.get(url).content.decode()
    assert "The portal asked for a pause that lasts" in dialog
    assert "Ask Acme now" in dialog
    assert client.post(url).status_code == 303
    run.refresh_from_db()
    assert (run.lease_until, run.urgent) == (None, True)
    left = gateway.headroom_of(account)
    assert left is not None
    assert left.blocked_for == 0
    entry = AuditEntry.objects.get(event="portal_pause_lifted")
    assert (entry.who, entry.account) == ("alice@agency.example", account)
    assert entry.detail["seconds"] == 240


def test_what_failed_by_the_pause_is_read_at_once_too(alice):
    account = make_account()
    read(account, Kind.DOMAINS)
    failing(account, Kind.TICKETS, code="rate_limited")
    waits = waiting(account)
    assert [run.kind for run in try_all_the_same(account, user=alice)] == [Kind.DOMAINS, Kind.TICKETS]
    waits.refresh_from_db()
    assert not waits.again, "it goes on where it was"
