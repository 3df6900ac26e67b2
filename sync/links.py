"""Where a mirrored thing has its page. The apps that draw them stand above this one, so they are known by URL name."""

from __future__ import annotations

from typing import Final

from django.urls import NoReverseMatch, reverse

from sync.models import Kind, Resource

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


def page_of(resource: Resource) -> str:
    """The thing's page, empty for kinds that have none."""
    name = PAGES.get(Kind(resource.kind))
    if name is None:
        return ""
    try:
        return reverse(name, args=[resource.pk])
    except NoReverseMatch:
        return ""


def action_page(action: int) -> str:
    """The page of one of our actions, by its id; empty where there is none."""
    try:
        return reverse("actions:action-detail", args=[action])
    except NoReverseMatch:
        return ""
