"""Domains: registrations, name servers, the registrar's own DNS, locks, contacts, prices and availability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from providers.hostbill.client.group import Group, given


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

    def update_domain_nameservers(self, domain_id: str, nameservers: Sequence[str]) -> Any:
        """`PUT /domain/{id}/ns`: replaces the name servers; an empty list puts the provider's own back. Changes. Both portals.

        Answers `{"info": ["success_changes_save"]}`.
        """
        return self._change("PUT", "/domain/{id}/ns", body={"nameservers": list(nameservers)}, id=domain_id)

    def register_domain_nameservers(self, domain_id: str, fields: Mapping[str, Any]) -> Any:
        """`POST /domain/{id}/reg`: registers a name server (glue) under the domain. Changes. Both portals; neither parameters nor
        the shape of the answer are documented. HostBill's own form has NameServer (the name without the domain) and
        NameServerIP."""
        return self._change("POST", "/domain/{id}/reg", body=fields, id=domain_id)

    def create_dns_record(
        self, domain_id: str, *, name: str, record_type: str, content: str, priority: str | None = None
    ) -> Any:
        """`POST /domain/{id}/dns`: adds a record at the registrar. Changes. Both portals. There is no TTL.

        Answers `{"info": [...]}`, without an id.
        """
        body = given(name=name, type=record_type, priority=priority, content=content)
        return self._change("POST", "/domain/{id}/dns", body=body, id=domain_id)

    def update_dns_record(
        self,
        domain_id: str,
        index: str,
        *,
        name: str,
        record_type: str,
        content: str,
        priority: str | None = None,
    ) -> Any:
        """`PUT /domain/{id}/dns/{index}`: changes the record at that place. Changes. Both portals. Answers `{"info": [...]}`.

        The index may belong to another record after any other change: read the zone right before.
        """
        body = given(name=name, type=record_type, priority=priority, content=content)
        return self._change("PUT", "/domain/{id}/dns/{index}", body=body, id=domain_id, index=index)

    def remove_dns_record(self, domain_id: str, index: str) -> Any:
        """`DELETE /domain/{id}/dns/{index}`: removes the record at that place. Changes. Both portals. Answers `{"info": [...]}`.

        The index may belong to another record after any other change: read the zone right before.
        """
        return self._change("DELETE", "/domain/{id}/dns/{index}", id=domain_id, index=index)

    def synchronize_domain(self, domain_id: str) -> Any:
        """`GET /domain/{id}/sync`: has the portal fetch the domain's state from the registrar. Changes, although a GET.
        Both portals; the shape of the answer is not documented."""
        return self._change("GET", "/domain/{id}/sync", id=domain_id)

    def update_domain_lock(self, domain_id: str, fields: Mapping[str, Any]) -> Any:
        """`PUT /domain/{id}/reglock`: switches the registrar lock. Changes. Both portals; neither parameters nor the shape of
        the answer are documented. Clients of other portals send switch (true or false, as text)."""
        return self._change("PUT", "/domain/{id}/reglock", body=fields, id=domain_id)

    def update_id_protection(self, domain_id: str, fields: Mapping[str, Any]) -> Any:
        """`PUT /domain/{id}/idprotection`: switches WHOIS privacy. Changes. Both portals; neither parameters nor the shape of
        the answer are documented. Clients of other portals send switch (true or false, as text)."""
        return self._change("PUT", "/domain/{id}/idprotection", body=fields, id=domain_id)

    def update_domain_contacts(self, domain_id: str, fields: Mapping[str, Any]) -> Any:
        """`PUT /domain/{id}/contact`: sets the domain's contacts. Changes. Both portals; neither parameters nor the shape of
        the answer are documented. Clients of other portals send contact_info: people by registrant, admin, tech, billing."""
        return self._change("PUT", "/domain/{id}/contact", body=fields, id=domain_id)

    def update_email_forwarding(self, domain_id: str, fields: Mapping[str, Any]) -> Any:
        """`PUT /domain/{id}/emforwarding`: sets e-mail forwarding. Changes. Both portals; neither parameters nor the shape of
        the answer are documented. Clients of other portals send from (what stands before the @) and to (an address)."""
        return self._change("PUT", "/domain/{id}/emforwarding", body=fields, id=domain_id)

    def update_domain_forwarding(self, domain_id: str, fields: Mapping[str, Any]) -> Any:
        """`PUT /domain/{id}/forwarding`: sets web forwarding, which can't be read back. Changes. Both portals; neither
        parameters nor the shape of the answer are documented. Clients of other portals send url and frame (0 or 1)."""
        return self._change("PUT", "/domain/{id}/forwarding", body=fields, id=domain_id)

    def update_domain_autorenew(self, domain_id: str, fields: Mapping[str, Any]) -> Any:
        """`PUT /domain/{id}/autorenew`: switches auto-renewal. Changes. Both portals; neither parameters nor the shape of the
        answer are documented. Clients of other portals send autorenew (true or false, as text)."""
        return self._change("PUT", "/domain/{id}/autorenew", body=fields, id=domain_id)

    def add_dnssec_key(self, domain_id: str, fields: Mapping[str, Any]) -> Any:
        """`PUT /domain/{id}/dnssec`: adds a DNSSEC key. Changes. Both portals; neither parameters nor the shape of the answer
        are documented. HostBill's modules have flags, protocol, alg, pubkey, key (the key tag), digest_type, digest."""
        return self._change("PUT", "/domain/{id}/dnssec", body=fields, id=domain_id)

    def remove_dnssec_key(self, domain_id: str, key: str) -> Any:
        """`DELETE /domain/{id}/dnssec/{key}`: removes a DNSSEC key. Changes. Both portals; the shape is not documented."""
        return self._change("DELETE", "/domain/{id}/dnssec/{key}", id=domain_id, key=key)

    def order_domain(self, fields: Mapping[str, Any]) -> Any:
        """`POST /domain/order`: orders a registration or transfer. Changes: money. Both portals.

        Fields: name, years (text), action (register or transfer), tld_id, pay_method (int), epp (transfers), nameservers (2 to
        4, optional), registrant, admin, tech, billing (contact ids, optional), data (what the TLD asks for); aff_id at
        DNS.services alone. Answers `{"order_num", "invoice_id", "total", "items": {...}}`.
        """
        return self._change("POST", "/domain/order", body=fields)

    def renew_domain(self, domain_id: str, *, years: int, pay_method: int | None = None) -> Any:
        """`POST /domain/{id}/renew`: orders a renewal, which makes an invoice. Changes: money. Both portals; the shape of the
        answer is not documented. `years` is sent as text, as the page types it."""
        body = given(years=str(years), pay_method=pay_method)
        return self._change("POST", "/domain/{id}/renew", body=body, id=domain_id)
