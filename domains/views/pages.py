from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.roles import may_act
from actions.filing import why_not
from domains import queries, words
from domains.dns.panel import panel_of
from domains.dns.rows import checksum
from domains.dns.versions import mirrored_rows
from domains.filters import DomainFilters, ZoneFilters
from domains.models import Domain, Zone
from domains.tables import DomainTable, ZoneTable, lapses
from domains.views.editing import editor_context, staged_of
from sync.lists import MirrorList
from sync.models import Kind
from sync.titles import history_of, title_of
from web.detail import PART, Action, Tab, render_detail
from web.hosts import unicode_host
from web.listing import BulkAction, EmptyState, HeadAction, SavedView

DETAIL_PAGE = "domains/detail_page.html"
LIST_PAGE = "domains/list_page.html"
VERSIONS_SHOWN = 50


class DomainList(MirrorList):
    kind = Kind.DOMAINS
    template_name = LIST_PAGE
    table_class = DomainTable
    filterset_class = DomainFilters
    title = _("Domains")
    views = (
        SavedView("", _("All"), queries.PRESENT),
        SavedView("90-days", _("Next 90 days"), lambda: queries.PRESENT & queries.lapses_within(90)),
        SavedView("expired", _("Expired"), lambda: queries.PRESENT & queries.expired()),
        SavedView("auto-renew-off", _("Auto-renew off"), queries.PRESENT & queries.AUTO_RENEW_OFF),
        SavedView("dates-unknown", _("Dates unknown"), queries.PRESENT & queries.DATES_UNKNOWN),
        SavedView("not-hosted-here", _("DNS elsewhere"), lambda: queries.PRESENT & queries.not_hosted_here()),
        SavedView("gone", _("No longer listed"), queries.GONE),
    )
    empty = EmptyState(
        _("No domain yet"),
        _(
            "The domains of every account stand here, soonest lapse first. Connect an account and they are read at once."
        ),
        _("Connect an account"),
        "/accounts/",
        "world",
    )

    bulk_summary_url = "/domains/renew/summary/"

    def rows(self) -> QuerySet[Domain]:
        return queries.with_renewal(queries.domains_visible_to(self.request.user, self.scope))

    def head_actions(self) -> Sequence[HeadAction]:
        return [
            HeadAction(_("Prices"), reverse("domains:price-list"), "tag"),
            HeadAction(_("DNS zones"), reverse("domains:zone-list"), "list-check"),
        ]

    def bulk_actions(self) -> Sequence[BulkAction]:
        if not may_act(self.request.user):
            return ()
        renew = BulkAction(_("Renew them"), reverse("domains:renew-many"), primary=True)
        return [renew, BulkAction(_("Assign customer"), reverse("sync:assign-customer"))]


class ZoneList(MirrorList):
    kind = Kind.ZONES
    table_class = ZoneTable
    filterset_class = ZoneFilters
    title = _("DNS zones")
    views = (
        SavedView("", _("All"), queries.PRESENT),
        SavedView("elsewhere", _("Elsewhere"), queries.PRESENT & queries.NOT_HOSTED),
        SavedView("gone", _("No longer listed"), queries.GONE),
    )
    empty = EmptyState(
        _("No DNS zone yet"),
        _("The zones of every account stand here with their records. They are read after the domains."),
        _("See the domains"),
        "/domains/",
        "list-check",
    )

    def rows(self) -> QuerySet[Zone]:
        return queries.with_record_count(queries.zones_visible_to(self.request.user, self.scope))

    def head_actions(self) -> Sequence[HeadAction]:
        return [HeadAction(_("Domains"), reverse("domains:domain-list"), "world")]

    def bulk_actions(self) -> Sequence[BulkAction]:
        return assign_customer(self.request)


def assign_customer(request: HttpRequest) -> Sequence[BulkAction]:
    """What the bulk bar offers for any mirrored things; nothing to who may only read."""
    if not may_act(request.user):
        return ()
    return [BulkAction(_("Assign customer"), reverse("sync:assign-customer"), primary=True)]


@login_required
@require_GET
def domain_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What the registry and the provider say about a domain."""
    domain = domain_or_404(request, pk)
    context = {"doubted": words.doubted_dates(domain), "ending": queries.ending_of(domain.name, request.user)}
    return render_domain(request, domain, "", "domains/_overview.html", context)


@login_required
@require_GET
def domain_dns(request: HttpRequest, pk: int) -> HttpResponse:
    """The records of the domain's zone, and which other accounts hold a zone of this name."""
    domain = domain_or_404(request, pk)
    zones = list(queries.zones_of(domain, request.user))
    context: dict[str, Any] = {"panel": None, "zones": zones}
    if zones:
        zone = zones[0]
        found = request.GET.get("find", "")
        context["panel"] = panel_of(zone, find=found, domain=domain, staged=staged_of(request, zone))
        context |= editor_context(request, zone)
    return render_domain(request, domain, "dns", "domains/_dns.html", context)


