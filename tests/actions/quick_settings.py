"""The desk's settings for a worker whose waits are seconds where the real ones are minutes; nothing else differs."""

from __future__ import annotations

from portal import settings

globals().update({name: value for name, value in vars(settings).items() if name.isupper()})

HOLDFAST_ACTIONS = {
    "lease_seconds": 5.0,
    "heartbeat_seconds": 0.5,
    "refile_seconds": 4.0,
    "look_seconds": (0.5, 1.0, 1.0, 2.0),
    "look_lease_seconds": 6.0,
    "absent_seconds": 4.0,
    "enquiry_lease_seconds": 30.0,
}
"""A lease still outlasts a request in flight, because heartbeats renew it; two looks are still further apart than the longest delay
with which a portal of these tests carries out what it was asked."""
