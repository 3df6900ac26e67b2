import threading

import pytest
import structlog
from django.db import connection
from prometheus_client import REGISTRY

from accounts import gateway
from accounts.errors import VaultError
from accounts.models import AccountMemory, AccountTokens, AuditEntry, ProviderAccount
from accounts.stores import DatabaseMemory, DatabaseTokenStore
from providers.contract import CallRecord
from providers.errors import AuthenticationFailed, NotSupported, ProviderError, Unavailable
from tests.accounts.people import account_at, make_account

SECRET = "upstream-password-1"


@pytest.mark.django_db
def test_tokens_are_kept_sealed_and_forgotten():
    account = make_account("Cloudviet")
    store = DatabaseTokenStore(account)
    assert store.load() is None
    store.save({"token": "abc-token", "refresh": "r"})
    assert "abc-token" not in AccountTokens.objects.get().sealed
    assert DatabaseTokenStore(account).load() == {"token": "abc-token", "refresh": "r"}
    store.save(None)
    assert store.load() is None


@pytest.mark.django_db
def test_tokens_of_another_account_count_as_none():
    mine, other = make_account("Mine"), make_account("Other")
    DatabaseTokenStore(other).save({"token": "abc"})
    AccountTokens.objects.create(account=mine, sealed=other.tokens.sealed)
    assert DatabaseTokenStore(mine).load() is None


@pytest.mark.django_db
def test_memory_forgets_when_its_time_is_over():
    memory = DatabaseMemory(make_account("Cloudviet"))
    memory.set("shape", {"records": "object"}, keep_seconds=60)
    assert memory.get("shape") == {"records": "object"}
    memory.set("shape", "array", keep_seconds=-1)
    assert memory.get("shape") is None
    assert AccountMemory.objects.count() == 1


@pytest.mark.django_db
def test_memory_takes_keys_of_any_length_and_mixes_none_up():
    memory = DatabaseMemory(make_account("Cloudviet"))
    keys = [f"hostbill.refused.DELETE /service/{{service_id}}/dns/{{zone_id}} service {'9' * 100}{end}" for end in "ab"]
    for key in keys:
        memory.set(key, key[-1], keep_seconds=60)
    assert [memory.get(key) for key in keys] == ["a", "b"]


@pytest.mark.django_db(transaction=True)
def test_of_many_threads_one_signs_in():
    account = make_account("Cloudviet")
    store = DatabaseTokenStore(account)
    sign_ins, together, failures = [], threading.Barrier(6), []

    def work():
        together.wait()
        try:
            with store.lock(timeout=20):
                if store.load() is None:
                    sign_ins.append(threading.get_ident())
                    store.save({"token": "one"})
        except Exception as error:  # noqa: BLE001  # told by the assertion below
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (len(sign_ins), failures) == (1, [])


@pytest.mark.django_db(transaction=True)
def test_the_lock_is_held_against_other_processes_too():
    account = make_account("Cloudviet")
    with DatabaseTokenStore(account).lock(timeout=5), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
        assert cursor.fetchone() == (1,)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_waiting_for_the_lock_ends_with_a_sentence():
    account = make_account("Cloudviet")
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [0x484F4C01, account.pk])
        store = DatabaseTokenStore(account)
        with pytest.raises(Unavailable, match="signing in for this account"), store.lock(timeout=0.1):
            pass
        cursor.execute("ROLLBACK")


@pytest.mark.django_db(transaction=True)
def test_threads_give_their_connections_back():
    account = make_account("Cloudviet")
    store = DatabaseTokenStore(account)
    before = connection.pool.get_stats()["pool_size"]  # type: ignore[attr-defined]  # PostgreSQL's own
    for _ in range(40):  # more than the pool holds
        thread = threading.Thread(target=store.load)
        thread.start()
        thread.join(10)
    assert connection.pool.get_stats()["pool_size"] <= before + 1  # type: ignore[attr-defined]  # PostgreSQL's own


@pytest.mark.django_db
def test_a_portal_is_asked_through_the_gateway(portals):
    account = account_at(portals.cloudviet, "Cloudviet")
    calls: list[CallRecord] = []
    clicked = structlog.contextvars.bound_contextvars(request_id="click-1")
    with clicked, gateway.speaking_to(account, on_call=calls.append) as provider:
        profile = provider.test()
    assert profile.email == portals.cloudviet.credential["username"]
    # what the portal publishes of itself is asked once a day
    told = [(call.operation, call.status) for call in calls]
    assert told == [("GET /?action=swagger&cmd=userapi", 200), ("GET /details", 200)]
    account.refresh_from_db()
    assert account.capabilities == sorted(provider.capabilities)


