"""Domains: registrations, name servers, the registrar's own DNS, locks, contacts, prices and availability."""

from __future__ import annotations

from typing import Any

from providers.hostbill.client.group import Group


class Domains(Group):
    def list_domains(self) -> Any:
        """`GET /domain`: the account's domains. Reads. Both portals. Answers `{"domains": [...]}`."""
        return self._read("GET", "/domain")

    def domain_details(self, domain_id: str) -> Any:
        """`GET /domain/{id}`: one domain with dates and name servers. Reads. Both portals.

        Answers `{"details": {...}}`: an object here, a list by name.
        """
        return self._read("GET", "/domain/{id}", id=domain_id)

    def domain_details_by_name(self, name: str) -> Any:
        """`GET /domain/name/{name}`: every entry with that name (an expired and an active one). Reads. Both portals.

        Answers `{"details": [...]}`.
        """
        return self._read("GET", "/domain/name/{name}", name=name)

    def domain_nameservers(self, domain_id: str) -> Any:
        """`GET /domain/{id}/ns`. Reads. Both portals; the shape of the answer is not documented."""
        return self._read("GET", "/domain/{id}/ns", id=domain_id)

    def list_dns_records(self, domain_id: str) -> Any:
        """`GET /domain/{id}/dns`: the records kept at the registrar. Reads. Both portals.

        Answers `{"records": [...]}`; a record's `id` is an index that may renumber, `ttl` is 0 where none is kept.
        """
        return self._read("GET", "/domain/{id}/dns", id=domain_id)

    def dns_record_types(self, domain_id: str) -> Any:
        """`GET /domain/{id}/dns/types`: the record types this registrar takes. Reads. Both portals.

        Answers `{"types": ["A", ...]}`.
        """
        return self._read("GET", "/domain/{id}/dns/types", id=domain_id)

    def domain_epp_code(self, domain_id: str) -> Any:
        """`GET /domain/{id}/epp`: the transfer code. Reads, and reveals a secret. Both portals; shape not documented."""
        return self._read("GET", "/domain/{id}/epp", id=domain_id)

    def domain_lock(self, domain_id: str) -> Any:
        """`GET /domain/{id}/reglock`: the registrar lock. Reads. Both portals; the shape is not documented."""
        return self._read("GET", "/domain/{id}/reglock", id=domain_id)

    def domain_contacts(self, domain_id: str) -> Any:
        """`GET /domain/{id}/contact`: registrant and other contacts. Reads. Both portals; shape not documented."""
        return self._read("GET", "/domain/{id}/contact", id=domain_id)

    def email_forwarding(self, domain_id: str) -> Any:
        """`GET /domain/{id}/emforwarding`. Reads. Both portals; the shape of the answer is not documented."""
        return self._read("GET", "/domain/{id}/emforwarding", id=domain_id)

    def domain_autorenew(self, domain_id: str) -> Any:
        """`GET /domain/{id}/autorenew`. Reads. Both portals; the shape of the answer is not documented."""
        return self._read("GET", "/domain/{id}/autorenew", id=domain_id)

    def dnssec_flags(self, domain_id: str) -> Any:
        """`GET /domain/{id}/dnssec/flags`: the key flags that may be used. Reads. Both portals; shape not documented."""
        return self._read("GET", "/domain/{id}/dnssec/flags", id=domain_id)

    def list_dnssec_keys(self, domain_id: str) -> Any:
        """`GET /domain/{id}/dnssec`. Reads. Both portals; the shape of the answer is not documented."""
        return self._read("GET", "/domain/{id}/dnssec", id=domain_id)

    def domain_availability(self, name: str) -> Any:
        """`POST /domain/lookup`: whether a name can be registered. Reads. Both portals.

        Answers `{"available", "name", "premium", "periods": [{"period", "register", "transfer", "renew", "redemption"}]}`,
        periods in years, prices as strings in the account's currency.
        """
        return self._read("POST", "/domain/lookup", body={"name": name})

    def available_tlds(self) -> Any:
        """`GET /domain/order`: the TLDs on sale with prices per period of years. Reads. Both portals.

        Answers `{"tlds": [{"id", "tld", "periods": [...]}]}`.
        """
        return self._read("GET", "/domain/order")

    def tld_order_form(self, tld_id: str) -> Any:
        """`GET /domain/order/{id}/form`: the extra fields a TLD asks for. Reads. Both portals.

        Answers `{"forms": [...]}`.
        """
        return self._read("GET", "/domain/order/{id}/form", id=tld_id)
