"""What a kind is given while it sends, reconciles or follows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db import transaction

from accounts import sealing
from actions.engine import ledger
from actions.models import Action, State
from sync.engine.clean import plain
from sync.models import Resource


class Hand:
    """Implements `declare.Sending` for one claim of an action. Raises VaultError when the secret parameters can't be opened."""

    def __init__(self, action: Action) -> None:
        self._action = action
        self.action_id = action.pk
        self.resource: Resource | None = action.resource
        self.progress: Mapping[str, Any] = MappingProxyType(dict(action.progress))
        secret = (
            sealing.unseal(action.account, f"action:{action.pk}", action.sealed_parameters)
            if action.sealed_parameters
            else {}
        )
        self.parameters: Mapping[str, Any] = MappingProxyType({**action.parameters, **secret})

    def note(self, text: str, *, upstream_words: str = "") -> None:
        ledger.note(self._action, text, upstream_words=upstream_words)

    def keep(self, progress: Mapping[str, Any]) -> None:
        kept = plain(progress)
        partly = self._action.partly or self._action.sent_at is not None
        with transaction.atomic():
            ledger.renew(self._action)
            Action.objects.filter(pk=self._action.pk, state=State.RUNNING).update(progress=kept, partly=partly)
        self._action.progress, self._action.partly = kept, partly
        self.progress = MappingProxyType(dict(kept))
