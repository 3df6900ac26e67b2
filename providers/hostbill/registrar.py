"""What the registrar keeps of a domain of a HostBill portal.

No page names the parameters of these changes. They are what HostBill's own templates and the clients that others publish for the
same API call them; where there is a read, whoever changed something can see by it whether it was taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from providers import families
from providers.errors import NotSupported
from providers.hostbill.client.domains import Domains as Client
from providers.hostbill.orders import host, refusal
from providers.hostbill.parse import registrar as parse
from providers.hostbill.portal import Portal, for_account, understood
from providers.registrant import DomainContacts, EmailForward, ForwardKind, WebForward
from providers.secret import Secret
from providers.values import Unreadable, to_ip

MOST_NAMESERVERS = 13


@for_account
class Registrar(families.Domains):
    portal: Portal

    def nameservers(self, domain_id: str) -> tuple[str, ...]:
        """`GET /domain/{id}/ns`, or as `GET /domain/{id}` tells them where the registrar's module has no such question."""
        try:
            data = self._client.domain_nameservers(domain_id)
        except NotSupported:
            told = self.detail(domain_id).nameservers
            if told is None:
                raise
            return told
        return understood("GET /domain/{id}/ns", lambda: parse.nameservers_told(data))

    def set_nameservers(self, domain_id: str, nameservers: Sequence[str]) -> None:
        """Changes: `PUT /domain/{id}/ns`; an empty list puts the portal's own back. Many registries take 2 to 4."""
        hosts = [
            host("nameservers", name, "A name server is a host name, such as ns1.example.com.") for name in nameservers
        ]
        if len(set(hosts)) != len(hosts):
            raise refusal("nameservers", "The same name server stands there twice.")
        if len(hosts) > MOST_NAMESERVERS:
            raise refusal("nameservers", f"A domain has at most {MOST_NAMESERVERS} name servers.")
        self._change("PUT /domain/{id}/ns", domain_id, lambda: self._client.update_domain_nameservers(domain_id, hosts))

    def register_nameserver(self, domain_id: str, host: str, addresses: Sequence[str]) -> None:
        """Changes: `POST /domain/{id}/reg` with `NameServer`, the name without the domain, and `NameServerIP`, a list where
        there are several addresses. Reads the domain first for its name."""
        label = label_under(self.detail(domain_id).name, host)
        found = [_address(text) for text in addresses]
        if not found:
            raise refusal("addresses", "A name server needs at least one address.")
        fields = {"NameServer": label, "NameServerIP": found[0] if len(found) == 1 else found}
        self._change(
            "POST /domain/{id}/reg", domain_id, lambda: self._client.register_domain_nameservers(domain_id, fields)
        )

    def lock(self, domain_id: str) -> bool:
        """`GET /domain/{id}/reglock`."""
        data = self._client.domain_lock(domain_id)
        return understood("GET /domain/{id}/reglock", lambda: parse.switch(data, *parse.LOCK))

    def set_lock(self, domain_id: str, on: bool) -> None:
        """Changes: `PUT /domain/{id}/reglock` with `switch`."""
        fields = {"switch": _word(on)}
        self._change("PUT /domain/{id}/reglock", domain_id, lambda: self._client.update_domain_lock(domain_id, fields))

    def set_privacy(self, domain_id: str, on: bool) -> None:
        """Changes: `PUT /domain/{id}/idprotection` with `switch`. `GET /domain/{id}` tells how it stands."""
        fields = {"switch": _word(on)}
        self._change(
            "PUT /domain/{id}/idprotection", domain_id, lambda: self._client.update_id_protection(domain_id, fields)
        )

    def auto_renew(self, domain_id: str) -> bool:
        """`GET /domain/{id}/autorenew`."""
        data = self._client.domain_autorenew(domain_id)
        return understood("GET /domain/{id}/autorenew", lambda: parse.switch(data, *parse.AUTO_RENEW))

    def set_auto_renew(self, domain_id: str, on: bool) -> None:
        """Changes: `PUT /domain/{id}/autorenew` with `autorenew`."""
        fields = {"autorenew": _word(on)}
        self._change(
            "PUT /domain/{id}/autorenew", domain_id, lambda: self._client.update_domain_autorenew(domain_id, fields)
        )

    def epp_code(self, domain_id: str) -> Secret:
        """`GET /domain/{id}/epp`."""
        data = self._client.domain_epp_code(domain_id)
        return understood("GET /domain/{id}/epp", lambda: parse.epp_code(data))

    def contacts(self, domain_id: str) -> DomainContacts:
        """`GET /domain/{id}/contact`."""
        data = self._client.domain_contacts(domain_id)
        return understood("GET /domain/{id}/contact", lambda: parse.contacts(data, self.portal.zone))

    def set_contacts(self, domain_id: str, contacts: DomainContacts) -> None:
        """Changes: `PUT /domain/{id}/contact` with `contact_info`, the people by role in the spelling of the portal's contacts."""
        given = {role: one for role in parse.ROLES if (one := getattr(contacts, role)) is not None}
        if not given:
            raise refusal("contacts", "There is nobody to enter.")
        for role, one in given.items():
            if one.email and "@" not in one.email:
                raise refusal(role, "This is no e-mail address.")
        fields = {"contact_info": {role: parse.person_fields(one) for role, one in given.items()}}
        self._change(
            "PUT /domain/{id}/contact", domain_id, lambda: self._client.update_domain_contacts(domain_id, fields)
        )

    def email_forwards(self, domain_id: str) -> tuple[EmailForward, ...]:
        """`GET /domain/{id}/emforwarding`."""
        data = self._client.email_forwarding(domain_id)
        return understood("GET /domain/{id}/emforwarding", lambda: parse.email_forwards(data))

    def set_email_forwards(self, domain_id: str, forwards: Sequence[EmailForward]) -> None:
        """Changes: `PUT /domain/{id}/emforwarding` with `from` and `to`: two texts for one forwarding, two lists of which each
        pair is one for several, two empty lists for none."""
        pairs = list(dict.fromkeys((parse.alias_of(one.alias), one.to.strip()) for one in forwards))
        for _, to in pairs:
            if not _is_address(to):
                raise refusal("to", "This is no e-mail address.")
        sources, targets = [alias for alias, _ in pairs], [to for _, to in pairs]
        one = len(pairs) == 1
        fields = {"from": sources[0] if one else sources, "to": targets[0] if one else targets}
        self._change(
            "PUT /domain/{id}/emforwarding", domain_id, lambda: self._client.update_email_forwarding(domain_id, fields)
        )

    def set_web_forward(self, domain_id: str, forward: WebForward) -> None:
        """Changes: `PUT /domain/{id}/forwarding` with `url` and `frame`. HostBill knows a redirection and a frame; it does not say
        which redirection, so one that has to be temporary is refused."""
        if forward.kind is ForwardKind.TEMPORARY:
            raise refusal("kind", "This portal can’t be told that a forwarding is temporary.")
        url = forward.url.strip()
        if url and not _is_url(url):
            raise refusal("url", "This is no address of a web page, such as https://www.example.com/.")
        fields = {"url": url, "frame": "1" if forward.kind is ForwardKind.FRAME else "0"}
        self._change(
            "PUT /domain/{id}/forwarding", domain_id, lambda: self._client.update_domain_forwarding(domain_id, fields)
        )

    def refresh(self, domain_id: str) -> None:
        """Changes: `GET /domain/{id}/sync`, which is a change although a GET."""
        self._change("GET /domain/{id}/sync", domain_id, lambda: self._client.synchronize_domain(domain_id))

    @property
    def _client(self) -> Client:
        return self.portal.client.domains

    def _change(self, operation: str, domain_id: str, send: Callable[[], Any]) -> None:
        """Registrar modules differ: what one lacks, another domain's may have."""
        self.portal.change(operation, send, only_for=f"domain {domain_id}")


def _word(on: bool) -> str:
    return "true" if on else "false"


def label_under(domain: str, name: str) -> str:
    """What stands before the domain in the name of a name server. Raises InvalidRequest where it is not a name under it."""
    full = host("host", name, "This is no host name.")
    label = full.removesuffix(f".{domain}")
    if label == full or "*" in label:
        raise refusal("host", f"The name server has to be a name under {domain}, such as ns1.{domain}.")
    return label


def _address(text: str) -> str:
    try:
        found = to_ip(text)
    except Unreadable:
        found = None
    if not found or "/" in text:
        raise refusal("addresses", "This is no IP address.")
    return found


def _is_address(text: str) -> bool:
    local, _, domain = text.rpartition("@")
    return bool(local and "." in domain) and not any(sign.isspace() or sign in ",;" for sign in text)


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, text))
    except ValueError:
        return False
