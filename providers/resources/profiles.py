"""The login and the people in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from providers.resources.lists import Upstream


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """Where somebody is reached. In a draft, None stays as it is."""

    __slots__ = ()  # so that it can stand beside a base that has some

    address: tuple[str, ...] | None = None
    """At most two lines."""
    city: str | None = None
    state: str | None = None
    postcode: str | None = None
    country: str | None = None
    """An ISO 3166 code."""
    phone: str | None = None
    mobile: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Upstream):
    first_name: str
    last_name: str
    email: str
    company: str = ""
    is_company: bool | None = None
    last_login_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDetail(Contact, Whereabouts):
    privileges: tuple[str, ...] | None = None
    """As `group.privilege`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile(Whereabouts):
    """Whose login this is. `scopes` is what a token may do, empty where the portal has no scopes. The rest is named as in
    `providers.people.PersonDraft`, so that it can be changed."""

    id: str
    email: str
    name: str
    company: str = ""
    country: str = ""
    currency: str = ""
    scopes: tuple[str, ...] = ()
    first_name: str | None = None
    last_name: str | None = None
    is_company: bool | None = None
