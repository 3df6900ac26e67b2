"""Domains. The page documents list, register, get, update, delete and transfer, with an integer `domain_id`; the rest
was seen, with a uuid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from providers.vpsorg.client.group import Group, given


class Domains(Group):
    def list(
        self,
        *,
        page: int | None = None,
        page_size: int | None = None,
        status: str | None = None,
        search: str | None = None,
    ) -> Any:
        """GET /domains/ (page): `{"count", "results"}`, in the present form with `next` and `previous` (seen).

        `status`: active, pending, expired or locked. `search` looks into the names. `page` counts from 1, `page_size`
        is 20 unless said and at most 100; both are of the present form alone.
        """
        return self._list("/domains/", page, page_size, status=status, search=search)

    def register(
        self,
        domain_name: str,
        *,
        years: int | None = None,
        auto_renew: bool | None = None,
        privacy_protection: bool | None = None,
        nameservers: Sequence[str] | None = None,
    ) -> Any:
        """POST /domains/ (page). Changes: registers a name, charged to the balance at once.

        `years` 1 to 10, 1 unless said; `auto_renew` and `privacy_protection` (WHOIS) are on unless said; `nameservers`
        the portal's own unless said. Answers 201 with the domain, `pending` for 5 to 10 minutes, `total_cost` in US
        dollars and a `message`. 400 for a name that is invalid or taken, 402 when the balance does not cover it.
        """
        body = given(
            domain_name=domain_name,
            years=years,
            auto_renew=auto_renew,
            privacy_protection=privacy_protection,
            nameservers=None if nameservers is None else list(nameservers),
        )
        return self._change("POST", "/domains/", body=body)

    def get(self, domain_id: str) -> Any:
        """GET /domains/{domain_id}/ (page): one domain with `registrar`, `whois_info`, `days_until_expiration` and
        `dns_records_count`. 404 when the account has no such domain."""
        return self._read("GET", "/domains/{domain_id}/", domain_id=domain_id)

    def update(
        self,
        domain_id: str,
        *,
        auto_renew: bool | None = None,
        privacy_protection: bool | None = None,
        whois_privacy: bool | None = None,
        nameservers: Sequence[str] | None = None,
        locked: bool | None = None,
        transfer_lock: bool | None = None,
    ) -> Any:
        """PUT /domains/{domain_id}/ (page). Changes what is given and nothing else, to judge by the page's example.

        `nameservers` 2 to 4, taking up to 24 hours to spread; `locked` against transfers. `whois_privacy` and
        `transfer_lock` are how the present form spells `privacy_protection` and `locked` in what it shows (seen).
        Answers the settings and a `message`. 400, 404.
        """
        body = given(
            auto_renew=auto_renew,
            privacy_protection=privacy_protection,
            whois_privacy=whois_privacy,
            nameservers=None if nameservers is None else list(nameservers),
            locked=locked,
            transfer_lock=transfer_lock,
        )
        return self._change("PUT", "/domains/{domain_id}/", body=body, domain_id=domain_id)

    def delete(self, domain_id: str) -> Any:
        """DELETE /domains/{domain_id}/ (page). Changes: takes the domain out of the account. It stays registered, and
        renews if auto-renewal is on. Answers 204. 404."""
        return self._change("DELETE", "/domains/{domain_id}/", domain_id=domain_id)

    def transfer(self, domain_id: str, *, auth_code: str, auto_renew: bool | None = None) -> Any:
        """POST /domains/{domain_id}/transfer/ (page). Changes: begins the transfer from another registrar, 5 to 7 days,
        with a year of renewal charged to the balance at once.

        `auth_code` is the EPP code of the present registrar; `auto_renew` is on unless said. Answers 200 with
        `transfer_status`, `transfer_initiated_at`, `estimated_completion`, `message` and `next_steps`. 400 for a bad
        code or a domain that is not eligible, 402, 404. The page does not say how a domain held elsewhere gets an id.
        """
        body = given(auth_code=auth_code, auto_renew=auto_renew)
        return self._change("POST", "/domains/{domain_id}/transfer/", body=body, domain_id=domain_id)

    def search(self, domain: str) -> Any:
        """POST /domains/search/ (seen): whether a name can be registered. Reads, in spite of its verb; the answer's
        shape is not documented."""
        return self._read("POST", "/domains/search/", body={"domain": domain})

    def update_nameservers(self, uuid: str, nameservers: Sequence[str]) -> Any:
        """POST /domains/{uuid}/update_nameservers/ (seen). Changes: replaces the name servers, 1 to 4 of them. 400,
        404."""
        body = {"nameservers": [*nameservers]}
        return self._change("POST", "/domains/{uuid}/update_nameservers/", body=body, uuid=uuid)

    def renew(self, uuid: str, *, years: int) -> Any:
        """POST /domains/{uuid}/renew/ (seen). Changes: renews for `years` (public clients send 1 unless told), charged
        to the balance at once. The answer's shape is not documented. 402 when the balance does not cover it, 404."""
        return self._change("POST", "/domains/{uuid}/renew/", body={"years": years}, uuid=uuid)
