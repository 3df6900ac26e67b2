from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domains.dns.groups import Purpose, grouped, purpose_of


@dataclass
class Line:
    name: str
    type: str
    content: str
    priority: int | None = None


@pytest.mark.parametrize(
    ("name", "kind", "content", "purpose"),
    [
        ("@", "A", "103.56.156.9", Purpose.WEBSITE),
        ("www", "CNAME", "havnebycykler.dk.", Purpose.WEBSITE),
        ("*.staging", "A", "103.56.158.77", Purpose.WEBSITE),
        ("@", "ALIAS", "edge.example.net.", Purpose.WEBSITE),
        ("@", "HTTPS", "1 . alpn=h2", Purpose.WEBSITE),
        ("emailing", "A", "192.0.2.1", Purpose.WEBSITE),
        ("@", "MX", "in1.mail.dns.services.", Purpose.MAIL),
        ("@", "TXT", "v=spf1 include:_spf.dns.services ~all", Purpose.MAIL),
        ("@", "TXT", "V=SPF1 -all", Purpose.MAIL),
        ("_dmarc", "TXT", "v=DMARC1; p=quarantine", Purpose.MAIL),
        ("_dmarc.shop", "CNAME", "dmarc.example.net.", Purpose.MAIL),
        ("mail._domainkey", "TXT", "v=DKIM1; k=rsa; p=MIIB", Purpose.MAIL),
        ("k1._domainkey", "CNAME", "dkim.mcsv.net.", Purpose.MAIL),
        ("_smtp._tls", "TXT", "v=TLSRPTv1; rua=mailto:a@example.com", Purpose.MAIL),
        ("mail", "A", "192.0.2.25", Purpose.MAIL),
        ("smtp2", "AAAA", "2001:db8::25", Purpose.MAIL),
        ("autodiscover", "CNAME", "autodiscover.dns.services.", Purpose.MAIL),
        ("_imaps._tcp", "SRV", "1 993 mail.example.com.", Purpose.MAIL),
        ("@", "CAA", '0 issue "letsencrypt.org"', Purpose.TRUST),
        ("@", "TXT", "google-site-verification=5yTqk0", Purpose.TRUST),
        ("@", "TXT", "MS=ms12345678", Purpose.TRUST),
        ("_acme-challenge.shop", "TXT", "Jr0mYd8l7kQv", Purpose.TRUST),
        ("_acme-challenge", "CNAME", "x.acme.example.", Purpose.TRUST),
        ("_github-pages-challenge-alice", "TXT", "abc", Purpose.TRUST),
        ("_443._tcp", "TLSA", "3 1 1 ab", Purpose.TRUST),
        ("@", "NS", "ns1.dns.services.", Purpose.DELEGATION),
        ("@", "SOA", "ns1. host. 1 2 3 4 5", Purpose.DELEGATION),
        ("sub", "DS", "1 13 2 ab", Purpose.DELEGATION),
        ("_sip._tcp", "SRV", "1 5060 sip.example.com.", Purpose.OTHER),
        ("@", "TXT", "opening hours 9 to 5", Purpose.OTHER),
        ("x", "TYPE65280", "\\# 0", Purpose.OTHER),
    ],
)
def test_a_record_stands_where_a_person_would_look_for_it(name, kind, content, purpose):
    assert purpose_of(name, kind, content) is purpose


def test_the_zones_own_name_stands_first_and_mail_servers_follow_their_priority():
    lines = [
        Line("shop", "A", "192.0.2.2"),
        Line("www", "CNAME", "example.com."),
        Line("@", "A", "192.0.2.1"),
        Line("@", "TXT", "v=spf1 -all"),
        Line("@", "MX", "b.example.com.", 20),
        Line("@", "MX", "c.example.com.", 10),
    ]
    website, mail = grouped(lines)
    assert [line.name for line in website.records] == ["@", "www", "shop"]
    assert [(line.type, line.priority) for line in mail.records] == [("MX", 10), ("MX", 20), ("TXT", None)]


def test_a_purpose_without_records_is_left_out():
    assert [group.purpose for group in grouped([Line("@", "NS", "ns1.example.com.")])] == [Purpose.DELEGATION]


@given(st.lists(st.builds(Line, st.text(), st.text(), st.text(), st.none() | st.integers(0, 65535))))
def test_every_record_is_shown_once_whatever_upstream_calls_it(lines):
    shown = [line for group in grouped(lines) for line in group.records]
    assert sorted(map(id, shown)) == sorted(map(id, lines))
