"""The desk's settings for workers in the chaos: waits are seconds, everything else is as it is."""

from __future__ import annotations

from portal import settings

globals().update({name: value for name, value in vars(settings).items() if name.isupper()})

HOLDFAST_SYNC = {
    "slice_seconds": 3.0,
    "fair_seconds": 2.0,
    "lease_seconds": 5.0,
    "heartbeat_seconds": 0.5,
    "flush_seconds": 0.5,
    "checkpoint_seconds": 1.0,
    "short_wait_seconds": 2.0,
    "longest_pause_seconds": 4.0,
    "refile_seconds": 1.0,
    "outage_seconds": 1.0,
    "backoff_first_seconds": 0.5,
    "backoff_longest_seconds": 3.0,
    "unsupported_seconds": 4.0,
    "doubt_seconds": 4.0,
}
