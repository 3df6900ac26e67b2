"""How often something is charged, by HostBill's codes and by its words."""

from __future__ import annotations

from collections.abc import Mapping

from providers.offers import Cycle

CYCLES: Mapping[str, Cycle] = {
    "h": Cycle.HOURLY,
    "d": Cycle.DAILY,
    "w": Cycle.WEEKLY,
    "m": Cycle.MONTHLY,
    "q": Cycle.QUARTERLY,
    "s": Cycle.SEMIANNUALLY,
    "a": Cycle.ANNUALLY,
    "b": Cycle.BIENNIALLY,
    "t": Cycle.TRIENNIALLY,
    "p4": Cycle.QUADRENNIALLY,
    "p5": Cycle.QUINQUENNIALLY,
    "o": Cycle.ONCE,
    "one time": Cycle.ONCE,
    "onetime": Cycle.ONCE,
    "semi-annually": Cycle.SEMIANNUALLY,
    **{cycle.value: cycle for cycle in Cycle},
}


def cycle_of(code: str) -> Cycle:
    """UNKNOWN for a code that no page shows."""
    return CYCLES.get(code.strip().lower(), Cycle.UNKNOWN)
