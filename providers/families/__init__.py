"""What a portal can do, family by family.

Each method here only raises NotSupported: an adapter subclasses a family and overrides what its portal offers. What it overrides is
what it can do (`offered_by`), narrowed by what the portal, the preset or the token take away.

A method *reads* unless its docstring begins with `Changes:`, so that nobody infers it from an HTTP verb. After a change,
`Unavailable` and `RateLimited` mean that nothing happened, `OutcomeUnknown` that it may have. Every method may raise the errors of
`providers.errors` and nothing else.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from providers.families.billing import Billing
from providers.families.catalog import Catalog
from providers.families.certificates import Certificates
from providers.families.dns import Dns
from providers.families.domains import Domains
from providers.families.missing import missing
from providers.families.profile import ProfileFamily
from providers.families.services import Machines, Services
from providers.families.support import Support

__all__ = [
    "FAMILIES",
    "Billing",
    "Catalog",
    "Certificates",
    "Dns",
    "Domains",
    "Machines",
    "ProfileFamily",
    "Services",
    "Support",
    "changes",
    "methods",
    "missing",
    "offered_by",
]

FAMILIES: dict[str, type[Any]] = {
    "domains": Domains,
    "dns": Dns,
    "billing": Billing,
    "support": Support,
    "services": Services,
    "certificates": Certificates,
    "catalog": Catalog,
    "profile": ProfileFamily,
}
"""By the name of the attribute of a provider, and the first half of a capability."""


def methods(family: str) -> Iterator[str]:
    """The names of a family's methods, in no order that means anything. Raises KeyError."""
    return (name for name, _ in inspect.getmembers(FAMILIES[family], inspect.isfunction) if not name.startswith("_"))


def changes(capability: str) -> bool:
    """Whether `family.method` changes something upstream. Raises KeyError or AttributeError for one that does not exist."""
    family, _, method = capability.partition(".")
    return (inspect.getdoc(getattr(FAMILIES[family], method)) or "").startswith("Changes:")


def offered_by(provider: Any) -> frozenset[str]:
    """Every `family.method` that an adapter has written, whatever its portal says about it."""
    return frozenset(
        f"{family}.{method}"
        for family, base in FAMILIES.items()
        if (written := getattr(provider, family, None)) is not None
        for method in methods(family)
        if getattr(type(written), method, None) not in (None, getattr(base, method))
    )
