"""The desk's settings for a worker whose waits are seconds where the real ones are longer; nothing else differs."""

from __future__ import annotations

from portal import settings

globals().update({name: value for name, value in vars(settings).items() if name.isupper()})

HOLDFAST_SYNC = {"outage_seconds": 1.0, "refile_seconds": 1.0, "heartbeat_seconds": 1.0, "flush_seconds": 0.5}
