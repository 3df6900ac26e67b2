# ruff: noqa: ARG001  # fixtures name the database fixture to have it first
from __future__ import annotations

import pytest

from accounts.models import ProviderAccount, User
from accounts.roles import Role, grant
from sync.due import ensure_schedules
from tests.sync.double import Portal


@pytest.fixture
def account(db: None) -> ProviderAccount:
    return make_account("Acme Copenhagen")


def make_account(name: str, **fields: object) -> ProviderAccount:
    made = ProviderAccount.objects.create(
        **{"provider": "double", "name": name, "base_url": "https://double.example/api", "auth": "bearer", **fields}
    )
    ensure_schedules(made)
    return made


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def alice(db: None) -> User:
    return _person("alice@example.com", Role.ADMINISTRATOR)


@pytest.fixture
def bob(db: None) -> User:
    return _person("bob@example.com", Role.STAFF)


@pytest.fixture
def charlie(db: None) -> User:
    return User.objects.create_user("charlie@example.com", "outside-the-desk")


def _person(email: str, role: Role) -> User:
    user = User.objects.create_user(email, "a-long-password")
    grant(user, role)
    return user
