from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.abilities import in_words
from accounts.access import person_of
from accounts.roles import may_act
from actions.declare import Refused
from actions.filing import file, why_not
from actions.pages import KeyedForm, filed_answer
from providers.resources import CertificateStatus, MachineStatus, ServiceStatus
from services.filters import CertificateFilters, MachineFilters, ProductFilters, ServiceFilters
from services.models import Certificate, Product, Service, VirtualMachine
from services.queries import (
    DOWN,
    ENDED,
    certificates_visible_to,
    lapse_within,
    machines_of,
    machines_visible_to,
    offered_elsewhere,
    products_visible_to,
    service_of,
    services_visible_to,
    with_lapse,
    with_machine_count,
)
from services.tables import CertificateTable, MachineTable, ProductTable, ServiceTable
from services.words import ROLES
from sync.lists import MirrorList, listed
from sync.models import Kind
from sync.titles import history_of, title_of
from web.detail import PART, Action, Tab, Words, render_detail
from web.forms import render_dialog
from web.listing import BulkAction, EmptyState, HeadAction, SavedView
from web.signs import days


class AssignsCustomers(MirrorList):
    def bulk_actions(self) -> Sequence[BulkAction]:
        return [BulkAction(_("Assign customer"), reverse("sync:assign-customer"))] if may_act(self.request.user) else ()


class ServiceList(AssignsCustomers):
    kind = Kind.SERVICES
    table_class = ServiceTable
    filterset_class = ServiceFilters
    title = _("Services")
    views = listed(
        SavedView("", _("Running"), ~ENDED),
        SavedView("month", _("Due in 30 days"), lambda: ~ENDED & lapse_within(30)),
        SavedView("suspended", _("Suspended"), Q(status=ServiceStatus.SUSPENDED)),
        SavedView("ended", _("Ended"), ENDED),
    )
    empty = EmptyState(
        _("No service yet"),
        _(
            "Hosting, servers and mail of every account stand here with their next due day. Connect an account to read them."
        ),
        _("Connect an account"),
        "/accounts/",
        "server-2",
    )

    def rows(self) -> QuerySet[Service]:
        return with_machine_count(services_visible_to(self.request.user, self.scope))

    def head_actions(self) -> Sequence[HeadAction]:
        return [
            HeadAction(_("Catalogue"), reverse("services:product-list"), "building-store"),
            HeadAction(_("Virtual machines"), reverse("services:machine-list"), "server-2"),
        ]


class MachineList(AssignsCustomers):
    kind = Kind.MACHINES
    table_class = MachineTable
    filterset_class = MachineFilters
    title = _("Virtual machines")
    views = listed(
        SavedView("", _("All")),
        SavedView("down", _("Down"), DOWN),
        SavedView("running", _("Running"), Q(status=MachineStatus.RUNNING)),
    )
    empty = EmptyState(
        _("No virtual machine yet"),
        _("The machines on the services of every account stand here, whether they run and at which address."),
        _("Connect an account"),
        "/accounts/",
        "server-2",
    )

    def rows(self) -> QuerySet[VirtualMachine]:
        return machines_visible_to(self.request.user, self.scope)

    def head_actions(self) -> Sequence[HeadAction]:
        return [HeadAction(_("Services"), reverse("services:service-list"), "server-2")]


class CertificateList(AssignsCustomers):
    kind = Kind.CERTIFICATES
    table_class = CertificateTable
    filterset_class = CertificateFilters
    title = _("Certificates")
    views = listed(
        SavedView("", _("All")),
        SavedView("month", _("Lapse in 30 days"), lambda: lapse_within(30)),
        SavedView("pending", _("Pending"), Q(status=CertificateStatus.PENDING)),
    )
    empty = EmptyState(
        _("No certificate yet"),
        _(
            "The certificates of every account stand here, the one that ends first on top. Connect an account to read them."
        ),
        _("Connect an account"),
        "/accounts/",
        "certificate",
    )

    def rows(self) -> QuerySet[Certificate]:
        return with_lapse(certificates_visible_to(self.request.user, self.scope))


