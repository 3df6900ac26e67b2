"""A small site on the page kit: a list, a detail with tabs, a lazy fragment, a dialog form."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from tests.web.models import Boat, Owner
from web import columns
from web.detail import Action, Tab, TitleLine, render_detail
from web.filters import ChoicesChip, FilterSet, FlagChip, ModelChip, PresetChip, SearchFilter
from web.forms import ConfirmNameForm, Form, render_dialog
from web.htmx import close_dialog, flash, hx_redirect, toast
from web.listing import BulkAction, EmptyState, HeadAction, ListPage, SavedView
from web.money import totals
from web.signs import days
from web.tables import QuickAction, Table
from web.tones import Tone


def within(days_ahead: int) -> Q:
    return Q(lapses_on__lte=timezone.localdate() + timedelta(days=days_ahead))


class BoatFilters(FilterSet):
    sentence = "Domains"
    q = SearchFilter(fields=["name", "owner__name"], placeholder="Name or customer")
    owner = ModelChip(lead="of", any_label="any customer", queryset=lambda request: Owner.objects.order_by("name"))
    harbour = ChoicesChip(
        lead="at", any_label="any account", choices=[("cv", "Cloudviet"), ("ds", "DNS.services"), ("vo", "VPS.org")]
    )
    lapse = PresetChip(
        lead="that lapse",
        any_label="at any time",
        presets=[
            ("week", "within a week", lambda: within(7)),
            ("quarter", "within 90 days", lambda: within(90)),
            ("unknown", "on an unknown day", Q(lapses_on=None)),
        ],
    )
    auto_renew = FlagChip("auto_renew", yes="with auto-renew", no="without auto-renew", lead="and are", always=False)


class BoatTable(Table):
    name = columns.MonoLinkColumn(verbose_name="Domain")
    owner = columns.CustomerColumn(verbose_name="Customer", order_by="owner__name")
    place = columns.ProviderColumn(verbose_name="Account", order_by="harbour")
    status = columns.ToneColumn(verbose_name="Status", label=lambda boat: boat.status.capitalize(), cell="hide")
    lapses_on = columns.DaysColumn(verbose_name="Lapses")
    auto_renew = columns.ToneColumn(
        verbose_name="Auto-renew",
        tone=lambda boat: Tone.FINE if boat.auto_renew else Tone.SOON,
        label=lambda boat: "On, covered" if boat.auto_renew else "Off",
    )
    price = columns.MoneyColumn(verbose_name="Next renewal", drop=2)

    selectable = True

    class Meta(Table.Meta):
        order_by = "lapses_on"

    def row_url(self, record: Boat) -> str:
        return reverse("domains:domain-detail", args=[record.pk])

    def quick_actions(self, record: Boat) -> list[QuickAction]:
        return [
            QuickAction("Renew", "rotate-clockwise", reverse("domains:renew", args=[record.pk]), dialog=True),
            QuickAction("Records", "list-check", reverse("domains:records", args=[record.pk])),
        ]


class BoatList(ListPage):
    table_class = BoatTable
    filterset_class = BoatFilters
    title = "Domains"
    views = (
        SavedView("", "All"),
        SavedView("quarter", "Next 90 days", lambda: within(90)),
        SavedView("off", "Auto-renew off", Q(auto_renew=False)),
        SavedView("unknown", "Dates unknown", Q(lapses_on=None)),
    )
    empty = EmptyState(
        "No domain yet", "Connect an account, and its domains stand here.", "Connect an account", "/", "world"
    )
    bulk_summary_url = "/domains/sum/"

    def rows(self) -> QuerySet[Any]:
        return Boat.objects.select_related("owner")

    def head_actions(self) -> Sequence[HeadAction]:
        return (
            HeadAction("Transfer in", "/", "transfer"),
            HeadAction("Register a domain", "/domains/1/renew/", "plus", primary=True, dialog=True),
        )

    def bulk_actions(self) -> Sequence[BulkAction]:
        return (
            BulkAction("Assign customer", "/domains/1/renew/"),
            BulkAction("Renew them", "/domains/1/renew/", primary=True),
        )


class EmptyList(BoatList):
    title = "Nothing"

    def rows(self) -> QuerySet[Any]:
        return Boat.objects.none()


@login_required
def bulk_sum(request: HttpRequest) -> HttpResponse:
    boats = Boat.objects.filter(pk__in=request.POST.getlist("pick"))
    return render(request, "demo/_sum.html", {"totals": totals((boat.price, boat.currency) for boat in boats)})


@login_required
def detail(request: HttpRequest, pk: int, tab: str = "") -> HttpResponse:
    boat = get_object_or_404(Boat.objects.select_related("owner"), pk=pk)
    title = TitleLine(
        name=boat.name,
        mono=True,
        status=(boat.tone, boat.status.capitalize()),
        days=days(boat.lapses_on, lead="lapses"),
        badge=boat.place.badge,
        customer=str(boat.owner),
        read_at=boat.seen_at,
        back=("Domains", reverse("domains:domain-list")),
        primary=Action("Renew for 1 year, 79.00 DKK", reverse("domains:renew", args=[pk]), dialog=True),
        menu=[
            Action("Read it again", "/", "refresh"),
            Action("Delete", reverse("domains:delete", args=[pk]), "trash", dialog=True, danger=True),
        ],
    )
    tabs = [
        Tab("", "Overview", reverse("domains:domain-detail", args=[pk])),
        Tab("records", "DNS", reverse("domains:records", args=[pk]), 16),
    ]
    body = "demo/_records.html" if tab else "demo/_overview.html"
    return render_detail(request, title=title, tabs=tabs, current=tab, body=body, context={"boat": boat})


@login_required
def lazy_part(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/_lazy.html", status=500 if request.GET.get("fail") else 200)


class RenewForm(Form):
    years = forms.IntegerField(min_value=1, max_value=10, initial=1, help_text="1 to 10")
    note = forms.CharField(required=False, label="Note for the history")


@login_required
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    form = RenewForm(request.POST if "years" in request.POST else None)
    if form.is_bound and form.is_valid():
        return toast(close_dialog(), "The renewal is queued.", link=("See the action", "/"))
    context = {"form": form, "boat": get_object_or_404(Boat, pk=pk), "cancel_url": "/domains/"}
    return render_dialog(request, "demo/_renew.html", context, status=422 if form.errors else 200)


@login_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    boat = get_object_or_404(Boat, pk=pk)
    form = ConfirmNameForm(request.POST or None, expected=boat.name)
    if form.is_bound and form.is_valid():
        boat.delete()
        flash(request, f"{boat.name} is gone.", Tone.SOON)
        return hx_redirect(request, reverse("domains:domain-list"))
    context = {
        "form": form,
        "heading": f"Delete {boat.name}?",
        "consequences": ["Its 16 records go with it.", "Nothing changes at the registrar."],
        "submit_label": "Delete it here",
        "danger": True,
    }
    return render_dialog(request, "web/_confirm_delete.html", context, status=422 if form.errors else 200)


@login_required
def pieces(request: HttpRequest) -> HttpResponse:
    return render(
        request, "demo/pieces.html", {"title": "Pieces", "now": timezone.now(), "today": timezone.localdate()}
    )


@login_required
def fail(_request: HttpRequest, status: int) -> HttpResponse:
    return HttpResponse("refused", status=status)


def sign_in(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/sign_in.html", {"form": SignIn(request.POST or None)})


class SignIn(forms.Form):
    username = forms.EmailField()
    password = forms.CharField()

    def clean(self) -> None:
        raise forms.ValidationError("This address and password do not go together.")
