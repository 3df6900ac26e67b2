"""Secrets at rest: sealed under the vault's keys, each bound to the account that it belongs to.

The keys come from the environment (`HOLDFAST_VAULT_KEYS`); the first one seals, all of them open. By convention every text
column that holds something sealed has a name beginning with `sealed`: that is how `rotate_keys` and the start check find them,
in the apps above as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db.models import Model, TextField

from accounts.errors import VaultError

_BATCH: Final = 200


def seal(owner: UUID, secret: Mapping[str, Any]) -> str:
    """The sealed text of a JSON mapping, which opens for this owner only."""
    inside = json.dumps({"owner": str(owner), "secret": dict(secret)}, ensure_ascii=False, separators=(",", ":"))
    return _keys().encrypt(inside.encode("utf-8", "surrogatepass")).decode("ascii")


def open_sealed(owner: UUID, sealed: str) -> dict[str, Any]:
    """What was sealed for this owner. Raises VaultError."""
    try:
        inside = json.loads(_keys().decrypt(sealed.encode("utf-8")).decode("utf-8", "surrogatepass"))
    except InvalidToken:
        # `from None`: a traceback of what was being opened helps nobody and may end up in a log.
        raise VaultError(
            "The sealed data can't be opened: it was changed, or the vault key is not the one that sealed it."
        ) from None
    if inside["owner"] != str(owner):
        raise VaultError("The sealed data belongs to another account: a row was copied or swapped in the database.")
    secret: dict[str, Any] = inside["secret"]
    return secret


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _keys() -> MultiFernet:
    return _fernet(tuple(settings.HOLDFAST_VAULT_KEYS))


# --- all that is sealed, wherever it lies -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SealedColumn:
    model: type[Model]
    name: str

    def rows(self) -> Iterator[tuple[Any, str]]:
        """(primary key, sealed text) of every row that holds something."""
        held = self.model._default_manager.exclude(**{self.name: ""}).exclude(**{f"{self.name}__isnull": True})  # noqa: SLF001  # Django's documented model API
        return held.order_by("pk").values_list("pk", self.name).iterator(chunk_size=_BATCH)


@dataclass(slots=True)
class Rotation:
    """What a rotation did. `moved` rows were replaced by somebody in the meantime, hence with the new key already."""

    sealed_anew: int = 0
    moved: int = 0
    unreadable: int = 0


def sealed_columns() -> list[SealedColumn]:
    return [
        SealedColumn(model, column.name)
        for model in apps.get_models()
        for column in model._meta.concrete_fields  # noqa: SLF001  # Django's documented model API
        if isinstance(column, TextField) and column.name.startswith("sealed")
    ]


def rotate() -> Rotation:
    """Seals everything anew under the first key, row by row, without ever holding a lock for longer than one row."""
    done = Rotation()
    keys = _keys()
    for column in sealed_columns():
        for pk, sealed in column.rows():
            try:
                fresh = keys.rotate(sealed).decode("ascii")
            except InvalidToken:
                done.unreadable += 1
                continue
            same = column.model._default_manager.filter(**{"pk": pk, column.name: sealed})  # noqa: SLF001  # as above
            if same.update(**{column.name: fresh}):
                done.sealed_anew += 1
            else:
                done.moved += 1
    return done


def opens(sealed: str) -> bool:
    """Whether one of the keys sealed this, whomever it belongs to."""
    try:
        _keys().decrypt(sealed.encode("utf-8"))
    except InvalidToken:
        return False
    return True
