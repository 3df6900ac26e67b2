"""Where a mirrored thing has its page. The apps that draw them stand above this one, so they are known by URL name."""

from __future__ import annotations

from typing import Final

from django.urls import NoReverseMatch, reverse

from sync.models import Change, Kind, Resource

PAGES: Final = {
    Kind.DOMAINS: "domains:domain-detail",
    Kind.ZONES: "domains:zone-detail",
    Kind.INVOICES: "billing:invoice-detail",
    Kind.TICKETS: "support:ticket-detail",
    Kind.SERVICES: "services:service-detail",
    Kind.MACHINES: "services:machine-detail",
    Kind.CERTIFICATES: "services:certificate-detail",
    Kind.CONTACTS: "profiles:contact-detail",
}

ANOTHER_ID: Final = frozenset({"replaces", "replaced_by"})
"""The changes that tell of two things: the portal gave one another id."""


def page_of(resource: Resource) -> str:
    """The thing's page, empty for kinds that have none."""
    name = PAGES.get(Kind(resource.kind))
    if name is None:
        return ""
    try:
        return reverse(name, args=[resource.pk])
    except NoReverseMatch:
        return ""


def other_page(change: Change) -> str:
    """The page of the thing that took the place of this one, or whose place it took; empty for every other change."""
    if change.field not in ANOTHER_ID:
        return ""
    other = (change.old or change.new or {}).get("resource")
    return page_of(Resource(pk=other, kind=change.resource.kind)) if other else ""


def action_page(action: int) -> str:
    """The page of one of our actions, by its id; empty where there is none."""
    try:
        return reverse("actions:action-detail", args=[action])
    except NoReverseMatch:
        return ""
