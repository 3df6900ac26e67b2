"""Checks at the start: the vault's keys are keys, and they are the ones that sealed what lies in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections

from accounts import vault
from accounts.models import ProviderAccount


@register(Tags.security)
def check_vault_keys(**_context: Any) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    keys = list(settings.HOLDFAST_VAULT_KEYS)
    if not keys:
        problems.append(Error("There is no vault key.", hint=_MAKE_ONE, id="accounts.E001"))
    for position, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            problems.append(
                Error(f"Key {position} of HOLDFAST_VAULT_KEYS is not a Fernet key.", hint=_MAKE_ONE, id="accounts.E002")
            )
    return problems


@register(Tags.database)
def check_vault_opens(databases: Sequence[str] | None = None, **_context: Any) -> list[CheckMessage]:
    """Tries the oldest and the newest credential: both tell when the keys of another installation are in place."""
    if "default" not in (databases or ()) or check_vault_keys():
        return []
    try:
        if ProviderAccount._meta.db_table not in connections["default"].introspection.table_names():  # noqa: SLF001  # Django's documented model API
            return []
        accounts = ProviderAccount.objects.using("default").exclude(sealed_credential="").order_by("pk")
        probes = [found for found in (accounts.first(), accounts.last()) if found is not None]
    except DatabaseError as error:
        return [Error(f"The accounts can't be read from the database ({type(error).__name__}).", id="accounts.E004")]
    if all(vault.opens(account.sealed_credential) for account in probes):
        return []
    return [
        Error(
            "The vault key is not the one that sealed this data, so no credential can be read.",
            hint="Put the key that was used before into HOLDFAST_VAULT_KEYS, after the new one if there is a new one "
            "(comma separated). Then run `manage.py rotate_keys`.",
            id="accounts.E003",
        )
    ]


_MAKE_ONE = (
    "Make one with: python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())' "
    "and put it first in HOLDFAST_VAULT_KEYS."
)