class ProductList(MirrorList):
    kind = Kind.CATALOGUE
    table_class = ProductTable
    filterset_class = ProductFilters
    title = _("Catalogue")
    lead = _("What each portal sells and what it costs for each period, tax aside as the portal names it.")
    views = (
        SavedView("", _("All")),
        SavedView("products", _("Products"), Q(is_plan=False)),
        SavedView("plans", _("Machine plans"), Q(is_plan=True)),
    )
    empty = EmptyState(
        _("No catalogue yet"),
        _("What each portal sells stands here with its prices. The catalogues are read once a day."),
        _("Connect an account"),
        "/accounts/",
        "building-store",
    )

    def rows(self) -> QuerySet[Product]:
        return products_visible_to(self.request.user, self.scope)

    def head_actions(self) -> Sequence[HeadAction]:
        return [HeadAction(_("Services"), reverse("services:service-list"), "server-2")]


def tabs_of(name: str, pk: int, first: Words) -> list[Tab]:
    return [
        Tab("", first, reverse(f"services:{name}-detail", args=[pk])),
        Tab("history", _("History"), reverse(f"services:{name}-history", args=[pk])),
    ]


@login_required
@require_GET
def service_detail(request: HttpRequest, pk: int, tab: str = "") -> HttpResponse:
    """A service with its facts and its virtual machines, or its history."""
    service = get_object_or_404(services_visible_to(request.user), pk=pk)
    title = title_of(
        service.resource,
        request.user,
        mono=False,
        status=(service.resource.tone, service.get_status_display()),
        days=days(service.resource.due_on, over="overdue", lead=str(_("due"))) if service.resource.due_on else "",
        back=(_("Services"), reverse("services:service-list")),
    )
    return render_detail(
        request,
        title=title,
        body=PART if tab == "history" else "services/_service.html",
        tabs=tabs_of("service", pk, _("Service")),
        current=tab,
        context={
            "thing": service,
            "service": service,
            "machines": machines_of(service, request.user),
            "offers": in_words(service.offers or ()),
            "lacks": in_words(offered_elsewhere(service)),
            "part": history_of(service.resource),
        },
    )


@login_required
@require_GET
def machine_detail(request: HttpRequest, pk: int, tab: str = "") -> HttpResponse:
    """A virtual machine with its facts and the service it hangs on, or its history."""
    machine = get_object_or_404(machines_visible_to(request.user), pk=pk)
    cannot = why_not("machine.reboot", machine.resource)
    reboot = Action(
        _("Reboot %(name)s") % {"name": machine.name},
        reverse("services:machine-reboot", args=[pk]),
        "rotate-clockwise",
        dialog=True,
    )
    title = title_of(
        machine.resource,
        request.user,
        primary=None if cannot or not may_act(request.user) else reboot,
        status=(machine.resource.tone, machine.get_status_display()),
        back=(_("Virtual machines"), reverse("services:machine-list")),
    )
    return render_detail(
        request,
        title=title,
        body=PART if tab == "history" else "services/_machine.html",
        tabs=tabs_of("machine", pk, _("Machine")),
        current=tab,
        context={
            "thing": machine,
            "part": history_of(machine.resource),
            "machine": machine,
            "service": service_of(machine, request.user),
            "cannot_reboot": cannot,
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def machine_reboot(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more, then files the reboot."""
    machine = get_object_or_404(machines_visible_to(request.user), pk=pk)
    form = KeyedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            filed = file("machine.reboot", machine.resource, {}, actor=person_of(request), key=form.cleaned_data["key"])
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            return filed_answer(request, filed, back=reverse("services:machine-detail", args=[pk]))
    service = service_of(machine, request.user)
    context = {
        "machine": machine,
        "service": service,
        "form": form,
        "cancel_url": reverse("services:machine-detail", args=[pk]),
    }
    return render_dialog(request, "services/_reboot.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def certificate_detail(request: HttpRequest, pk: int, tab: str = "") -> HttpResponse:
    """A certificate with its dates and its request, or its history."""
    certificate = get_object_or_404(certificates_visible_to(request.user), pk=pk)
    title = title_of(
        certificate.resource,
        request.user,
        status=(certificate.resource.tone, certificate.get_status_display()),
        days=days(certificate.resource.due_on, lead=str(_("lapses"))) if certificate.resource.due_on else "",
        back=(_("Certificates"), reverse("services:certificate-list")),
    )
    return render_detail(
        request,
        title=title,
        body=PART if tab == "history" else "services/_certificate.html",
        tabs=tabs_of("certificate", pk, _("Certificate")),
        current=tab,
        context={
            "thing": certificate,
            "certificate": certificate,
            "people": [
                {"role": ROLES.get(one["role"], one["role"]), "words": one["words"]}
                for one in certificate.contacts or ()
            ],
            "part": history_of(certificate.resource),
        },
    )
