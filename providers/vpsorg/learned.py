"""What is known of one account's API without asking: its form, the token's scopes, what was refused. Kept in the
account's memory."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from providers.contract import Memory
from providers.vpsorg.lists import Form

DAY = 24 * 3600
HOUR = 3600
MONTH = 30 * DAY
_FORM = "vpsorg.form"
_SCOPES = "vpsorg.scopes"
_REFUSED = "vpsorg.refused"


@dataclass(frozen=True, slots=True)
class Known:
    """A picture of what was known at one moment."""

    form: Form | None = None
    scopes: frozenset[str] = frozenset()
    """Empty where the portal does not say."""
    refused: frozenset[str] = frozenset()
    """Operations that the portal lacks, scopes that the token lacks (`dns`), scopes in which it may not write
    (`dns:write`)."""

    def reads(self, scope: str) -> bool:
        """Whether the token may read a family, as far as is known. No scope is needed where it is empty."""
        return not scope or (scope not in self.refused and self._covers(scope, "read"))

    def writes(self, scope: str) -> bool:
        return self.reads(scope) and f"{scope}:write" not in self.refused and self._covers(scope, "write")

    def _covers(self, scope: str, verb: str) -> bool:
        granted = {"*:*", f"*:{verb}", f"{scope}:*", f"{scope}:{verb}"}
        return not self.scopes or not granted.isdisjoint(self.scopes)


class Learned:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def now(self) -> Known:
        """Three looks into the memory, so take one picture for several questions."""
        return Known(self.form(), frozenset(self._kept_scopes() or ()), frozenset(self._kept_refusals()))

    def form(self) -> Form | None:
        kept = self._memory.get(_FORM)
        return Form(kept) if isinstance(kept, str) and kept in set(Form) else None

    def keep_form(self, form: Form) -> None:
        self._memory.set(_FORM, form.value, keep_seconds=MONTH)

    def scopes_asked(self) -> bool:
        """Whether somebody has asked for the token's scopes lately."""
        return self._kept_scopes() is not None

    def keep_scopes(self, scopes: Iterable[str], *, seconds: int = DAY) -> None:
        """`scopes` is empty where the portal does not tell them."""
        self._memory.set(_SCOPES, sorted(scopes), keep_seconds=seconds)

    def refuse(self, what: str) -> None:
        """Keeps something for a day in `Known.refused`. Of two that are learned at once, one may be lost, and is
        learned again."""
        self._memory.set(_REFUSED, {**self._kept_refusals(), what: time.time() + DAY}, keep_seconds=DAY)

    def _kept_scopes(self) -> list[str] | None:
        kept = self._memory.get(_SCOPES)
        return [one for one in kept if isinstance(one, str)] if isinstance(kept, list) else None

    def _kept_refusals(self) -> dict[str, float]:
        kept = self._memory.get(_REFUSED)
        items = kept.items() if isinstance(kept, Mapping) else ()
        now = time.time()
        return {str(key): float(until) for key, until in items if isinstance(until, int | float) and until > now}
