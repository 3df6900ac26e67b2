"""Records as a web agency has them. Addresses are from the ranges set aside for documentation."""

import base64
import hashlib
import random
from collections.abc import Iterator
from typing import NamedTuple


class Entry(NamedTuple):
    """`name` is relative, '' for the apex; SRV content is 'weight port target'."""

    name: str
    type: str
    content: str
    ttl: int = 3600
    priority: int = 0


def token(*parts: str, length: int = 32) -> str:
    """A text that looks like a key and is the same every time."""
    digest = b"".join(
        hashlib.sha512(f"{number}:{':'.join(parts)}".encode()).digest() for number in range(length // 64 + 1)
    )
    return base64.b64encode(digest).decode().replace("+", "k").replace("/", "Q").replace("=", "")[:length]


def address(domain: str, chance: random.Random) -> tuple[str, str]:
    number = chance.randrange(10, 250)
    network = "203.0.113" if domain.endswith("vn") else "198.51.100"
    return f"{network}.{number}", f"2001:db8:{52 if domain.endswith('vn') else 51}::{number:x}"


def website(domain: str, chance: random.Random) -> Iterator[Entry]:
    ipv4, ipv6 = address(domain, chance)
    yield Entry("", "A", ipv4)
    if chance.random() < 0.6:
        yield Entry("", "AAAA", ipv6)
    yield Entry("www", "CNAME", domain)
    for name in chance.sample(("shop", "booking", "old", "staging", "api", "blog", "cdn"), chance.randrange(0, 4)):
        yield Entry(name, "A", address(domain, chance)[0], chance.choice((300, 3600, 86400)))


def mail(domain: str, chance: random.Random, provider: str) -> Iterator[Entry]:
    yield Entry("", "MX", f"in1.mail.{provider}", 3600, 10)
    yield Entry("", "MX", f"in2.mail.{provider}", 3600, 20)
    extra = chance.choice(("", " include:sendgrid.example", " ip4:203.0.113.33", " include:_spf.newsletter.example"))
    yield Entry("", "TXT", f"v=spf1 include:_spf.{provider}{extra} {chance.choice(('~all', '-all'))}")
    yield Entry(
        "mail._domainkey",
        "TXT",
        f"v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA{token(domain, 'dkim', length=180)}",
    )
    yield Entry(
        "_dmarc",
        "TXT",
        f"v=DMARC1; p={chance.choice(('none', 'quarantine', 'reject'))}; rua=mailto:dmarc@{domain}; pct=100",
    )
    yield Entry("autodiscover", "CNAME", f"autodiscover.{provider}")
    yield Entry("_autodiscover._tcp", "SRV", f"1 443 autodiscover.{provider}", 3600, 0)


def trust(domain: str, chance: random.Random) -> Iterator[Entry]:
    yield Entry("", "CAA", '0 issue "letsencrypt.org"')
    yield Entry("", "TXT", f"google-site-verification={token(domain, 'google', length=43)}")
    if chance.random() < 0.4:
        yield Entry("_acme-challenge.shop", "TXT", token(domain, "acme", length=43), 300)


def telephony(domain: str) -> Iterator[Entry]:
    yield Entry("_sip._tcp", "SRV", f"5 5060 sip.{domain}", 3600, 10)
    yield Entry("sip", "A", "203.0.113.60" if domain.endswith("vn") else "198.51.100.60")


def zone(domain: str, chance: random.Random, provider: str) -> list[Entry]:
    """What a domain in use has; one in eight is parked and has just its page."""
    if chance.random() < 0.125:
        return [Entry("", "A", "203.0.113.250"), Entry("www", "CNAME", domain)]
    entries = [*website(domain, chance)]
    if chance.random() < 0.8:
        entries.extend(mail(domain, chance, provider))
    else:
        entries.append(Entry("", "TXT", "v=spf1 -all"))
    if chance.random() < 0.7:
        entries.extend(trust(domain, chance))
    if chance.random() < 0.15:
        entries.extend(telephony(domain))
    return entries
