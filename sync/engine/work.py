"""What one slice carries through its stages."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db.models import Q

from accounts.models import ProviderAccount
from providers.contract import Provider
from providers.errors import RateLimited
from sync.declare import AccountSync, ResourceSync
from sync.engine.calls import Calls
from sync.engine.clean import clean_text
from sync.engine.cursor import Cursor
from sync.engine.limits import Limits
from sync.models import Run, SkippedRow

DeclarationT = TypeVar("DeclarationT", ResourceSync[Any, Any], AccountSync)


class SliceOver(Exception):
    """The slice's time is up; what it did is committed."""


class Paused(Exception):
    """The portal wants us to wait for longer than a slice should; what was done is committed."""

    def __init__(self, limited: RateLimited) -> None:
        super().__init__(limited.retry_after)
        self.seconds = limited.retry_after
        self.limited = limited


class Parked(Exception):
    """The run was claimed again and again and never came to commit anything."""


class Skips:
    """The rows that this run could not read. Remembered across slices, so that a page read twice tells each once."""

    def __init__(self, run: Run, kept: int) -> None:
        self._run = run
        self._kept = kept
        self._fresh: list[SkippedRow] = []
        self._told: set[tuple[str, str]] = set()
        if run.skipped:
            self._told.update(run.skipped_rows.values_list("upstream_id", "reason"))

    def add(self, upstream_id: str, name: str, reason: str) -> None:
        upstream_id, reason = clean_text(str(upstream_id), 200), clean_text(str(reason), 500)
        if (upstream_id, reason) in self._told:
            return
        self._told.add((upstream_id, reason))
        self._fresh.append(
            SkippedRow(run=self._run, upstream_id=upstream_id, name=clean_text(str(name), 300), reason=reason)
        )

    def write(self) -> None:
        """Inside `hold`'s transaction."""
        room = max(0, self._kept - self._run.skipped)
        SkippedRow.objects.bulk_create(self._fresh[:room])
        self._run.skipped += len(self._fresh)
        self._fresh = []


@dataclass(slots=True)
class Work(Generic[DeclarationT]):
    run: Run
    account: ProviderAccount
    declaration: DeclarationT
    provider: Provider
    calls: Calls
    rules: Limits
    cursor: Cursor
    skips: Skips
    until: float
    """When the slice ends, on the monotonic clock."""
    kept_at: float = field(default_factory=time.monotonic)
    began_at: float = field(default_factory=time.monotonic)
    looked_at: float = 0.0
    reads_details: bool | None = None
    """Whether the portal gives details of this kind; asked once a slice (`sync.engine.rows.reads_details`)."""

    @property
    def over(self) -> bool:
        """Whether the slice's time is up: its own, or sooner because another run of the account waits for this one, or because
        somebody waits for a run that nobody took up yet."""
        now = time.monotonic()
        if now >= self.until:
            return True
        if now - self.began_at < self.rules.fair_seconds or now - self.looked_at < self.rules.flush_seconds:
            return False
        self.looked_at = now
        waited_for = Q(urgent=True, state=Run.State.QUEUED, account__state=ProviderAccount.State.ACTIVE)
        before = Q(account=self.run.account_id) | waited_for
        return Run.objects.filter(before, state__in=Run.UNDER_WAY).exclude(pk=self.run.pk).exists()

    def ask(self, read: Callable[[], Any]) -> Any:
        """One read, with short rate limits waited for. Raises Paused for long ones, and what the provider raised."""
        while True:
            try:
                return self.calls.ask(read)
            except RateLimited as limited:
                if limited.retry_after > self.rules.short_wait_seconds or self.over:
                    raise Paused(limited) from limited
                self.calls.wait(max(0.2, limited.retry_after))
