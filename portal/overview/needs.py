"""'Needs you': each line one thing and one next step, ordered by the cost of neglect.

A source is a function that answers with its lines, the worst first, at most `SHOWN` of them and then one that leads to the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import ProviderAccount
from accounts.standing import Code
from actions.models import Action, State
from actions.queries import waiting_for_people
from billing.models import Invoice
from billing.queries import TO_PAY, due_within, invoices, overdue
from domains.models import Domain
from domains.queries import STAYING, domains_visible_to
from portal.overview.desk import Desk
from services.models import Certificate, VirtualMachine
from services.queries import DOWN, certificates, machines
from support.models import Ticket
from support.queries import waiting_for_us
from sync.incidents import incidents
from sync.models import Kind
from sync.queries import held_runs
from sync.scoping import present
from web import money
from web.signs import ProviderBadge
from web.tones import Tone

SHOWN = 5
"""Lines of one source before the rest is told as a number."""
NOW_DAYS, WEEK_DAYS, SOON_DAYS = 3, 7, 30
Words = str | Promise
RowT = TypeVar("RowT", bound=Model)


class When(IntEnum):
    """The three headings."""

    NOW = 0
    WEEK = 1
    SOON = 2


class Topic(StrEnum):
    """What several lines may have in common, so that many of them can be told as one."""

    ACTIONS = "actions"
    MACHINES = "machines"
    LAPSED = "lapsed"
    LAPSING = "lapsing"
    INVOICES = "invoices"
    TICKETS = "tickets"
    CERTIFICATES = "certificates"


@dataclass(frozen=True, slots=True)
class Need:
    """One line. `name` stands in a monospaced face before `what`; `day` or `since` makes the chip. `stands_for` is how many things
    the line speaks of: more than one where it tells the rest of a source as a number."""

    when: When
    tone: Tone
    what: Words
    url: str
    go: Words
    name: str = ""
    why: Words = ""
    badge: ProviderBadge | None = None
    who: str = ""
    day: date | None = None
    over: str = "expired"
    since: datetime | None = None
    chip: str = ""
    topic: Topic | None = None
    stands_for: int = 1


Source = Callable[[Desk], Iterator[Need]]


def needs(desk: Desk) -> list[Need]:
    """All lines, worst first within each heading, what is equally bad in the order of the sources. A constant number of queries."""
    found = [need for source in SOURCES for need in source(desk)]
    return sorted(found, key=lambda need: (need.when, -need.tone.weight))


def bucket(day: date, today: date) -> When:
    left = (day - today).days
    return When.NOW if left <= NOW_DAYS else When.WEEK if left <= WEEK_DAYS else When.SOON


def within_customer(desk: Desk) -> bool:
    """A whole account's trouble is not one customer's."""
    return desk.scope is not None and desk.scope.kind == "customer"


def refused_accounts(desk: Desk) -> Iterator[Need]:
    """Nothing of these accounts is read any more, so nothing of them can be trusted."""
    if within_customer(desk):
        return
    for account in ProviderAccount.objects.filter(pk__in=desk.accounts, state=ProviderAccount.State.REFUSED):
        yield Need(
            When.NOW,
            Tone.BROKEN,
            _("refuses its credential"),
            reverse("accounts:account-detail", args=[account.pk]),
            _("Replace the credential"),
            name=account.name,
            why=account.state_reason or _("Nothing is read there until it is replaced."),
            badge=account.badge,
        )


def vanished(desk: Desk) -> Iterator[Need]:
    """Syncs that wait for a person, because much would vanish or change."""
    if within_customer(desk):
        return
    for run in held_runs(desk.user).filter(account__in=desk.accounts):
        yield Need(
            When.NOW,
            Tone.URGENT,
            (_("%(kind)s changed all at once") if run.held_changes else _("%(kind)s vanished from a list"))
            % {"kind": run.get_kind_display()},
            reverse("sync:run-detail", args=[run.pk]),
            _("Compare the lists"),
            why=_("The sync is held; nothing was removed or overwritten."),
            badge=run.account.badge,
            who=run.account.name,
            since=run.finished_at,
        )


def failing_syncs(desk: Desk) -> Iterator[Need]:
    """Accounts that can't be read, in whole or in part: their pages grow old. What several suffer alike stands above the page."""
    if within_customer(desk):
        return
    failing = [pk for pk in desk.accounts if desk.standings[pk].fails]
    if not failing:
        return
    told_above = {account.pk for each in incidents(desk.user) for account in each.accounts}
    live = ProviderAccount.objects.filter(pk__in=failing, state=ProviderAccount.State.ACTIVE)
    for account in live.exclude(pk__in=told_above).order_by("name"):
        found = desk.standings[account.pk]
        kinds = ", ".join(str(Kind(kind).label) for kind in found.failing)
        yield Need(
            When.WEEK,
            Tone.URGENT,
            _("is not read") if found.code is Code.FAILING else _("is not read: %(kinds)s") % {"kinds": kinds},
            reverse("accounts:account-detail", args=[account.pk]),
            _("Look at the account"),
            name=account.name,
            why=found.sentence,
            badge=account.badge,
            since=found.since,
        )


