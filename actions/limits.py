"""How long, how often, how patient. `HOLDFAST_ACTIONS` in the settings overrides by name; tests make things quick with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Limits:
    """Times are in seconds."""

    lease_seconds: float = 120
    """How long a claim holds without a sign of life: twice the transport's deadline for one change, so that the sweeper never takes
    an action from a live request even when the database was away meanwhile."""
    heartbeat_seconds: float = 20
    refile_seconds: float = 30
    """A queued action that nobody took up for so long is filed again."""
    attempts: int = 5
    """How often an idempotent kind is sent at most while its outcome stays unknown."""
    losses: int = 5
    """How many workers may die over one action before it is given up."""
    wait_seconds: tuple[float, ...] = (30, 60, 120, 300, 600, 900)
    """Between two attempts of a kind that may wait."""
    wait_longest_seconds: float = 86_400
    """After so long a kind that may wait gives up."""
    look_seconds: tuple[float, ...] = (15, 60, 60, 120, 300, 600, 1800, 3600)
    """Between two looks at an unknown outcome."""
    look_lease_seconds: float = 300
    """Nobody else looks meanwhile."""
    absent_seconds: float = 60
    """Two reads that do not find an action's effect are at least so far apart before it counts as not happened."""
    undecided_looks: int = 15
    """After so many looks that could not tell, only a person asks for another."""
    stall_seconds: float = 3 * 86_400
    """A chain that has not moved for so long stands still."""
    stalled_look_seconds: float = 6 * 3600
    sweep_rows: int = 500
    enquiry_lease_seconds: float = 150
    enquiry_patience_seconds: float = 600
    """An enquiry that was not asked by then is asked no more: nobody waits for it."""
    answer_longest_seconds: float = 3600


def limits() -> Limits:
    overrides: dict[str, Any] = getattr(settings, "HOLDFAST_ACTIONS", {})
    return Limits(**overrides)


def step_of(steps: tuple[float, ...], count: int) -> float:
    """The wait after `count` tries; the last one for ever."""
    return steps[min(max(count, 0), len(steps) - 1)]
