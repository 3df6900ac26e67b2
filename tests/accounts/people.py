"""Who and what the tests of this room are about."""

from typing import Any

from django.utils import timezone

from accounts import vault
from accounts.models import ProviderAccount, User
from accounts.roles import Role, grant
from sandbox.portal import Portal

PASSWORD = "a long enough pass phrase"


def make_account(name: str, *, password: str = "upstream-password-1", **columns: Any) -> ProviderAccount:
    columns.setdefault("provider", "cloudviet")
    columns.setdefault("base_url", "https://portal.example/api")
    columns.setdefault("auth", "basic")
    account = ProviderAccount(
        name=name, login_hint="agency@example.com", credential_changed_at=timezone.now(), **columns
    )
    account.sealed_credential = vault.seal(account.uuid, {"username": "agency@example.com", "password": password})
    account.save()
    return account


def make_person(name: str, role: Role | None = None) -> User:
    user = User.objects.create_user(f"{name.lower()}@agency.example", PASSWORD, name=name)
    if role is not None:
        grant(user, role)
    return user


def alice() -> User:
    return make_person("Alice", Role.ADMINISTRATOR)


def bob() -> User:
    return make_person("Bob", Role.STAFF)


def rita() -> User:
    """May read and nothing else."""
    return make_person("Rita", Role.READER)


def charlie() -> User:
    """Signs in, has no role."""
    return make_person("Charlie")


def account_at(portal: Portal, name: str, **changes: Any) -> ProviderAccount:
    """An account at one of the stand-in portals, with its own login unless told otherwise."""
    columns = {key: changes.pop(key) for key in ("is_demo", "open_to_staff") if key in changes}
    account = ProviderAccount(
        provider=portal.key,
        name=name,
        base_url=portal.base_url,
        auth=portal.auth,
        credential_changed_at=timezone.now(),
        **columns,
    )
    account.sealed_credential = vault.seal(account.uuid, {**portal.credential, **changes})
    account.save()
    return account
