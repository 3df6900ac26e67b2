"""Whose login this is, its contacts, what the portal tells it; and how a new one is made."""

from __future__ import annotations

from providers import families
from providers.errors import MalformedResponse
from providers.hostbill.answers import one_value
from providers.hostbill.discretion import keeping
from providers.hostbill.drafts import (
    contact_fields,
    looks_like_email,
    nothing_given,
    person_fields,
    refused,
    sign_up_fields,
)
from providers.hostbill.listed import readable
from providers.hostbill.parse.figures import table
from providers.hostbill.parse.notice import log_entry, newest_first, notification
from providers.hostbill.parse.person import contact, contact_detail, profile
from providers.hostbill.parse.privileges import privileges_on_offer
from providers.hostbill.parse.row import UnreadableRow, scalar_text
from providers.hostbill.portal import Portal, for_account, page_of, thing_of
from providers.people import (
    AffiliatePart,
    ContactDraft,
    LogEntry,
    Notification,
    PersonDraft,
    Privilege,
    SignUp,
    Table,
)
from providers.resources import Contact, ContactDetail, Page, Profile

UNREAD = "GET /notifications/new"


@for_account
class ProfileFamily(families.ProfileFamily):
    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self._area = portal.client.clientarea

    def profile(self) -> Profile:
        """`GET /details`."""
        operation = "GET /details"
        value = one_value(self._area.user_details(), "client", operation=operation)
        try:
            return profile(value, self.portal.zone)
        except UnreadableRow as error:
            raise MalformedResponse(f"The login’s details can’t be read: {error}.", operation=operation) from None

    def update(self, draft: PersonDraft) -> None:
        """Changes: `PUT /details`."""
        fields = person_fields(draft)
        if not fields:
            raise nothing_given()
        self.portal.change("PUT /details", lambda: self._area.update_user_details(fields))

    # --- contacts ------------------------------------------------------------------------------------------------------------

    def list_contacts(self, page: str | None = None) -> Page[Contact]:
        """`GET /contact`, whole."""
        operation = "GET /contact"
        data = self.portal.whole(operation, self._area.list_contacts)
        return page_of(data, "contacts", parse=lambda row: contact(row, self.portal.zone), operation=operation)

    def contact(self, contact_id: str) -> ContactDetail:
        """`GET /contact/{id}`."""
        return thing_of(
            self._area.contact_details(contact_id),
            "contact",
            wanted=contact_id,
            parse=lambda row: contact_detail(row, self.portal.zone),
            operation="GET /contact/{id}",
        )

    def privileges(self) -> tuple[Privilege, ...]:
        """`GET /contact/privileges`."""
        operation = "GET /contact/privileges"
        data = self.portal.whole(operation, self._area.contact_privileges)
        return privileges_on_offer(one_value(data, "privileges", operation=operation))

    def add_contact(self, draft: ContactDraft) -> str:
        """Changes: `POST /contact`."""
        fields = contact_fields(draft)
        if not draft.email:
            raise refused({"email": "A contact needs an e-mail address."})
        with keeping(draft.password):
            data = self.portal.change("POST /contact", lambda: self._area.add_contact(fields))
        answer = data if isinstance(data, dict) else {}
        return next((text for key in ("contact_id", "id") if (text := scalar_text(answer.get(key)))), "")

    def change_contact(self, contact_id: str, draft: ContactDraft) -> None:
        """Changes: `PUT /contact/{id}`. The documents name no password there: whoever gives one is refused."""
        if draft.password is not None:
            raise refused({"password": "This portal takes a contact’s password only when the contact is made."})
        fields = contact_fields(draft)
        if not fields:
            raise nothing_given()
        self.portal.change("PUT /contact/{id}", lambda: self._area.edit_contact(contact_id, fields))

    # --- what the portal tells -----------------------------------------------------------------------------------------------

    def notifications(self, *, unread: bool = False, about: tuple[str, str] | None = None) -> tuple[Notification, ...]:
        """`GET /notifications`, or `GET /notifications/new` for the unread ones where the portal has it."""
        apart = unread and self.portal.capabilities.offers(UNREAD)
        operation = UNREAD if apart else "GET /notifications"
        ask = self._area.list_new_notifications if apart else self._area.list_notifications
        kind, key = about or (None, None)
        data = self.portal.whole(operation, lambda: ask(rel_type=kind, rel_id=key))
        found = readable(
            data,
            "notifications",
            parse=lambda row: notification(row, self.portal.zone, unread=apart),
            operation=operation,
        )
        wanted = (one for one in found if one.read is not True) if unread else found
        return newest_first(tuple(one for one in wanted if about is None or one.about in (None, about)))

    def acknowledge(self, notification_id: str) -> None:
        """Changes: `PUT /notifications/{id}/ack`."""
        operation = "PUT /notifications/{id}/ack"
        self.portal.change(operation, lambda: self._area.acknowledge_notification(notification_id))

    def log(self) -> tuple[LogEntry, ...]:
        """`GET /logs`."""
        operation = "GET /logs"
        data = self.portal.whole(operation, self._area.user_logs)
        lines = readable(data, "logs", "log", parse=lambda row: log_entry(row, self.portal.zone), operation=operation)
        return newest_first(lines)

    def affiliate(self, part: AffiliatePart) -> Table:
        """`GET /affiliates/<part>`."""
        ask = {
            AffiliatePart.SUMMARY: self._area.affiliate_summary,
            AffiliatePart.CAMPAIGNS: self._area.affiliate_campaigns,
            AffiliatePart.COMMISSIONS: self._area.affiliate_commissions,
            AffiliatePart.PAYOUTS: self._area.affiliate_payouts,
            AffiliatePart.VOUCHERS: self._area.affiliate_vouchers,
            AffiliatePart.COMMISSION_PLANS: self._area.affiliate_commission_plans,
        }[part]
        data = self.portal.whole(f"GET /affiliates/{part.value}", ask)
        return table(data, part.value)

    # --- without being signed in ---------------------------------------------------------------------------------------------

    def sign_up(self, draft: SignUp) -> None:
        """Changes: `POST /signup`, unsigned."""
        fields = sign_up_fields(draft)
        with keeping(draft.password):
            self.portal.change("POST /signup", lambda: self._area.sign_up(fields))

    def request_password_reset(self, email: str) -> None:
        """Changes: `POST /passwordreset`, unsigned."""
        if not looks_like_email(email):
            raise refused({"email": "This is no e-mail address."})
        self.portal.change("POST /passwordreset", lambda: self._area.reset_password(email.strip()))
