import re
import time

import pytest
from django.test import Client

from accounts import people, states, tasks, tokens
from accounts.models import AccountShare, ApiToken, AuditEntry, Customer, ProviderAccount, User
from accounts.roles import Role, role_of
from sync.models import Change, Kind, Resource, Run, Schedule
from tests.accounts.people import PASSWORD, alice, bob, make_account, rita

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SECRET = "upstream-password-1"


@pytest.fixture
def me():
    return alice()


@pytest.fixture
def desk(client, me):
    client.force_login(me)
    return client


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# --- accounts ---------------------------------------------------------------------------------------------------------------


def test_the_list_tells_state_trouble_and_size_in_a_fixed_number_of_queries(desk, django_assert_max_num_queries):
    good = make_account("Good")
    bad = make_account("Bad", state="refused", state_reason="The portal refused this login.")
    failing = make_account("Failing")
    for number in range(3):
        Resource.objects.create(account=good, kind=Kind.DOMAINS, upstream_id=str(number), name="x")
    Schedule.objects.create(account=failing, kind=Kind.DOMAINS, next_due_at=failing.created_at, failures=2)
    Run.objects.create(account=failing, kind=Kind.DOMAINS, state="failed", error_code="unavailable")
    with django_assert_max_num_queries(18):
        page = text_of(desk.get("/accounts/"))
    assert "The portal refused this login." in page
    assert "Sign-in refused" in page
    assert "Fails since" in page
    assert "Failing gives no answer since" in page
    assert bad.name in page


def test_the_first_visit_says_how_to_begin(desk):
    page = desk.get("/accounts/").content.decode()
    assert "No account yet" in page
    assert 'href="/accounts/connect/"' in page


def test_an_edit_is_kept_and_recorded(desk):
    account, friend = make_account("Agency"), bob()
    form = {
        "name": "Desk",
        "time_zone": "Asia/Ho_Chi_Minh",
        "rate_per_minute": "90",
        "concurrency": "",
        "share_with": [friend.pk],
    }
    assert desk.post(f"/accounts/{account.pk}/edit/", form).status_code == 302
    account.refresh_from_db()
    assert (account.name, account.time_zone, account.rate_per_minute) == ("Desk", "Asia/Ho_Chi_Minh", 90)
    assert (account.concurrency, account.open_to_staff) == (None, False)
    assert AccountShare.objects.get().user == friend
    detail = AuditEntry.objects.get(event="account_edited").detail
    assert detail["name"] == {"from": "Agency", "to": "Desk"}
    assert detail["shared_with"] == ["bob@agency.example"]


def test_pausing_and_resuming_are_recorded(desk):
    account = make_account("Agency")
    desk.post(f"/accounts/{account.pk}/pause/")
    account.refresh_from_db()
    assert (account.state, account.state_reason) == ("paused", "Paused by Alice.")
    assert "Nothing of it is read until reading is resumed" in desk.get(f"/accounts/{account.pk}/").content.decode()
    desk.post(f"/accounts/{account.pk}/resume/")
    account.refresh_from_db()
    assert account.state == "active"
    assert [entry.who for entry in AuditEntry.objects.filter(account=account)] == ["alice@agency.example"] * 2


def test_deleting_says_what_goes_and_wants_the_name(desk):
    account = make_account("Agency")
    for number in range(3):
        Resource.objects.create(account=account, kind=Kind.DOMAINS, upstream_id=str(number), name="x")
    Resource.objects.create(account=account, kind=Kind.TICKETS, upstream_id="1", name="y")
    dialog = text_of(desk.get(f"/accounts/{account.pk}/delete/", headers=HTMX))
    assert "Domains (3), Tickets (1)" in dialog
    assert "nothing is cancelled there" in dialog
    wrong = desk.post(f"/accounts/{account.pk}/delete/", {"name": "agency"}, headers=HTMX)
    assert (wrong.status_code, ProviderAccount.objects.get().state) == (422, "active")
    done = desk.post(f"/accounts/{account.pk}/delete/", {"name": "Agency"}, headers=HTMX)
    assert done.headers["HX-Redirect"] == "/accounts/"
    assert "Agency" not in text_of(desk.get("/accounts/")).replace("“Agency” is deleted", "")
    assert desk.get(f"/accounts/{account.pk}/").status_code == 404
    make_account("Agency")  # the name is free again