def unsettled_actions(desk: Desk) -> Iterator[Need]:
    """Decisions of ours that nobody but a person brings on: what may have happened, and what was accepted and stands still."""

    def line(action: Action) -> Need:
        unknown = action.state == State.UNKNOWN
        return Need(
            When.NOW,
            Tone.URGENT,
            _("Did it happen? %(what)s") % {"what": action.summary}
            if unknown
            else _("%(what)s: stands still") % {"what": action.summary},
            reverse("actions:action-detail", args=[action.pk]),
            _("Settle it") if unknown else _("See where it stands"),
            why=action.error if unknown else _("The portal accepted it, and nothing has moved since."),
            badge=action.account.badge,
            who=action.account.name,
            since=action.sent_at if unknown else action.moved_at,
        )

    yield from told(
        waiting_for_people(desk.user, desk.scope).filter(account__in=desk.accounts).order_by("pk"),
        line,
        lambda rest: (
            ngettext("%(count)d more action waits for you", "%(count)d more actions wait for you", rest)
            % {"count": rest}
        ),
        reverse("actions:action-list") + "?view=waits",
        Topic.ACTIONS,
    )


def machines_down(desk: Desk) -> Iterator[Need]:
    def line(machine: VirtualMachine) -> Need:
        return Need(
            When.NOW,
            Tone.BROKEN,
            _("is down"),
            reverse("services:machine-detail", args=[machine.pk]),
            _("Look at the machine"),
            name=machine.name,
            why=_("Its portal says: %(status)s.") % {"status": machine.upstream_status or machine.get_status_display()},
            badge=machine.resource.account.badge,
            who=str(machine.resource.customer or machine.resource.account),
            chip=str(machine.get_status_display()),
        )

    yield from told(
        desk.counted(machines(desk.user, desk.scope)).filter(DOWN).order_by("name", "pk"),
        line,
        lambda rest: (
            ngettext("%(count)d more machine is down", "%(count)d more machines are down", rest) % {"count": rest}
        ),
        reverse("services:machine-list") + "?view=down",
        Topic.MACHINES,
    )


def lapsing_domains(desk: Desk) -> Iterator[Need]:
    """Domains past or near their day that nobody renews by itself; those that renew themselves only when it gets close."""
    rows = desk.counted(present(domains_visible_to(desk.user, desk.scope))).filter(STAYING)
    unsafe = Q(resource__due_on__lte=desk.today + timedelta(days=SOON_DAYS)) & ~Q(auto_renew=True)
    late = Q(resource__due_on__lte=desk.today + timedelta(days=NOW_DAYS))
    lapsing = rows.filter(unsafe | late).order_by("resource__due_on", "name", "pk")

    def line(domain: Domain) -> Need:
        day: date = domain.resource.due_on or desk.today
        when = bucket(day, desk.today)
        if day < desk.today:
            what, why = (
                _("has lapsed"),
                _("Renew it at once: the grace period runs, then it costs a multiple or is lost."),
            )
        elif domain.auto_renew:
            what, why = _("expires and is not renewed yet"), _("Auto-renew is on; see whether its invoice is paid.")
        elif domain.auto_renew is None:
            what, why = _("expires"), _("Its portal does not say whether it renews by itself.")
        else:
            what, why = _("will not renew"), _("Auto-renew is off.")
        tone = Tone.BROKEN if day < desk.today else Tone.URGENT if when <= When.WEEK else Tone.SOON
        return Need(
            when,
            tone,
            what,
            reverse("domains:domain-detail", args=[domain.pk]),
            _("Look at the domain"),
            name=domain.resource.name,
            why=why,
            badge=domain.resource.account.badge,
            who=str(domain.resource.customer or domain.resource.account),
            day=day,
        )

    gone = Q(resource__due_on__lt=desk.today)
    for days in (gone, *between(desk.today, NOW_DAYS, WEEK_DAYS, SOON_DAYS)):
        yield from told(
            lapsing.filter(days),
            line,
            lambda rest: (
                ngettext("%(count)d more domain lapses", "%(count)d more domains lapse", rest) % {"count": rest}
            ),
            reverse("domains:domain-list") + "?view=90-days",
            Topic.LAPSED if days is gone else Topic.LAPSING,
        )


