"""How a login's own details and its contacts come into the mirror."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from accounts.models import ProviderAccount
from profiles.models import Contact
from providers import resources
from providers.contract import Provider
from providers.resources import Page
from sync.declare import AccountSync, Ask, ResourceSync, family, registry
from sync.engine.clean import plain
from sync.models import Kind
from web.tones import Tone


class ProfileSync(AccountSync):
    """Whose login it is, kept with the account."""

    kind = Kind.PROFILE
    capability = "profile.profile"
    interval = timedelta(hours=24)

    def read(self, provider: Provider, ask: Ask) -> resources.Profile:
        return ask(family(provider.profile).profile)

    def write(self, account: ProviderAccount, answer: resources.Profile) -> int:
        """What the portal does not tell this time stays as it was."""
        row = ProviderAccount.objects.select_for_update().get(pk=account.pk)
        told = {name: value for name, value in plain(asdict(answer)).items() if value is not None}
        if told.items() <= row.upstream_profile.items():
            return 0
        row.upstream_profile = {**row.upstream_profile, **told}
        row.save(update_fields=["upstream_profile"])
        account.upstream_profile = row.upstream_profile
        return 1


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


registry.add(ProfileSync())
registry.add(ContactSync())
