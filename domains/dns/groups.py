"""What a record is for, told from its name, type and value, so that a zone reads as a few short lists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Purpose(StrEnum):
    """In the order in which a page shows them."""

    WEBSITE = "website"
    MAIL = "mail"
    TRUST = "trust"
    DELEGATION = "delegation"
    OTHER = "other"

    @property
    def label(self) -> str | Promise:
        return LABELS[self]


LABELS = {
    Purpose.WEBSITE: _("Website"),
    Purpose.MAIL: _("Mail"),
    Purpose.TRUST: _("Trust and verification"),
    Purpose.DELEGATION: _("Delegation"),
    Purpose.OTHER: _("Other"),
}

BY_TYPE = {
    "MX": Purpose.MAIL,
    "SPF": Purpose.MAIL,
    "CAA": Purpose.TRUST,
    "TLSA": Purpose.TRUST,
    "SSHFP": Purpose.TRUST,
    "SMIMEA": Purpose.TRUST,
    "OPENPGPKEY": Purpose.TRUST,
    "NS": Purpose.DELEGATION,
    "SOA": Purpose.DELEGATION,
    "DS": Purpose.DELEGATION,
    "CDS": Purpose.DELEGATION,
    "DNSKEY": Purpose.DELEGATION,
    "CDNSKEY": Purpose.DELEGATION,
}
POINTERS = frozenset({"A", "AAAA", "CNAME", "ALIAS", "ANAME", "HTTPS", "SVCB", "URL"})
"""Types that lead a visitor somewhere; a website unless the name says otherwise."""

MAIL_HOST = re.compile(r"(?:e?mail|webmail|smtp|imap|pop3?|mx|relay|autodiscover|autoconfig|mta-sts)\d*")
MAIL_LABELS = frozenset({"_domainkey", "_dmarc", "_mta-sts", "_bimi", "_smtp"})
MAIL_SERVICES = frozenset({"_imap", "_imaps", "_pop3", "_pop3s", "_submission", "_submissions", "_autodiscover"})
PROOF_LABEL = re.compile(r"_(?:acme-challenge|dnsauth|.*(?:challenge|verif|validation).*|[0-9a-f]{32})")
PROOF_VALUE = re.compile(
    r"verif|validation|^(?:ms=ms\d|_globalsign|have-i-been-pwned|docusign=|apple-domain)", re.IGNORECASE
)


class RecordLike(Protocol):
    """What the purpose of a record is told from."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def content(self) -> str: ...
    @property
    def priority(self) -> int | None: ...


def purpose_of(name: str, kind: str, content: str) -> Purpose:
    """What the record is for. `name` relative to the zone in lower case, as the mirror keeps it."""
    labels = name.lower().split(".")
    kind = kind.upper()
    if PROOF_LABEL.fullmatch(labels[0]) and kind in {"TXT", "CNAME"}:
        return Purpose.TRUST
    if not MAIL_LABELS.isdisjoint(labels) or (kind == "SRV" and labels[0] in MAIL_SERVICES):
        return Purpose.MAIL
    if kind in BY_TYPE:
        return BY_TYPE[kind]
    if kind in POINTERS:
        return Purpose.MAIL if MAIL_HOST.fullmatch(labels[0]) else Purpose.WEBSITE
    if kind == "TXT" and content.lower().startswith(("v=spf1", "v=dkim1", "v=dmarc1")):
        return Purpose.MAIL
    if kind == "TXT" and PROOF_VALUE.search(content):
        return Purpose.TRUST
    return Purpose.OTHER


def kept_by_portal(record: RecordLike) -> bool:
    """The start of authority and the zone's own name servers: a portal keeps them itself, and a mistake there takes the whole zone
    away."""
    return record.type == "SOA" or (record.type == "NS" and record.name == "@")


@dataclass(frozen=True, slots=True)
class Group:
    purpose: Purpose
    records: list[RecordLike]

    @property
    def edits(self) -> int:
        """How many of them are staged to become others, to come or to go."""
        return sum(getattr(record, "staged", None) is not None for record in self.records)

    @property
    def locked(self) -> bool:
        """Whether the portal keeps all of them itself."""
        return all(kept_by_portal(record) for record in self.records)


def grouped(records: Iterable[RecordLike]) -> list[Group]:
    """The records by purpose, empty purposes left out: the zone's own name first, then `www`, then by name and type."""
    found: dict[Purpose, list[RecordLike]] = {purpose: [] for purpose in Purpose}
    for record in sorted(records, key=_reading_order):
        found[purpose_of(record.name, record.type, record.content)].append(record)
    return [Group(purpose, members) for purpose, members in found.items() if members]


def _reading_order(record: RecordLike) -> tuple[bool, bool, bool, str, str, int, str]:
    return (
        record.name != "@",
        record.name != "www",
        record.type != "MX",
        record.name,
        record.type,
        record.priority or 0,
        record.content,
    )
