"""Client area: tokens, the account's own details, contacts, notifications, affiliate figures, the account log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.hostbill.client.group import Group, given


class ClientArea(Group):
    def login(self, username: str, password: str) -> Any:
        """`POST /login`: exchanges e-mail and password for a token pair. Reads: repeating it harms nothing, though portals
        count logins (DNS.services: 25 in 240 s). Both portals. Sent without Authorization, and once.

        Answers `{"token": <JWT>, "refresh": <JWT>}`.
        """
        return self._read("POST", "/login", body={"username": username, "password": password}, signs_in=True)

    def refresh_token(self, refresh_token: str) -> Any:
        """`POST /token`: trades a refresh token for a new pair. Changes: it uses the refresh token up, so that a lost answer
        means logging in again. Both portals. Sent without Authorization.

        Answers `{"token": <JWT>, "refresh": <JWT>}`.
        """
        return self._change("POST", "/token", body={"refresh_token": refresh_token}, signed=False)

    def revoke_token(self, refresh_token: str | None = None) -> Any:
        """`POST /revoke`: ends an access token with its refresh token. Changes. Both portals.

        With `refresh_token` no Authorization is needed; without it, the token that signs the call is ended.
        Answers `{"status": true}`.
        """
        return self._change("POST", "/revoke", body=given(refresh_token=refresh_token), signed=refresh_token is None)

    def logout(self) -> Any:
        """`POST /logout`: invalidates the token in use. Changes. Both portals. Answers `{"status": true}`."""
        return self._change("POST", "/logout")

    def user_details(self) -> Any:
        """`GET /details`: the registration details of the login. Reads. Both portals. Answers `{"client": {...}}`."""
        return self._read("GET", "/details")

    def user_logs(self) -> Any:
        """`GET /logs`: the account's history log. Reads. DNS.services only; the shape of the answer is not documented."""
        return self._read("GET", "/logs")

    def affiliate_summary(self) -> Any:
        """`GET /affiliates/summary`. Reads. Both portals; the shape of the answer is not documented."""
        return self._read("GET", "/affiliates/summary")

    def affiliate_campaigns(self) -> Any:
        """`GET /affiliates/campaigns`. Reads. Both portals; the shape of the answer is not documented."""
        return self._read("GET", "/affiliates/campaigns")

    def affiliate_commissions(self) -> Any:
        """`GET /affiliates/commissions`: what was earned. Reads. Both portals; the shape is not documented."""
        return self._read("GET", "/affiliates/commissions")

    def affiliate_payouts(self) -> Any:
        """`GET /affiliates/payouts`: what was paid out. Reads. Both portals; the shape is not documented."""
        return self._read("GET", "/affiliates/payouts")

    def affiliate_vouchers(self) -> Any:
        """`GET /affiliates/vouchers`. Reads. Both portals; the shape of the answer is not documented."""
        return self._read("GET", "/affiliates/vouchers")

    def affiliate_commission_plans(self) -> Any:
        """`GET /affiliates/commissionplans`. Reads. Both portals; the shape of the answer is not documented."""
        return self._read("GET", "/affiliates/commissionplans")

    def list_contacts(self) -> Any:
        """`GET /contact`: the contacts (sub-accounts). Reads. Both portals. Answers `{"contacts": [...]}`."""
        return self._read("GET", "/contact")

    def contact_privileges(self) -> Any:
        """`GET /contact/privileges`: what a contact can be allowed. Reads. Both portals.

        Answers `{"privileges": {group: [...]}}`; `services` and `domains` hold a privilege map by id.
        """
        return self._read("GET", "/contact/privileges")

    def contact_details(self, contact_id: str) -> Any:
        """`GET /contact/{id}`: one contact with address and privileges. Reads. Both portals.

        Answers `{"contact": {...}}`.
        """
        return self._read("GET", "/contact/{id}", id=contact_id)

    def list_notifications(self, *, rel_type: str | None = None, rel_id: str | None = None) -> Any:
        """`GET /notifications`: every notification, optionally of one kind (`rel_type`) and thing (`rel_id`). Reads.

        Cloudviet only; the shape of the answer is not documented.
        """
        return self._read("GET", "/notifications", params=given(rel_type=rel_type, rel_id=rel_id))

    def list_new_notifications(self, *, rel_type: str | None = None, rel_id: str | None = None) -> Any:
        """`GET /notifications/new`: the unread notifications. Reads. Cloudviet only; the shape is not documented."""
        return self._read("GET", "/notifications/new", params=given(rel_type=rel_type, rel_id=rel_id))

    def sign_up(self, fields: Mapping[str, Any]) -> Any:
        """`POST /signup`: registers a new client account. Changes. Cloudviet. Sent without Authorization.

        Required: email, password, firstname, lastname, address1, city, state, postcode, country, phonenumber, type (Private or
        Company); companyname for a Company; optional: address2, mobilephone, currency (VND). Answers `{"info": [...]}`.
        """
        return self._change("POST", "/signup", body=fields, signed=False)

    def reset_password(self, email: str) -> Any:
        """`POST /passwordreset`: has a reset mail sent. Changes. Cloudviet. Sent without Authorization.

        Answers `{"info": [...]}`.
        """
        return self._change("POST", "/passwordreset", body={"email": email}, signed=False)

    def update_user_details(self, fields: Mapping[str, Any]) -> Any:
        """`PUT /details`: sets the given registration details (the fields of `sign_up` without password and currency, and
        telegramnotifications). Changes. Cloudviet. Answers `{"client": {...}, "info": [...]}`."""
        return self._change("PUT", "/details", body=fields)

    def add_contact(self, fields: Mapping[str, Any]) -> Any:
        """`POST /contact`: makes a contact; with a password it can log in. Changes. Cloudviet.

        Fields as in `update_user_details`, and password and privileges (as `contact_privileges` writes them).
        Answers `{"contact_id", "info"}`.
        """
        return self._change("POST", "/contact", body=fields)

    def edit_contact(self, contact_id: str, fields: Mapping[str, Any]) -> Any:
        """`PUT /contact/{id}`: sets the given details or privileges of a contact. Changes. Cloudviet. Answers `{"info"}`."""
        return self._change("PUT", "/contact/{id}", body=fields, id=contact_id)

    def acknowledge_notification(self, notification_id: str) -> Any:
        """`PUT /notifications/{id}/ack`: marks a notification as read. Changes. Cloudviet; the shape is not documented."""
        return self._change("PUT", "/notifications/{id}/ack", id=notification_id)
