"""The reads of the ledger that pages, API and overview share."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from accounts.models import User
from actions.models import OPEN, Action, ActionEvent, Enquiry, Stage, State
from sync.models import Change, Kind, Resource
from web.shell import Scope

OPEN_ONES = Q(state__in=OPEN)
UNKNOWN = Q(state=State.UNKNOWN)
STALLED = Q(state=State.SUCCEEDED, stage=Stage.STALLED)
UNDER_WAY = OPEN_ONES | (Q(state=State.SUCCEEDED) & ~Q(stage=Stage.DONE))
MONEY_UNDER_WAY = Q(price__isnull=False) & UNDER_WAY
WAITS_FOR_PERSON = UNKNOWN | STALLED


def actions_visible_to(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[Action]:
    found = Action.objects.visible_to(user).select_related("account", "actor", "resource")
    if scope is None:
        return found
    if not scope.pk.isdecimal():
        return found.none()
    if scope.kind == "account":
        return found.filter(account_id=int(scope.pk))
    return found.filter(resource__customer_id=int(scope.pk))


def waiting_for_people(user: User | AnonymousUser, scope: Scope | None = None) -> QuerySet[Action]:
    """Those that nobody but a person brings on: outcome unknown, or a chain that stands still."""
    return actions_visible_to(user, scope).filter(WAITS_FOR_PERSON)


def actions_of(resource: Resource) -> QuerySet[Action]:
    """Newest first. Who may see the resource may see these."""
    return resource.actions.select_related("account", "actor", "resource")


def events_of(action: Action) -> QuerySet[ActionEvent]:
    return action.events.select_related("user")


def enquiries_visible_to(user: User | AnonymousUser) -> QuerySet[Enquiry]:
    return Enquiry.objects.visible_to(user).select_related("account", "resource")


def invoice_of(action: Action, user: User | AnonymousUser) -> Resource | None:
    """The mirrored invoice that this action's result names by `invoice_id`."""
    named = str(action.result.get("invoice_id") or "")
    if not named:
        return None
    found = Resource.objects.visible_to(user).filter(account=action.account_id, kind=Kind.INVOICES, upstream_id=named)
    return found.first()


def changes_by(action: Action) -> QuerySet[Change]:
    """What syncs saw move because of it."""
    return Change.objects.filter(resource=action.resource_id, action=action.pk).select_related("resource__account")