@login_required
@require_GET
def domain_history(request: HttpRequest, pk: int) -> HttpResponse:
    domain = domain_or_404(request, pk)
    return render_domain(request, domain, "history", PART, {"part": history_of(domain.resource)})


@login_required
@require_GET
def zone_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The records of a zone, whether or not its domain is held at an account of ours."""
    zone = zone_or_404(request, pk)
    domains = list(queries.domains_of(zone, request.user))
    own = next((domain for domain in domains if domain.resource.account_id == zone.resource.account_id), None)
    holder = own or next(iter(domains), None)
    panel = panel_of(zone, find=request.GET.get("find", ""), domain=holder, staged=staged_of(request, zone))
    context = {"panel": panel, "domains": domains, **editor_context(request, zone)}
    return render_zone(request, zone, "", "domains/_zone_records.html", context)


@login_required
@require_GET
def zone_history(request: HttpRequest, pk: int) -> HttpResponse:
    """The versions of its records, and what was seen to change."""
    zone = zone_or_404(request, pk)
    versions = zone.versions.select_related("author")[:VERSIONS_SHOWN]
    context = {
        "versions": versions,
        "edits": editor_context(request, zone)["edits"],
        "current": checksum(mirrored_rows(zone)),
    }
    return render_zone(request, zone, "history", "domains/_zone_history.html", context)


def domain_or_404(request: HttpRequest, pk: int) -> Domain:
    return get_object_or_404(queries.domains_visible_to(request.user), pk=pk)


def zone_or_404(request: HttpRequest, pk: int) -> Zone:
    return get_object_or_404(queries.zones_visible_to(request.user), pk=pk)


def render_domain(request: HttpRequest, domain: Domain, tab: str, body: str, context: dict[str, Any]) -> HttpResponse:
    chip = "" if words.has_left(domain) else lapses(domain, beside=False, lead=gettext("lapses"))
    records = queries.record_count_of(domain, request.user)
    renewal = renew_action(request, domain)
    tabs = [
        Tab("", _("Overview"), reverse("domains:domain-detail", args=[domain.pk])),
        Tab("dns", _("DNS"), reverse("domains:domain-dns", args=[domain.pk]), records),
        Tab("history", _("History"), reverse("domains:domain-history", args=[domain.pk])),
    ]
    return render_detail(
        request,
        title=title_of(
            domain.resource,
            request.user,
            name=unicode_host(domain.name),
            status=(domain.resource.tone, words.status(domain)),
            days=chip,
            back=(_("Domains"), reverse("domains:domain-list")),
            # A page has one filled button; on this one it applies the plan.
            primary=None if tab == "dns" else renewal,
            menu=[renewal] if renewal and tab == "dns" else [],
        ),
        tabs=tabs,
        current=tab,
        body=body,
        context={
            **context,
            "domain": domain,
            "resource": domain.resource,
            "why_no_renewal": "" if words.has_left(domain) else why_not("domain.renew", domain.resource),
        },
        page_template=DETAIL_PAGE,
    )


def renew_action(request: HttpRequest, domain: Domain) -> Action | None:
    """The one filled button; None for who may not act and where the portal can't do it, which the page says."""
    if not may_act(request.user) or not words.may_be_renewed(domain):
        return None
    url = reverse("domains:domain-renew", args=[domain.pk])
    return Action(words.short_renew_label(domain), f"{url}?years={domain.period_years or 1}", dialog=True)


def render_zone(request: HttpRequest, zone: Zone, tab: str, body: str, context: dict[str, Any]) -> HttpResponse:
    tabs = [
        Tab("", _("Records"), reverse("domains:zone-detail", args=[zone.pk]), zone.records.count()),
        Tab("history", _("History"), reverse("domains:zone-history", args=[zone.pk])),
    ]
    return render_detail(
        request,
        title=title_of(
            zone.resource,
            request.user,
            name=unicode_host(zone.name),
            status=(zone.resource.tone, words.hosted(zone)),
            back=(_("DNS zones"), reverse("domains:zone-list")),
        ),
        tabs=tabs,
        current=tab,
        body=body,
        context={**context, "zone": zone, "resource": zone.resource},
        page_template=DETAIL_PAGE,
    )
