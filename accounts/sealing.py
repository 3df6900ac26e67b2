"""The vault's door for the rooms above: what the ledger must keep secret, sealed for one account and one purpose.

A sealed text opens for the account and the purpose that it was made for and for no other, so that copying one into another row
reveals nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts import vault
from accounts.errors import VaultError
from accounts.models import ProviderAccount


def seal(account: ProviderAccount, purpose: str, secret: Mapping[str, Any]) -> str:
    """The sealed text of a JSON mapping. `purpose` names the row that keeps it, such as `action:12`."""
    return vault.seal(account.uuid, {"purpose": purpose, "secret": dict(secret)})


def unseal(account: ProviderAccount, purpose: str, sealed: str) -> dict[str, Any]:
    """What was sealed for this account and purpose. Raises VaultError."""
    opened = vault.open_sealed(account.uuid, sealed)
    if opened.get("purpose") != purpose:
        raise VaultError("The sealed data was made for something else: a row was copied or swapped in the database.")
    secret: dict[str, Any] = opened["secret"]
    return secret
