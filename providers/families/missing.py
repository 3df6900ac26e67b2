"""What a family answers for what its portal does not offer."""

from __future__ import annotations

from providers.errors import NotSupported


def missing(capability: str) -> NotSupported:
    """The error of a method that an adapter leaves out; `capability` is `family.method`."""
    return NotSupported("This portal does not offer that in its API.", operation=capability)
