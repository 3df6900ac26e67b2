import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from io import StringIO
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts import checks, vault
from accounts.errors import VaultError
from accounts.models import AccountTokens, AuditEntry
from tests.accounts.people import make_account

SECRET = "correct horse battery staple"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), JSON, max_size=6))
def test_what_is_sealed_opens_for_its_owner(secret):
    owner = uuid4()
    assert vault.open_sealed(owner, vault.seal(owner, secret)) == secret


@given(st.dictionaries(st.text(min_size=1), st.text(), min_size=1, max_size=4))
def test_a_swapped_row_is_refused(secret):
    sealed = vault.seal(uuid4(), secret)
    with pytest.raises(VaultError, match="another account"):
        vault.open_sealed(uuid4(), sealed)


@given(place=st.integers(0, 10**6), bits=st.integers(1, 255))
def test_a_changed_seal_is_refused(place, bits):
    owner = uuid4()
    bare = bytearray(urlsafe_b64decode(vault.seal(owner, {"password": SECRET})))
    bare[place % len(bare)] ^= bits
    with pytest.raises(VaultError):
        vault.open_sealed(owner, urlsafe_b64encode(bare).decode())


@given(st.text())
def test_what_is_no_seal_is_refused(text):
    with pytest.raises(VaultError):
        vault.open_sealed(uuid4(), text)


def test_a_vault_error_repeats_no_secret():
    sealed = vault.seal(uuid4(), {"password": SECRET})
    with pytest.raises(VaultError) as caught:
        vault.open_sealed(uuid4(), sealed)
    assert SECRET not in repr(caught.value)
    assert SECRET not in sealed


def test_a_second_key_opens_what_the_first_sealed(settings):
    owner, old = uuid4(), list(settings.HOLDFAST_VAULT_KEYS)
    sealed = vault.seal(owner, {"token": SECRET})
    settings.HOLDFAST_VAULT_KEYS = [Fernet.generate_key().decode(), *old]
    assert vault.open_sealed(owner, sealed) == {"token": SECRET}


@pytest.mark.django_db
def test_rotating_seals_everything_under_the_first_key(settings):
    account = make_account("Cloudviet", password=SECRET)
    AccountTokens.objects.create(account=account, sealed=vault.seal(account.uuid, {"token": "t" * 40}))
    AccountTokens.objects.create(account=make_account("Empty"), sealed="")
    fresh = Fernet.generate_key().decode()
    settings.HOLDFAST_VAULT_KEYS = [fresh, *settings.HOLDFAST_VAULT_KEYS]
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    assert out.getvalue() == "3 secrets sealed anew under the first key.\n"
    settings.HOLDFAST_VAULT_KEYS = [fresh]
    account.refresh_from_db()
    assert vault.open_sealed(account.uuid, account.sealed_credential)["password"] == SECRET
    assert vault.open_sealed(account.uuid, account.tokens.sealed) == {"token": "t" * 40}
    assert AuditEntry.objects.get(event="keys_rotated").detail == {"sealed_anew": 3, "unreadable": 0}


@pytest.mark.django_db
def test_rotating_tells_what_no_key_opens_and_leaves_it(settings):
    account = make_account("Cloudviet", password=SECRET)
    before = account.sealed_credential
    settings.HOLDFAST_VAULT_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="1 can't be opened"):
        call_command("rotate_keys", stdout=StringIO())
    account.refresh_from_db()
    assert account.sealed_credential == before


@pytest.mark.django_db
def test_rotating_leaves_a_row_that_was_replaced_meanwhile(monkeypatch):
    account = make_account("Cloudviet", password=SECRET)
    newer = vault.seal(account.uuid, {"password": "newer"})
    rows = vault.SealedColumn.rows

    def rows_then_replaced(column):
        for row in rows(column):
            type(account).objects.filter(pk=account.pk).update(sealed_credential=newer)
            yield row

    monkeypatch.setattr(vault.SealedColumn, "rows", rows_then_replaced)
    assert vault.rotate().moved == 1
    account.refresh_from_db()
    assert vault.open_sealed(account.uuid, account.sealed_credential) == {"password": "newer"}


@pytest.mark.django_db
def test_every_sealed_column_is_found_by_its_name():
    found = {(column.model._meta.label, column.name) for column in vault.sealed_columns()}
    assert {("accounts.ProviderAccount", "sealed_credential"), ("accounts.AccountTokens", "sealed")} <= found


@pytest.mark.django_db
def test_the_start_is_stopped_by_a_key_that_sealed_nothing_here(settings):
    assert checks.check_vault_opens(databases=["default"]) == []
    make_account("Cloudviet", password=SECRET)
    assert checks.check_vault_opens(databases=["default"]) == []
    settings.HOLDFAST_VAULT_KEYS = [Fernet.generate_key().decode()]
    [problem] = checks.check_vault_opens(databases=["default"])
    assert problem.id == "accounts.E003"
    assert "not the one that sealed this data" in problem.msg
    assert "HOLDFAST_VAULT_KEYS" in str(problem.hint)


def test_a_key_that_is_no_key_is_told_by_its_place(settings):
    settings.HOLDFAST_VAULT_KEYS = [*settings.HOLDFAST_VAULT_KEYS, "short"]
    [problem] = checks.check_vault_keys()
    assert (problem.id, "Key 2" in problem.msg, "short" in problem.msg) == ("accounts.E002", True, False)
    settings.HOLDFAST_VAULT_KEYS = []
    assert [problem.id for problem in checks.check_vault_keys()] == ["accounts.E001"]


@pytest.mark.django_db
def test_the_database_itself_holds_no_secret():
    make_account("Cloudviet", password=SECRET)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM accounts_provideraccount a")
        rows = cursor.fetchall()
    assert rows
    assert SECRET not in json.dumps(rows)
