"""How a portal's contacts become rows."""

from __future__ import annotations

from datetime import timedelta

from profiles.models import Contact
from providers import resources
from providers.contract import Provider
from providers.resources import Page
from sync.declare import ResourceSync, family, registry
from sync.models import Kind
from web.tones import Tone


class ContactSync(ResourceSync[resources.Contact, resources.ContactDetail]):
    kind = Kind.CONTACTS
    model = Contact
    capability = "profile.list_contacts"
    detail_capability = "profile.contact"
    interval = timedelta(hours=24)
    quiet = frozenset({"last_login_at"})

    def list_page(self, provider: Provider, token: str | None) -> Page[resources.Contact]:
        return family(provider.profile).list_contacts(token)

    def read_detail(self, provider: Provider, upstream_id: str) -> resources.ContactDetail:
        return family(provider.profile).contact(upstream_id)

    def tone(self, row: Contact) -> Tone:
        return Tone.FINE


registry.add(ContactSync())
