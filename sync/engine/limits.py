"""How long, how much, how often. `HOLDFAST_SYNC` in the settings overrides by name; tests make things small with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Limits:
    """Times are in seconds."""

    slice_seconds: float = 100
    """How long a slice works before it commits its cursor and files the next one."""
    fair_seconds: float = 20
    """After so long a slice makes way when another run of its account waits."""
    lease_seconds: float = 60
    """How long a run stays its worker's own without a sign of life."""
    heartbeat_seconds: float = 15
    """How often the lease is renewed while upstream takes its time."""
    call_seconds: float = 90
    """How long one read may take; the transport's own deadline lies below."""
    runs_per_account: int = 1
    """Runs of one account that work at once, so that a hanging portal holds one place of the workers and not all."""
    write_batch: int = 500
    detail_batch: int = 100
    flush_seconds: float = 5
    checkpoint_seconds: float = 10
    """How often an unfinished list keeps its place."""
    short_wait_seconds: float = 10
    """A rate limit that ends sooner is waited for; a longer one ends the slice."""
    longest_pause_seconds: float = 3600
    vain_pause_seconds: float = 300
    """Who is told to wait for longer than this, and was told so before with nothing read in between, ends as failed."""
    concurrency: int = 4
    """Reads at once where neither account nor provider says otherwise."""
    hammer_stop: int = 5
    """Details in a row that upstream could not answer at all, after which the run stops asking."""
    refusal_stop: int = 20
    """Details in a row that upstream refused one by one, after which the run stops asking."""
    attempts: int = 5
    """Claims without one committed batch, after which a run is parked."""
    held_count: int = 5
    held_share: float = 0.2
    """More than so many and more than this share of an account's rows vanish: a person is asked."""
    mass_count: int = 10
    mass_share: float = 0.2
    """Likewise when so many rows move in the same grave column at once."""
    asked_missing: int = 10
    """So many things at most that a list lacks are asked for by themselves before they are taken for gone."""
    doubt_seconds: float = 86_400
    """For so long after the last complete list a missing thing stays of which the portal tells nothing when it is asked."""
    clock_slack_seconds: float = 120
    """A moment further ahead than this was written by a clock that has been put back since."""
    skipped_kept: int = 200
    """Skipped rows that are kept with their reason; beyond that they are only counted."""
    refile_seconds: float = 30
    """A queued run that nobody took up for so long is filed again."""
    tick_runs: int = 200
    """Runs that one tick starts at most: after downtime the rest comes with the next ticks."""
    backlog: int = 200
    """Routine runs that wait in the queue at most; what is due beyond that waits in Postgres, where it can be put in order."""
    outage_seconds: float = 10
    """After so long a run goes on whose slice lost the database."""
    backoff_first_seconds: float = 60
    backoff_longest_seconds: float = 3600
    unsupported_seconds: float = 86_400


def limits() -> Limits:
    overrides: dict[str, Any] = getattr(settings, "HOLDFAST_SYNC", {})
    return Limits(**overrides)