def test_ten_thousand_things_are_deleted_in_slices():
    account, kept = make_account("Big"), make_account("Other")
    Resource.objects.bulk_create(
        Resource(account=account, kind=Kind.DOMAINS, upstream_id=str(number), name=f"d{number}.example")
        for number in range(10_000)
    )
    first = Resource.objects.filter(account=account).earliest("pk")
    Change.objects.create(resource=first, field="name", at=account.created_at)
    AuditEntry.objects.create(who="system", event="account_connected", subject="Big", account=account)
    Resource.objects.create(account=kept, kind=Kind.DOMAINS, upstream_id="1", name="kept.example")
    states.begin_deleting(account, by=None)
    assert not states.finish_deleting(account.pk, seconds=0)
    started = time.monotonic()
    assert states.finish_deleting(account.pk, seconds=60)
    assert time.monotonic() - started < 30
    assert list(ProviderAccount.objects.values_list("name", flat=True)) == ["Other"]
    assert Resource.objects.count() == 1
    assert AuditEntry.objects.filter(subject="Big", account=None).count() == 2
    assert states.finish_deleting(account.pk, seconds=1), "a task that comes twice ends quietly"


def test_an_active_account_is_never_deleted_by_a_stray_task():
    account = make_account("Agency")
    assert states.finish_deleting(account.pk, seconds=1)
    assert ProviderAccount.objects.filter(pk=account.pk).exists()


@pytest.mark.usefixtures("celery_worker_process")
@pytest.mark.django_db(transaction=True)
def test_the_worker_deletes_and_the_sweep_takes_up_what_was_lost(celery_worker_log):
    account = make_account("Agency")
    Resource.objects.create(account=account, kind=Kind.DOMAINS, upstream_id="1", name="x")
    states.begin_deleting(account, by=None)
    tasks.sweep_deletions()
    deadline = time.monotonic() + 30
    while ProviderAccount.objects.filter(pk=account.pk).exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not ProviderAccount.objects.filter(pk=account.pk).exists(), celery_worker_log.read_text()[-4000:]


def test_removing_the_demo_keeps_what_is_real(desk):
    make_account("Demo", is_demo=True)
    make_account("Real")
    Customer.objects.create(name="Demo customer", is_demo=True)
    assert "Demo" in text_of(desk.get("/accounts/remove-demo/", headers=HTMX))
    assert desk.post("/accounts/remove-demo/", headers=HTMX).headers["HX-Redirect"] == "/accounts/"
    assert list(ProviderAccount.objects.visible_to(User.objects.get()).values_list("name", flat=True)) == ["Real"]
    assert not Customer.objects.exists()


# --- customers --------------------------------------------------------------------------------------------------------------


def test_a_customer_is_added_changed_and_deleted_without_their_things(desk):
    answer = desk.post("/customers/new/", {"name": "Baltic Ropes", "email": "", "notes": ""}, headers=HTMX)
    customer = Customer.objects.get()
    assert answer.headers["HX-Redirect"] == f"/customers/{customer.pk}/"
    again = desk.post("/customers/new/", {"name": "Baltic Ropes"}, headers=HTMX)
    assert again.status_code == 422
    desk.post(f"/customers/{customer.pk}/edit/", {"name": "Baltic Ropes A/S", "notes": "Calls on Mondays."})
    assert "Calls on Mondays." in desk.get(f"/customers/{customer.pk}/").content.decode()
    thing = Resource.objects.create(
        account=make_account("Agency"), kind=Kind.DOMAINS, upstream_id="1", name="x", customer=customer
    )
    assert "Domains (1)" in text_of(desk.get(f"/customers/{customer.pk}/delete/", headers=HTMX))
    desk.post(f"/customers/{customer.pk}/delete/", {"name": "Baltic Ropes A/S"})
    thing.refresh_from_db()
    assert (thing.customer, Customer.objects.count()) == (None, 0)


# --- people -----------------------------------------------------------------------------------------------------------------


def test_an_invited_person_signs_in_with_the_password_that_is_shown_once(desk):
    form = {"email": "Dana@agency.example", "name": "Dana", "role": "Readers"}
    shown = desk.post("/people/invite/", form, headers=HTMX)
    [password] = re.findall(r'<dt>Password</dt><dd>.*?class="mono">([^<]+)<', shown.content.decode())
    assert shown.headers["Cache-Control"].find("no-store") >= 0
    dana = User.objects.get(email="dana@agency.example")
    assert role_of(dana) is Role.READER
    assert Client().post("/sign-in/", {"username": dana.email, "password": password}).status_code == 302
    assert dana.check_password(password)
    assert password not in repr(list(AuditEntry.objects.values()))
    assert desk.post("/people/invite/", form, headers=HTMX).status_code == 422


def test_the_people_are_one_click_away_for_who_may_invite_them(desk, client):
    make_account("Main")
    assert 'href="/people/"' in desk.get("/").content.decode()
    client.force_login(bob())
    assert 'href="/people/"' not in client.get("/").content.decode()


