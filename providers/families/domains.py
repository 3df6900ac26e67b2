"""Domains: the portfolio, prices and availability, orders, and what a registrar keeps of a name."""

from __future__ import annotations

from collections.abc import Sequence

from providers.families.missing import missing
from providers.offers import Availability, DomainOrder, FormField, Option, TldPrices
from providers.registrant import DnssecKey, DnssecKeyDraft, DomainContacts, EmailForward, WebForward
from providers.resources import Domain, DomainDetail, Order, Page, Price
from providers.secret import Secret


class Domains:
    def list(self, page: str | None = None) -> Page[Domain]:
        """One page of the account's domains; `page` is the `next` of the page before."""
        raise missing("domains.list")

    def detail(self, domain_id: str) -> DomainDetail:
        """One domain with name servers and dates. Raises NotFound when it is gone."""
        raise missing("domains.detail")

    def named(self, name: str) -> tuple[DomainDetail, ...]:
        """Every entry of the account with that name (an expired and an active one); empty where there is none."""
        raise missing("domains.named")

    # --- prices and orders ---------------------------------------------------------------------------------------------------

    def renewal_price(self, domain_id: str, years: int) -> Price:
        """What renewing this domain for `years` costs now in all, tax left aside. Raises InvalidRequest for a period that is not
        sold and NotSupported where the price is not known: it is never guessed."""
        raise missing("domains.renewal_price")

    def renew(self, domain_id: str, years: int, *, payment_method: str = "") -> Order:
        """Changes: orders a renewal. In HostBill that is an order with an invoice; the expiry moves once that is paid."""
        raise missing("domains.renew")

    def lookup(self, name: str) -> Availability:
        """Whether a name can be registered, and at which prices where the portal says so."""
        raise missing("domains.lookup")

    def prices(self) -> tuple[TldPrices, ...]:
        """The endings on sale with their prices. A published list carries the day it was read."""
        raise missing("domains.prices")

    def order_form(self, tld_id: str) -> tuple[FormField, ...]:
        """What an ending asks for beyond the usual; empty where that is nothing. `tld_id` as in `prices`."""
        raise missing("domains.order_form")

    def register(self, order: DomainOrder, *, payment_method: str = "") -> Order:
        """Changes: orders the registration of a name. The name is ours once upstream lists it as active, not before."""
        raise missing("domains.register")

    def transfer(self, order: DomainOrder, *, payment_method: str = "") -> Order:
        """Changes: orders a transfer to this portal, with `order.epp_code` where the ending needs one. Takes days."""
        raise missing("domains.transfer")

    # --- what the registrar keeps --------------------------------------------------------------------------------------------

    def nameservers(self, domain_id: str) -> tuple[str, ...]:
        """The name servers in order, in lower-case punycode without a final dot."""
        raise missing("domains.nameservers")

    def set_nameservers(self, domain_id: str, nameservers: Sequence[str]) -> None:
        """Changes: replaces the name servers; none puts the portal's own back where it knows such. Takes up to a day to spread."""
        raise missing("domains.set_nameservers")

    def register_nameserver(self, domain_id: str, host: str, addresses: Sequence[str]) -> None:
        """Changes: registers `host`, a name under this domain, as a name server with its addresses (glue)."""
        raise missing("domains.register_nameserver")

    def lock(self, domain_id: str) -> bool:
        """Whether the registrar lock is on, so that the domain can't be transferred away."""
        raise missing("domains.lock")

    def set_lock(self, domain_id: str, on: bool) -> None:
        """Changes: switches the registrar lock."""
        raise missing("domains.set_lock")

    def set_privacy(self, domain_id: str, on: bool) -> None:
        """Changes: switches ID protection (WHOIS privacy)."""
        raise missing("domains.set_privacy")

    def auto_renew(self, domain_id: str) -> bool:
        """Whether the portal renews it by itself."""
        raise missing("domains.auto_renew")

    def set_auto_renew(self, domain_id: str, on: bool) -> None:
        """Changes: switches renewal by itself."""
        raise missing("domains.set_auto_renew")

    def epp_code(self, domain_id: str) -> Secret:
        """The code with which the domain can be transferred away. Empty where the portal mails it; `words` then say so."""
        raise missing("domains.epp_code")

    def contacts(self, domain_id: str) -> DomainContacts:
        """Who stands in the registry, by role."""
        raise missing("domains.contacts")

    def set_contacts(self, domain_id: str, contacts: DomainContacts) -> None:
        """Changes: replaces who stands in the registry, for the roles that are given."""
        raise missing("domains.set_contacts")

    def email_forwards(self, domain_id: str) -> tuple[EmailForward, ...]:
        """The mailboxes that are forwarded."""
        raise missing("domains.email_forwards")

    def set_email_forwards(self, domain_id: str, forwards: Sequence[EmailForward]) -> None:
        """Changes: replaces all e-mail forwardings."""
        raise missing("domains.set_email_forwards")

    def set_web_forward(self, domain_id: str, forward: WebForward) -> None:
        """Changes: sets where a visitor of the domain is sent. HostBill has no way to read it back."""
        raise missing("domains.set_web_forward")

    def dnssec_flags(self, domain_id: str) -> tuple[Option, ...]:
        """The flags and algorithms that a key of this domain may have; empty where the portal leaves it open."""
        raise missing("domains.dnssec_flags")

    def dnssec_keys(self, domain_id: str) -> tuple[DnssecKey, ...]:
        """The keys that the registry has."""
        raise missing("domains.dnssec_keys")

    def add_dnssec_key(self, domain_id: str, key: DnssecKeyDraft) -> None:
        """Changes: gives the registry one more key."""
        raise missing("domains.add_dnssec_key")

    def remove_dnssec_key(self, domain_id: str, key_id: str) -> None:
        """Changes: takes a key from the registry. `key_id` as in `dnssec_keys`."""
        raise missing("domains.remove_dnssec_key")

    def refresh(self, domain_id: str) -> None:
        """Changes: has the portal fetch the domain's state from the registry. Harmless, but it moves what the portal shows."""
        raise missing("domains.refresh")

    def detach(self, domain_id: str) -> None:
        """Changes: takes a domain out of the account's management. The registration goes on, and renews if it did."""
        raise missing("domains.detach")
