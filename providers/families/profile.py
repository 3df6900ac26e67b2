"""The login itself: its details, contacts, notifications, log and affiliate figures; and how a new one is made."""

from __future__ import annotations

from providers.families.missing import missing
from providers.people import AffiliatePart, ContactDraft, LogEntry, Notification, PersonDraft, Privilege, SignUp, Table
from providers.resources import Contact, ContactDetail, Page, Profile


class ProfileFamily:
    def profile(self) -> Profile:
        """Whose login this is; the cheapest authenticated read, used to test a credential."""
        raise missing("profile.profile")

    def update(self, draft: PersonDraft) -> None:
        """Changes: sets the given details of the login; what is None stays."""
        raise missing("profile.update")

    def list_contacts(self, page: str | None = None) -> Page[Contact]:
        """One page of the contacts (sub-accounts)."""
        raise missing("profile.list_contacts")

    def contact(self, contact_id: str) -> ContactDetail:
        """One contact with address and privileges."""
        raise missing("profile.contact")

    def privileges(self) -> tuple[Privilege, ...]:
        """What a contact may be allowed, with what it means."""
        raise missing("profile.privileges")

    def add_contact(self, draft: ContactDraft) -> str:
        """Changes: makes a contact and returns its id, empty where upstream does not say it."""
        raise missing("profile.add_contact")

    def change_contact(self, contact_id: str, draft: ContactDraft) -> None:
        """Changes: sets the given details and privileges of a contact; what is None stays."""
        raise missing("profile.change_contact")

    def notifications(self, *, unread: bool = False, about: tuple[str, str] | None = None) -> tuple[Notification, ...]:
        """What the portal told the login, all or the unread, all or those `about` a kind and id of thing."""
        raise missing("profile.notifications")

    def acknowledge(self, notification_id: str) -> None:
        """Changes: marks a notification as read."""
        raise missing("profile.acknowledge")

    def log(self) -> tuple[LogEntry, ...]:
        """What happened in the account, newest first, as the portal logs it."""
        raise missing("profile.log")

    def affiliate(self, part: AffiliatePart) -> Table:
        """The figures of the login as an affiliate, as the portal names them: their shape is documented nowhere."""
        raise missing("profile.affiliate")

    # --- without being signed in ---------------------------------------------------------------------------------------------

    def sign_up(self, draft: SignUp) -> None:
        """Changes: makes a new login at the portal. Sent without a credential."""
        raise missing("profile.sign_up")

    def request_password_reset(self, email: str) -> None:
        """Changes: has the portal mail a link with which the password can be reset. Sent without a credential."""
        raise missing("profile.request_password_reset")
