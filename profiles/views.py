from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.access import person_of, seen_account
from accounts.roles import may_act
from profiles.filters import ContactFilters
from profiles.models import Contact
from profiles.queries import contacts, contacts_visible_to, profile_read_at, things_named
from profiles.tables import ContactTable
from profiles.words import Granted, granted
from sync.links import page_of
from sync.lists import MirrorList, listed
from sync.models import Kind
from sync.titles import history_of, title_of
from web.detail import PART, Tab, render_detail
from web.listing import BulkAction, EmptyState, SavedView


class ContactList(MirrorList):
    kind = Kind.CONTACTS
    table_class = ContactTable
    filterset_class = ContactFilters
    title = _("Contacts")
    lead = _("Who else has a login at your accounts, and what each may do there.")
    views = listed(SavedView("", _("All")))
    empty = EmptyState(
        _("No contact yet"),
        _("The people who share an account’s login at its portal stand here with what they may do there."),
        _("Connect an account"),
        "/accounts/",
        "users",
    )

    def rows(self) -> QuerySet[Contact]:
        return contacts_visible_to(self.request.user, self.scope)

    def bulk_actions(self) -> Sequence[BulkAction]:
        return [BulkAction(_("Assign customer"), reverse("sync:assign-customer"))] if may_act(self.request.user) else ()


@dataclass(frozen=True, slots=True)
class Area:
    """What a contact may do in one place; `name` and `url` of the one thing that it is about."""

    granted: Granted
    name: str = ""
    url: str = ""


@login_required
@require_GET
def contact_detail(request: HttpRequest, pk: int, tab: str = "") -> HttpResponse:
    """A contact with what it may do, or its history."""
    contact = get_object_or_404(contacts_visible_to(request.user), pk=pk)
    title = title_of(
        contact.resource,
        request.user,
        mono=False,
        status=(contact.resource.tone, _("Company") if contact.is_company else _("Person")),
        back=(_("Contacts"), reverse("profiles:contact-list")),
    )
    return render_detail(
        request,
        title=title,
        body=PART if tab == "history" else "profiles/_contact.html",
        tabs=[
            Tab("", _("Contact"), reverse("profiles:contact-detail", args=[pk])),
            Tab("history", _("History"), reverse("profiles:contact-history", args=[pk])),
        ],
        current=tab,
        context={
            "contact": contact,
            "areas": _areas(contact) if tab == "" else (),
            "part": history_of(contact.resource),
        },
    )


def _areas(contact: Contact) -> list[Area]:
    things = things_named(contact)
    return [_area(one, things) for one in granted(contact.privileges or ())]


def _area(one: Granted, things: dict[str, Any]) -> Area:
    thing = things.get(f"{one.group}.{one.thing}")
    return Area(one, thing.name, page_of(thing)) if thing else Area(one, one.thing)


@login_required
@require_GET
def account_profile(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose login an account is, for the account's page."""
    account = seen_account(request, pk)
    context = {
        "account": account,
        "profile": account.upstream_profile,
        "read_at": profile_read_at(account),
        "contact_count": contacts(person_of(request)).filter(resource__account=account).count(),
    }
    return render(request, "profiles/_profile.html", context)
