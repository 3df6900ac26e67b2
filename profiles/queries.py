"""The reads of profiles that pages and API share."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import User
from profiles.models import Contact
from sync.scoping import present, visible
from web.shell import Scope


def contacts(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[Contact]:
    """The contacts that upstream lists at the accounts this person may see."""
    return present(visible(Contact.objects.all(), user, scope))
