"""What a registry and a registrar keep of a domain beside its dates: people, forwardings, keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who stands in a registry. `country` is an ISO 3166 code, `phone` in the form +84.912345678; `extra` is what the portal has
    beside that, by its own names, so that nothing is lost when it is written back."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    email: str = ""
    address: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainContacts:
    """None for a role that the portal does not tell, or that shall stay as it is."""

    registrant: Person | None = None
    admin: Person | None = None
    tech: Person | None = None
    billing: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailForward:
    """Mail for `alias`@the domain goes to `to`. An alias `*` takes what no other does."""

    alias: str
    to: str


class ForwardKind(StrEnum):
    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    FRAME = "frame"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebForward:
    """An empty `url` ends the forwarding."""

    url: str
    kind: ForwardKind = ForwardKind.PERMANENT


@dataclass(frozen=True, slots=True, kw_only=True)
class DnssecKeyDraft:
    """A key (`flags`, `protocol`, `public_key`) or its digest (`key_tag`, `digest_type`, `digest`), as registries want either."""

    algorithm: int
    flags: int | None = None
    protocol: int = 3
    public_key: str = ""
    key_tag: int | None = None
    digest_type: int | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DnssecKey(DnssecKeyDraft):
    id: str
    """What `remove_dnssec_key` is given."""
