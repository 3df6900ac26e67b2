"""Writes what is ours on mirrored things; sync never touches these columns, and these writers never touch sync's."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import Customer, User
from sync.models import Resource
from sync.queries import resources_visible_to


def assign_customer(user: User, picked: Sequence[int], customer: Customer | None) -> int:
    """Gives the things that this person may see to a customer (or to nobody); returns how many that are."""
    mine = resources_visible_to(user).filter(pk__in=picked).values("pk")
    return Resource.objects.filter(pk__in=mine).update(customer=customer)


def keep_ours(resource: Resource, *, customer: Customer | None, tags: Sequence[str], notes: str) -> None:
    Resource.objects.filter(pk=resource.pk).update(customer=customer, tags=list(tags), notes=notes)
