"""Whose login this is, and the account's contacts."""

from __future__ import annotations

from providers.errors import MalformedResponse
from providers.hostbill.answers import one_value
from providers.hostbill.parse.person import contact, contact_detail, profile
from providers.hostbill.parse.row import UnreadableRow
from providers.hostbill.portal import Portal, page_of, thing_of
from providers.resources import Contact, ContactDetail, Page, Profile


class ProfileFamily:
    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    def profile(self) -> Profile:
        """`GET /details`."""
        operation = "GET /details"
        value = one_value(self._portal.client.clientarea.user_details(), "client", operation=operation)
        try:
            return profile(value, self._portal.zone)
        except UnreadableRow as error:
            raise MalformedResponse(f"The login’s details can’t be read: {error}.", operation=operation) from None

    def list_contacts(self, page: str | None = None) -> Page[Contact]:
        """`GET /contact`, whole."""
        operation = "GET /contact"
        data = self._portal.whole(operation, self._portal.client.clientarea.list_contacts)
        return page_of(data, "contacts", parse=lambda row: contact(row, self._portal.zone), operation=operation)

    def contact(self, contact_id: str) -> ContactDetail:
        """`GET /contact/{id}`."""
        return thing_of(
            self._portal.client.clientarea.contact_details(contact_id),
            "contact",
            wanted=contact_id,
            parse=lambda row: contact_detail(row, self._portal.zone),
            operation="GET /contact/{id}",
        )
