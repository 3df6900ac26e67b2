"""Who and what the tests of this room are about."""

from django.utils import timezone

from accounts import vault
from accounts.models import ProviderAccount, User
from accounts.roles import Role, grant

PASSWORD = "a long enough pass phrase"


def make_account(name, *, password="upstream-password-1", **columns):
    columns.setdefault("provider", "cloudviet")
    columns.setdefault("base_url", "https://portal.example/api")
    columns.setdefault("auth", "basic")
    account = ProviderAccount(
        name=name, login_hint="agency@example.com", credential_changed_at=timezone.now(), **columns
    )
    account.sealed_credential = vault.seal(account.uuid, {"username": "agency@example.com", "password": password})
    account.save()
    return account


def make_person(name, role=None):
    user = User.objects.create_user(f"{name.lower()}@agency.example", PASSWORD, name=name)
    if role is not None:
        grant(user, role)
    return user


def alice():
    return make_person("Alice", Role.ADMINISTRATOR)


def bob():
    return make_person("Bob", Role.STAFF)


def rita():
    """May read and nothing else."""
    return make_person("Rita", Role.READER)


def charlie():
    """Signs in, has no role."""
    return make_person("Charlie")