def between(today: date, *ends: int) -> Iterator[Q]:
    """From today to the first of these numbers of days, from there to the second, and so on."""
    start = today
    for end in ends:
        last = today + timedelta(days=end)
        yield Q(resource__due_on__gte=start, resource__due_on__lte=last)
        start = last + timedelta(days=1)


def lapsing_certificates(desk: Desk) -> Iterator[Need]:
    lapsing = (
        desk.counted(certificates(desk.user, desk.scope))
        .filter(resource__due_on__lte=desk.today + timedelta(days=SOON_DAYS))
        .order_by("resource__due_on", "pk")
    )

    def line(certificate: Certificate) -> Need:
        day: date = certificate.resource.due_on or desk.today
        return Need(
            bucket(day, desk.today),
            Tone.BROKEN if day < desk.today else Tone.SOON,
            _("certificate has ended") if day < desk.today else _("certificate ends"),
            reverse("services:certificate-detail", args=[certificate.pk]),
            _("Look at the certificate"),
            name=certificate.domain,
            why=certificate.name,
            badge=certificate.resource.account.badge,
            who=str(certificate.resource.customer or certificate.resource.account),
            day=day,
        )

    yield from told(
        lapsing,
        line,
        lambda rest: (
            ngettext("%(count)d more certificate ends", "%(count)d more certificates end", rest) % {"count": rest}
        ),
        reverse("services:certificate-list") + "?view=month",
        Topic.CERTIFICATES,
    )


def unpaid_invoices(desk: Desk) -> Iterator[Need]:
    unpaid = (
        desk.counted(invoices(desk.user, desk.scope))
        .filter(TO_PAY & (overdue(desk.today) | due_within(WEEK_DAYS, desk.today)))
        .order_by("due_on", "pk")
    )

    def line(invoice: Invoice) -> Need:
        day: date = invoice.due_on or desk.today
        amount = money.plain(invoice.total, invoice.currency) if invoice.total is not None else _("an amount not said")
        return Need(
            bucket(day, desk.today),
            Tone.BROKEN if day < desk.today else Tone.URGENT,
            _("is not paid, %(amount)s") % {"amount": amount},
            reverse("billing:invoice-detail", args=[invoice.pk]),
            _("Look at the invoice"),
            name=invoice.number,
            why=_("The portal may suspend what it is for."),
            badge=invoice.resource.account.badge,
            who=str(invoice.resource.customer or invoice.resource.account),
            day=day,
            over="overdue",
        )

    yield from told(
        unpaid,
        line,
        lambda rest: (
            ngettext("%(count)d more invoice is due", "%(count)d more invoices are due", rest) % {"count": rest}
        ),
        reverse("billing:invoice-list") + "?view=to-pay",
        Topic.INVOICES,
    )


def answered_tickets(desk: Desk) -> Iterator[Need]:
    def line(ticket: Ticket) -> Need:
        return Need(
            When.WEEK,
            Tone.SOON,
            ticket.subject,
            reverse("support:ticket-detail", args=[ticket.pk]),
            _("Read the answer"),
            why=_("%(account)s answered #%(number)s and waits for us.")
            % {"account": ticket.resource.account, "number": ticket.number},
            badge=ticket.resource.account.badge,
            who=str(ticket.resource.customer or ""),
            since=ticket.last_reply_at or ticket.opened_at,
        )

    yield from told(
        desk.counted(waiting_for_us(desk.user, desk.scope)),
        line,
        lambda rest: (
            ngettext("%(count)d more ticket waits for us", "%(count)d more tickets wait for us", rest) % {"count": rest}
        ),
        reverse("support:ticket-list") + "?view=ours",
        Topic.TICKETS,
    )


def told(
    rows: QuerySet[RowT], line: Callable[[RowT], Need], more: Callable[[int], str], url: str, topic: Topic
) -> Iterator[Need]:
    """At most `SHOWN` of these rows, each its line; the others as one line that leads to their list."""
    found = list(rows[: SHOWN + 1])
    lines = [replace(line(row), topic=topic) for row in found]
    yield from lines[:SHOWN]
    if len(found) > SHOWN:
        rest, last = rows.count() - SHOWN, lines[SHOWN]
        yield Need(last.when, last.tone, more(rest), url, _("Show them"), topic=topic, stands_for=rest)


SOURCES: tuple[Source, ...] = (
    refused_accounts,
    unsettled_actions,
    vanished,
    machines_down,
    lapsing_domains,
    unpaid_invoices,
    failing_syncs,
    answered_tickets,
    lapsing_certificates,
)
