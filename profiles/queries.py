"""The reads of profiles that pages and API share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import ProviderAccount, User
from profiles.models import Contact
from sync.models import Kind, Resource, Schedule
from sync.scoping import present, visible
from web.shell import Scope

KIND_OF_GROUP = {"services": Kind.SERVICES, "domains": Kind.DOMAINS}


def contacts_visible_to(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[Contact]:
    """The contacts that this person may see, those that upstream no longer lists included."""
    return visible(Contact.objects.all(), user, scope)


def contacts(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[Contact]:
    """The contacts that upstream lists at the accounts this person may see."""
    return present(contacts_visible_to(user, scope))


def things_named(contact: Contact) -> dict[str, Resource]:
    """The mirrored services and domains that this contact's privileges name one by one, as `group.id`."""
    named: dict[str, set[str]] = {}
    for key in contact.privileges or ():
        group, _dot, rest = key.partition(".")
        thing, _dot, _last = rest.rpartition(".")
        if thing and group in KIND_OF_GROUP:
            named.setdefault(group, set()).add(thing)
    return {
        f"{group}.{found.upstream_id}": found
        for group, ids in named.items()
        for found in _of_account(contact.resource.account, KIND_OF_GROUP[group], ids)
    }


def _of_account(account: ProviderAccount, kind: Kind, ids: Iterable[str]) -> QuerySet[Resource]:
    return Resource.objects.filter(account=account, kind=kind, upstream_id__in=sorted(ids))


def profile_read_at(account: ProviderAccount) -> datetime | None:
    """When the portal last told whose login it is."""
    read = Schedule.objects.filter(account=account, kind=Kind.PROFILE)
    return read.values_list("last_complete_at", flat=True).first()