@pytest.mark.django_db
def test_tokens_are_shared_by_all_who_speak_for_the_account(portals):
    account = account_at(portals.dns_services, "DNS")
    before = len(portals.requests)
    for _ in range(3):
        with gateway.speaking_to(account) as provider:
            provider.test()
    logins = [entry for entry in portals.requests[before:] if entry.path.endswith("/login")]
    assert len(logins) == 1


@pytest.mark.django_db
def test_a_refused_credential_locks_the_account_and_is_not_tried_again(portals):
    account = account_at(portals.cloudviet, "Cloudviet", password="not the password")
    DatabaseTokenStore(account).save({"token": "old"})
    with pytest.raises(AuthenticationFailed) as caught, gateway.speaking_to(account) as provider:
        provider.test()
    assert caught.value.account == "Cloudviet"
    account.refresh_from_db()
    assert account.state == ProviderAccount.State.REFUSED
    assert account.state_reason == caught.value.sentence
    assert not AccountTokens.objects.exists()
    entry = AuditEntry.objects.get(event="account_refused")
    assert (entry.who, entry.subject) == ("system", "Cloudviet")
    before = len(portals.requests)
    with pytest.raises(AuthenticationFailed, match="until it is replaced"), gateway.speaking_to(account):
        pass
    assert len(portals.requests) == before
    assert AuditEntry.objects.filter(event="account_refused").count() == 1


@pytest.mark.django_db
def test_a_late_refusal_of_the_old_credential_does_not_lock_the_new_one():
    account = make_account("Cloudviet")
    held_by_a_sync = ProviderAccount.objects.get(pk=account.pk)
    gateway.put_credential(account, "basic", {"username": "a@b.example", "password": "new"}, hint="a@b.example")
    account.save()
    assert not gateway.mark_refused(held_by_a_sync, AuthenticationFailed("Wrong."))
    account.refresh_from_db()
    assert account.state == ProviderAccount.State.ACTIVE


@pytest.mark.django_db
def test_a_replaced_credential_makes_a_refused_account_active():
    account = make_account("Cloudviet")
    gateway.mark_refused(account, AuthenticationFailed("Wrong."))
    gateway.put_credential(account, "basic", {"username": "a@b.example", "password": "new"}, hint="a@b.example")
    assert (account.state, account.state_reason) == ("active", "")


@pytest.mark.django_db
def test_an_account_whose_provider_is_gone_says_so():
    account = make_account("Old", provider="gone-portal")
    with pytest.raises(NotSupported, match="gone-portal"), gateway.speaking_to(account):
        pass


@pytest.mark.django_db
def test_a_swapped_credential_is_refused_before_any_call():
    mine, other = make_account("Mine"), make_account("Other")
    mine.sealed_credential = other.sealed_credential
    with pytest.raises(VaultError, match="another account"):
        gateway.connection_for(mine)


@pytest.mark.django_db
def test_no_secret_shows_in_a_connection_or_an_error(portals, caplog):
    account = account_at(portals.dns_services, "DNS", password=SECRET)
    caplog.set_level("DEBUG")
    with pytest.raises(ProviderError) as caught, gateway.speaking_to(account) as provider:
        provider.test()
    account.state = ProviderAccount.State.ACTIVE
    told = repr(gateway.connection_for(account))
    for text in (told, repr(caught.value), str(caught.value), caught.value.upstream_words, caplog.text, repr(account)):
        assert SECRET not in text


@pytest.mark.django_db
def test_calls_are_counted_by_account_operation_and_outcome(portals):
    account = account_at(portals.cloudviet, "Cloudviet")
    with gateway.speaking_to(account) as provider:
        provider.test()
    portals.cloudviet.fail("status", status=403)
    with pytest.raises(ProviderError), gateway.speaking_to(account) as provider:
        provider.test()
    told = {
        (sample.name, sample.labels.get("status") or sample.labels.get("error")): sample.value
        for metric in REGISTRY.collect()
        if metric.name.startswith("holdfast_upstream")
        for sample in metric.samples
        if sample.labels.get("account") == str(account.pk) and not sample.name.endswith("_created")
    }
    assert told["holdfast_upstream_calls_total", "200"] == 1
    assert told["holdfast_upstream_seconds_total", None] > 0
    assert any(name == "holdfast_upstream_errors_total" for name, _outcome in told)


@pytest.mark.django_db
def test_the_request_id_of_the_click_goes_along():
    account = make_account("Cloudviet")
    with structlog.contextvars.bound_contextvars(request_id="click-1"):
        assert gateway.connection_for(account).headers == {"X-Request-ID": "click-1"}
    assert gateway.connection_for(account).headers == {}