def test_a_role_is_changed_and_the_last_administrator_stays(desk, me):
    friend = bob()
    desk.post(f"/people/{friend.pk}/role/", {"role": "Administrators"})
    assert role_of(User.objects.get(pk=friend.pk)) is Role.ADMINISTRATOR
    desk.post(f"/people/{friend.pk}/role/", {"role": ""})
    assert role_of(User.objects.get(pk=friend.pk)) is None
    last = desk.post(f"/people/{me.pk}/role/", {"role": "Readers"})
    assert (last.status_code, role_of(User.objects.get(pk=me.pk))) == (422, Role.ADMINISTRATOR)
    entries = AuditEntry.objects.filter(event="role_changed", subject=friend.email).order_by("pk")
    assert [(entry.detail["from"], entry.detail["to"]) for entry in entries] == [
        ("Staff", "Administrators"),
        ("Administrators", None),
    ]


def test_a_deactivated_person_is_out_at_once(desk, me):
    friend, theirs = bob(), Client()
    theirs.force_login(friend)
    ApiToken.objects.create(user=friend, prefix="hf_x", digest="x" * 64)
    assert theirs.get("/profile/").status_code == 200
    desk.post(f"/people/{friend.pk}/deactivate/")
    assert theirs.get("/profile/").status_code == 302
    assert ApiToken.objects.get().revoked_at is not None
    assert desk.post(f"/people/{me.pk}/deactivate/").status_code == 422
    desk.post(f"/people/{friend.pk}/activate/")
    assert User.objects.get(pk=friend.pk).is_active


def test_the_last_administrator_is_not_deactivated(me):
    with pytest.raises(people.LastAdministrator):
        people.deactivate(me, by=rita())
    me.refresh_from_db()
    assert me.is_active


# --- one's own settings -----------------------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_revoked(desk):
    shown = desk.post("/profile/tokens/new/", {"name": "backup", "scope": "write"}, headers=HTMX).content.decode()
    text = re.findall(r"hf_[\w-]{43}", shown)[0]
    assert text not in desk.get("/profile/").content.decode()
    assert Client().get("/api/v1/accounts/", headers={"Authorization": f"Bearer {text}"}).status_code == 200
    desk.post(f"/profile/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert Client().get("/api/v1/accounts/", headers={"Authorization": f"Bearer {text}"}).status_code == 401
    assert list(AuditEntry.objects.order_by("pk").values_list("event", flat=True))[-2:] == [
        "token_made",
        "token_revoked",
    ]


def test_name_and_time_zone_are_kept(desk):
    assert desk.post("/profile/", {"name": "Alice A.", "time_zone": "Mars/Olympus"}).status_code == 422
    desk.post("/profile/", {"name": "Alice A.", "time_zone": "Asia/Ho_Chi_Minh"})
    assert (User.objects.get().name, User.objects.get().time_zone) == ("Alice A.", "Asia/Ho_Chi_Minh")


def test_a_changed_password_signs_out_everywhere_else(desk, me):
    elsewhere = Client()
    elsewhere.force_login(me)
    new = "another long pass phrase"
    weak = {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"}
    assert desk.post("/profile/password/", weak).status_code == 422
    good = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert desk.post("/profile/password/", good).status_code == 302
    assert desk.get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302


# --- no secret anywhere -----------------------------------------------------------------------------------------------------


def test_no_page_and_no_admin_page_shows_a_secret(desk, me, caplog):
    caplog.set_level("DEBUG")
    me.is_staff = me.is_superuser = True
    me.save()
    account = make_account("Agency", password=SECRET)
    token, text = tokens.make(me)
    urls = [
        "/accounts/", f"/accounts/{account.pk}/", f"/accounts/{account.pk}/edit/", f"/accounts/{account.pk}/credential/",
        f"/accounts/{account.pk}/delete/", "/profile/", f"/people/{me.pk}/", "/api/v1/accounts/",
        f"/admin/accounts/provideraccount/{account.pk}/change/", "/admin/accounts/provideraccount/",
        f"/admin/accounts/apitoken/{token.pk}/change/", "/admin/accounts/auditentry/", f"/admin/accounts/user/{me.pk}/change/",
    ]  # fmt: skip
    for url in urls:
        answer = desk.get(url)
        assert answer.status_code == 200, url
        page = answer.content.decode()
        for secret in (SECRET, account.sealed_credential, text, token.digest, me.password):
            assert secret not in page, url
    for secret in (SECRET, text):
        assert secret not in caplog.text


def test_the_admin_site_changes_nothing_here(desk, me):
    me.is_staff = me.is_superuser = True
    me.save()
    account = make_account("Agency")
    assert desk.post(f"/admin/accounts/provideraccount/{account.pk}/change/", {"name": "x"}).status_code == 403
    assert desk.get("/admin/accounts/provideraccount/add/").status_code == 403


def test_beside_a_real_account_the_removal_of_the_demo_is_offered(desk):
    real = make_account("Real")
    assert "/accounts/remove-demo/" not in desk.get(f"/accounts/{real.pk}/").content.decode()
    demo = make_account("Demo", is_demo=True)
    assert "/accounts/remove-demo/" in desk.get(f"/accounts/{real.pk}/").content.decode()
    assert "/accounts/remove-demo/" not in desk.get(f"/accounts/{demo.pk}/").content.decode()
