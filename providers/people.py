"""The login at a portal and the people in it, as they shall be; what the portal tells them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from providers.resources import Whereabouts


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDraft(Whereabouts):
    """What shall stand in the details of a login. None stays as it is."""

    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    is_company: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDraft(PersonDraft):
    """With a password the contact can sign in. `privileges` as `group.privilege`, as in `Privilege.key`."""

    password: str | None = field(default=None, repr=False)
    privileges: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp(PersonDraft):
    password: str = field(repr=False)
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Privilege:
    key: str
    """`group.privilege`."""
    group: str
    words: str
    """What it means, as the portal says it; the key's last part where it says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    id: str
    subject: str
    body: str = ""
    at: datetime | None = None
    read: bool | None = None
    about: tuple[str, str] | None = None
    """Kind and id of the thing, in upstream's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    at: datetime | None
    words: str
    who: str = ""
    address: str = ""


class AffiliatePart(StrEnum):
    SUMMARY = "summary"
    CAMPAIGNS = "campaigns"
    COMMISSIONS = "commissions"
    PAYOUTS = "payouts"
    VOUCHERS = "vouchers"
    COMMISSION_PLANS = "commissionplans"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Figures in a shape that is documented nowhere: the columns as the portal names them, all values as text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
