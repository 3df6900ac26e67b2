import io
import json

import pytest
from django.core.management import CommandError, call_command

from accounts import tokens
from accounts.models import AccountTokens, ApiToken, AuditEntry, Customer, ProviderAccount, User
from accounts.roles import Role, role_of
from tests.accounts.people import alice, charlie, make_account

pytestmark = pytest.mark.django_db


def run(*command, **options):
    out = io.StringIO()
    call_command(*command, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def connect(monkeypatch, credential, *command):
    typed = credential if isinstance(credential, str) else json.dumps(credential)
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return run("connect", *command)


def test_connecting_prints_the_id_alone(portals, monkeypatch):
    portal = portals.cloudviet
    out = connect(monkeypatch, portal.credential, "cloudviet", "Agency", "--base-url", portal.base_url)
    account = ProviderAccount.objects.get()
    assert out == f"{account.pk}\n"
    assert (account.provider, account.auth, account.time_zone) == ("cloudviet", "basic", "Asia/Ho_Chi_Minh")
    assert account.login_hint == portal.credential["username"]
    assert account.upstream_profile["email"] == portal.credential["username"]
    assert "domains.list" in account.capabilities
    assert AuditEntry.objects.get(event="account_connected").subject == "Agency"


def test_the_sign_in_of_the_test_is_kept_for_the_account(portals, monkeypatch):
    portal = portals.dns_services
    connect(monkeypatch, portal.credential, "dns-services", "DNS", "--base-url", portal.base_url)
    assert AccountTokens.objects.get().sealed


def test_a_token_is_hinted_at_by_its_end(portals, monkeypatch):
    portal = portals.vps_org
    connect(monkeypatch, portal.credential, "vps-org", "VPS", "--base-url", portal.base_url)
    assert ProviderAccount.objects.get().login_hint == "…" + portal.credential["token"][-4:]


def test_a_wrong_password_connects_nothing(portals, monkeypatch):
    wrong = {**portals.cloudviet.credential, "password": "not-it-at-all"}
    with pytest.raises(CommandError, match="refused this login") as caught:
        connect(monkeypatch, wrong, "cloudviet", "Agency", "--base-url", portals.cloudviet.base_url)
    assert caught.value.returncode == 1
    assert "not-it-at-all" not in str(caught.value)
    assert not ProviderAccount.objects.exists()


def test_the_same_name_again_is_refused(monkeypatch):
    make_account("Agency")
    with pytest.raises(CommandError, match="There is an account named “agency” already"):
        connect(monkeypatch, {"token": "x"}, "vps-org", "agency")


@pytest.mark.parametrize(
    ("typed", "command", "sentence"),
    [
        ("not json secret-1", ("cloudviet", "A"), "as JSON on standard input"),
        ('["secret-1"]', ("cloudviet", "A"), "as JSON on standard input"),
        ({"token": "secret-1"}, ("cloudviet", "A"), "has the fields username, password"),
        ({"username": "a@b.example"}, ("cloudviet", "A"), "Password is missing"),
        ({"username": "a@b.example", "password": 5}, ("cloudviet", "A"), "Password must be text"),
        ({"token": "secret-1"}, ("nowhere", "A"), "There is no provider 'nowhere'"),
        ({"token": "secret-1"}, ("vps-org", "A", "--auth", "basic"), "VPS.org signs in by: bearer"),
        ({"token": "secret-1"}, ("vps-org", "A", "--base-url", "ftp://x"), "must begin with https://"),
        ({"token": "secret-1"}, ("vps-org", "  "), "Give the account a name"),
        ({"username": "a@b.example", "password": "secret-1"}, ("hostbill", "A"), "Give the address of the portal"),
    ],
)
def test_what_makes_no_sense_is_told_in_a_sentence_without_the_secret(monkeypatch, typed, command, sentence):
    with pytest.raises(CommandError) as caught:
        connect(monkeypatch, typed, *command)
    assert sentence in str(caught.value)
    assert "secret-1" not in str(caught.value)
    assert caught.value.returncode == 2


def test_an_api_token_is_printed_once_and_only_its_digest_is_kept():
    alice()
    text = run("api_token", "Alice@agency.example", "--scope", "write").strip()
    kept = ApiToken.objects.get()
    assert text.startswith("hf_")
    assert (kept.digest, kept.prefix, kept.scope) == (tokens.digest(text), text[:10], "write")
    assert text not in json.dumps(list(AuditEntry.objects.values("subject", "detail")))


def test_an_api_token_wants_somebody_who_is_there():
    with pytest.raises(CommandError, match="Nobody active"):
        run("api_token", "nobody@agency.example")


def test_the_first_administrator_is_made_once(monkeypatch):
    monkeypatch.setenv("HOLDFAST_ADMIN_EMAIL", "Boss@Agency.example")
    monkeypatch.delenv("HOLDFAST_ADMIN_PASSWORD", raising=False)
    first, second = run("ensure_admin"), run("ensure_admin")
    lines = first.splitlines()
    assert lines[0] == "administrator: boss@agency.example"
    assert second == ""
    boss = User.objects.get()
    assert boss.check_password(lines[1].removeprefix("password: "))
    assert role_of(boss) is Role.ADMINISTRATOR
    assert boss.groups.filter(name="Administrators").exists()


def test_a_given_password_is_not_printed(monkeypatch):
    monkeypatch.setenv("HOLDFAST_ADMIN_EMAIL", "boss@agency.example")
    monkeypatch.setenv("HOLDFAST_ADMIN_PASSWORD", "quite a good one 77")
    assert run("ensure_admin") == "administrator: boss@agency.example\n"


def test_a_weak_first_password_is_refused(monkeypatch):
    monkeypatch.setenv("HOLDFAST_ADMIN_PASSWORD", "12345")
    with pytest.raises(CommandError, match="HOLDFAST_ADMIN_PASSWORD does not do"):
        run("ensure_admin")
    assert not User.objects.exists()


def test_a_member_of_staff_may_become_the_first_administrator(monkeypatch):
    charlie()
    monkeypatch.setenv("HOLDFAST_ADMIN_EMAIL", "charlie@agency.example")
    run("ensure_admin")
    assert role_of(User.objects.get()) is Role.ADMINISTRATOR


def test_the_demo_connects_pauses_and_goes(portals, monkeypatch):
    monkeypatch.setenv("HOLDFAST_SANDBOX_URLS", json.dumps(portals.ready()))
    make_account("Real")
    assert run("demo", "connect").count("connected.") == 3
    demo = ProviderAccount.objects.filter(is_demo=True)
    assert [account.name for account in demo] == ["Cloudviet (demo)", "DNS.services (demo)", "VPS.org (demo)"]
    assert run("demo", "connect").count("as it was.") == 3
    assert run("demo", "pause") == "3 demo accounts paused.\n"
    assert set(demo.values_list("state", "state_reason")) == {("paused", "The demo is switched off.")}
    assert run("demo", "connect").count("resumed") == 3
    Customer.objects.create(name="Demo customer", is_demo=True)
    Customer.objects.create(name="Real customer")
    run("demo", "remove")
    assert [account.name for account in ProviderAccount.objects.all()] == ["Real"]
    assert [customer.name for customer in Customer.objects.all()] == ["Real customer"]


def test_a_second_start_of_the_demo_follows_the_sandbox_to_its_new_port(portals, tmp_path):
    file = tmp_path / "sandbox.json"
    file.write_text(json.dumps(portals.ready()))
    run("demo", "connect", "--file", str(file))
    ids = set(ProviderAccount.objects.values_list("pk", flat=True))
    moved = {key: {**told, "base_url": "http://127.0.0.1:9/api"} for key, told in portals.ready().items()}
    file.write_text(json.dumps(moved))
    assert run("demo", "connect", "--file", str(file)).count("brought up to date") == 3
    assert set(ProviderAccount.objects.values_list("pk", "base_url")) == {(pk, "http://127.0.0.1:9/api") for pk in ids}


def test_a_person_who_paused_a_demo_account_is_not_overruled(portals, monkeypatch):
    monkeypatch.setenv("HOLDFAST_SANDBOX_URLS", json.dumps(portals.ready()))
    run("demo", "connect")
    ProviderAccount.objects.update(state="paused", state_reason="Paused by Alice.")
    run("demo", "connect")
    assert set(ProviderAccount.objects.values_list("state", flat=True)) == {"paused"}


@pytest.mark.parametrize("told", ["", "{}", "nonsense", '{"nowhere": {}}', '{"cloudviet": {"base_url": 5}}'])
def test_a_sandbox_that_says_nothing_usable_is_a_sentence(monkeypatch, told):
    monkeypatch.setenv("HOLDFAST_SANDBOX_URLS", told)
    with pytest.raises(CommandError, match=r"sandbox|SANDBOX"):
        run("demo", "connect")
