"""Whose login this is, and the account's contacts."""

from __future__ import annotations

from providers import families
from providers.errors import MalformedResponse
from providers.hostbill.answers import one_value
from providers.hostbill.parse.person import contact, contact_detail, profile
from providers.hostbill.parse.row import UnreadableRow
from providers.hostbill.portal import Portal, for_account, page_of, thing_of
from providers.resources import Contact, ContactDetail, Page, Profile


@for_account
class ProfileFamily(families.ProfileFamily):
    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def profile(self) -> Profile:
        """`GET /details`."""
        operation = "GET /details"
        value = one_value(self.portal.client.clientarea.user_details(), "client", operation=operation)
        try:
            return profile(value, self.portal.zone)
        except UnreadableRow as error:
            raise MalformedResponse(f"The login’s details can’t be read: {error}.", operation=operation) from None

    def list_contacts(self, page: str | None = None) -> Page[Contact]:
        """`GET /contact`, whole."""
        operation = "GET /contact"
        data = self.portal.whole(operation, self.portal.client.clientarea.list_contacts)
        return page_of(data, "contacts", parse=lambda row: contact(row, self.portal.zone), operation=operation)

    def contact(self, contact_id: str) -> ContactDetail:
        """`GET /contact/{id}`."""
        return thing_of(
            self.portal.client.clientarea.contact_details(contact_id),
            "contact",
            wanted=contact_id,
            parse=lambda row: contact_detail(row, self.portal.zone),
            operation="GET /contact/{id}",
        )
