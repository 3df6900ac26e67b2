"""Several accounts of one provider that fail alike within the same hour: one incident, told in one sentence. One query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts import gateway
from accounts.models import ProviderAccount, User
from providers.errors import NotSupported
from sync.causes import MANY, Cause, cause_of
from sync.models import Run, Schedule
from sync.queries import schedules_visible_to
from web import dates

SEVERAL: Final = 2
HOUR: Final = timedelta(hours=1)
NAMED: Final = 3
"""Accounts that the sentence names; of more it tells the number alone."""


@dataclass(frozen=True, slots=True)
class Incident:
    """`accounts` of one provider, or at one portal, fail for one `cause`, the first of them `since`. `name` is the provider's, or
    the host where the provider is any portal's; `portals` counts the addresses. `next_try` is None when nothing is tried."""

    name: str
    provider: str
    portals: int
    cause: Cause
    accounts: tuple[ProviderAccount, ...]
    since: datetime
    next_try: datetime | None

    def sentence(self, now: datetime) -> str:
        """'Cloudviet: 3 accounts get no answer since 14:05 (Main, Retail and Agency). Nothing here is lost ...'"""
        count = len(self.accounts)
        told = _("%(portal)s: %(what)s since %(since)s%(which)s.") % {
            "portal": self.name,
            "what": MANY[self.cause] % {"n": count},
            "since": dates.moment(self.since),
            "which": f" ({get_text_list([account.name for account in self.accounts], _('and'))})"
            if count <= NAMED
            else "",
        }
        return " ".join(part for part in (told, self._hint(), self._comfort(now)) if part)

    def _hint(self) -> str:
        """Different addresses that fail alike have something in common that is not a portal."""
        if self.portals == 1 or self.cause is not Cause.SILENT:
            return ""
        told = _("They are at %(n)s addresses: look as well whether this machine reaches anything at all.")
        return told % {"n": self.portals}

    def _comfort(self, now: datetime) -> str:
        if self.cause is Cause.REFUSED:
            return _(
                "So many at once is more often the portal's fault than that many wrong passwords: try one in the portal itself "
                "before you replace any. Nothing here is lost."
            )
        again = dates.relative(self.next_try, now=now) if self.next_try and self.next_try > now else _("in a moment")
        return _(
            "Nothing here is lost: pages show what was read before, and each is tried again by itself, the next %(when)s."
        ) % {"when": again}


@dataclass(frozen=True, slots=True)
class Failing:
    """An account that fails, `since` when and for what `cause`."""

    account: ProviderAccount
    cause: Cause
    since: datetime
    next_try: datetime

    @classmethod
    def of(cls, schedule: Schedule, code: str, now: datetime) -> Failing:
        """`code` is that of the schedule's last failure."""
        return cls(schedule.account, cause_of(code), schedule.failing_since or now, schedule.next_due_at)


def incidents(reader: User | AnonymousUser, now: datetime | None = None) -> list[Incident]:
    """Those that go on, among the accounts that this person sees, the one of most accounts first."""
    now = now or timezone.now()
    return together(Failing.of(row, row.code or "", now) for row in failing_schedules(reader))


def together(failing: Iterable[Failing]) -> list[Incident]:
    """What fails alike within the same hour at several accounts of one provider, or at one address whatever it was connected as."""
    by_cause: defaultdict[Cause, dict[int, Failing]] = defaultdict(dict)
    for each in failing:
        known = by_cause[each.cause].get(each.account.pk, each)
        since, next_try = min(each.since, known.since), min(each.next_try, known.next_try)
        by_cause[each.cause][each.account.pk] = Failing(each.account, each.cause, since, next_try)
    found = [
        _incident(cause, group)
        for cause, accounts in by_cause.items()
        for related in _related(accounts.values())
        for group in _within_an_hour(sorted(related, key=lambda each: each.since))
        if len(group) >= SEVERAL
    ]
    return sorted(found, key=lambda each: (-len(each.accounts), each.since))


def _related(failing: Iterable[Failing]) -> list[list[Failing]]:
    """Groups of which each member shares its provider or its address with another."""
    groups: list[tuple[set[str], list[Failing]]] = []
    for each in failing:
        marks, members = {each.account.provider, host_of(each.account)}, [each]
        apart = []
        for group in groups:
            if group[0] & marks:
                marks |= group[0]
                members = [*group[1], *members]
            else:
                apart.append(group)
        groups = [*apart, (marks, members)]
    return [members for _marks, members in groups]


def failing_schedules(reader: User | AnonymousUser) -> QuerySet[Any]:
    """What fails at accounts that are read, or were refused; each with `code`, that of its last failure."""
    failed = Run.objects.filter(account=OuterRef("account"), kind=OuterRef("kind"), state=Run.State.FAILED)
    return (
        schedules_visible_to(reader)
        .filter(failures__gt=0, supported=True)
        .filter(account__state__in=[ProviderAccount.State.ACTIVE, ProviderAccount.State.REFUSED])
        .annotate(code=Subquery(failed.order_by("-pk").values("error_code")[:1]))
        .order_by("account__name", "kind")
    )


def host_of(account: ProviderAccount) -> str:
    """Where its portal is. No provider's key has a slash, so the two are never taken for each other."""
    return f"//{urlsplit(account.base_url).netloc}"


def is_one_company(account: ProviderAccount) -> bool:
    """Whether its provider is one company's portal, and not any portal of that make."""
    try:
        return bool(gateway.spec_of(account).base_url)
    except NotSupported:
        return False  # the package that brought the provider is gone; its address is still there


def _within_an_hour(failing: Sequence[Failing]) -> Iterator[list[Failing]]:
    """Cut where the next began to fail more than an hour after the first of its group."""
    group: list[Failing] = []
    for each in failing:
        if group and each.since - group[0].since > HOUR:
            yield group
            group = []
        group.append(each)
    if group:
        yield group


def _incident(cause: Cause, failing: Sequence[Failing]) -> Incident:
    first = failing[0].account
    hosts = {host_of(each.account) for each in failing}
    by_address = len(hosts) == 1 and not all(is_one_company(each.account) for each in failing)
    tried = [each.next_try for each in failing if each.account.state == ProviderAccount.State.ACTIVE]
    return Incident(
        name=hosts.pop().removeprefix("//") if by_address else first.badge.name,
        provider=first.provider,
        portals=max(1, len(hosts)),
        cause=cause,
        accounts=tuple(sorted((each.account for each in failing), key=lambda account: account.name)),
        since=failing[0].since,
        next_try=min(tried, default=None),
    )
