"""The DNSSEC keys of a domain of a HostBill portal."""

from __future__ import annotations

from providers import families
from providers.hostbill.orders import refusal
from providers.hostbill.parse.dnssec import flag_options, key_fields, keys_told, problem
from providers.hostbill.portal import Portal, for_account, understood
from providers.offers import Option
from providers.registrant import DnssecKey, DnssecKeyDraft


@for_account
class Dnssec(families.Domains):
    portal: Portal

    def dnssec_flags(self, domain_id: str) -> tuple[Option, ...]:
        """`GET /domain/{id}/dnssec/flags`; the shape of the answer is not documented."""
        data = self.portal.client.domains.dnssec_flags(domain_id)
        return understood("GET /domain/{id}/dnssec/flags", lambda: flag_options(data))

    def dnssec_keys(self, domain_id: str) -> tuple[DnssecKey, ...]:
        """`GET /domain/{id}/dnssec`; the shape of the answer is not documented."""
        operation = "GET /domain/{id}/dnssec"
        data = self.portal.client.domains.list_dnssec_keys(domain_id)
        return understood(operation, lambda: keys_told(data, self.portal.zone, operation))

    def add_dnssec_key(self, domain_id: str, key: DnssecKeyDraft) -> None:
        """Changes: `PUT /domain/{id}/dnssec` with flags, protocol, alg, pubkey, key (the tag), digest_type and digest. No
        page names them: they are what HostBill's registrar modules call them."""
        wrong = problem(key)
        if wrong:
            raise refusal(*wrong)
        self.portal.change(
            "PUT /domain/{id}/dnssec",
            lambda: self.portal.client.domains.add_dnssec_key(domain_id, key_fields(key)),
            only_for=f"domain {domain_id}",
        )

    def remove_dnssec_key(self, domain_id: str, key_id: str) -> None:
        """Changes: `DELETE /domain/{id}/dnssec/{key}`."""
        self.portal.change(
            "DELETE /domain/{id}/dnssec/{key}",
            lambda: self.portal.client.domains.remove_dnssec_key(domain_id, key_id),
            only_for=f"domain {domain_id}",
        )
