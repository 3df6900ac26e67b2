"""Whose things the demo's things are: gives the sandbox's resources to demo customers, once their first sync has brought them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Customer, ProviderAccount
from sync.models import Kind, Resource, Schedule


def settled() -> bool:
    """Whether every kind of every demo account has been read completely at least once."""
    schedules = Schedule.objects.filter(
        account__is_demo=True, account__state=ProviderAccount.State.ACTIVE, supported=True
    )
    return schedules.exists() and not schedules.filter(last_complete_at=None).exists()


def assign(told: list[dict[str, Any]]) -> int:
    """Makes the customers and gives them what is theirs and nobody's yet. Returns how many things were given."""
    return sum(_assign_one(entry) for entry in told)


def read(path: Path) -> list[dict[str, Any]]:
    """The sandbox's own list of whose things its things are."""
    told: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return told


def _assign_one(entry: dict[str, Any]) -> int:
    customer, _made = Customer.objects.get_or_create(
        name=entry["name"], defaults={"email": entry.get("email", ""), "is_demo": True}
    )
    if not customer.is_demo:
        return 0
    return _unassigned().filter(_theirs(entry)).update(customer=customer)


def own_id(ids: list[str]) -> str:
    """A pattern for `<service>:<machine>` with one of these machine ids."""
    return f":({'|'.join(map(re.escape, ids))})$"


def _unassigned() -> QuerySet[Resource]:
    return Resource.objects.filter(account__is_demo=True, customer=None)


def _theirs(entry: dict[str, Any]) -> Q:
    """Domains and zones by name, the rest by upstream's id; tickets and invoices by the names that they mention."""
    names = entry["domains"]
    found = Q(domain__name__in=names) | Q(zone__name__in=names)
    listed = (
        ("services", Kind.SERVICES),
        ("certificates", Kind.CERTIFICATES),
        ("servers", Kind.MACHINES),
        ("machines", Kind.MACHINES),
    )
    for key, kind in listed:
        for provider, ids in entry.get(key, {}).items():
            found |= Q(account__provider=provider, kind=kind, upstream_id__in=ids)
            if key == "machines":
                # HostBill's hang on a service, which stands before the machine's own id.
                found |= Q(account__provider=provider, kind=kind, upstream_id__regex=own_id(ids))
    for name in names:
        found |= Q(kind=Kind.TICKETS, ticket__subject__icontains=name)
        found |= Q(
            kind=Kind.INVOICES, pk__in=Resource.objects.filter(invoice__lines__description__icontains=name).values("pk")
        )
    return found
