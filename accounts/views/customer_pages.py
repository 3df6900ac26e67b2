from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts import audit, queries
from accounts.access import actor_of, managed_customer, seen_customer
from accounts.filters import CustomerFilters
from accounts.forms import CustomerForm
from accounts.models import Customer
from accounts.roles import may_act, may_administer
from accounts.tables import CustomerTable
from web.detail import Action, TitleLine, render_detail
from web.forms import ConfirmNameForm, render_dialog
from web.htmx import flash, hx_redirect
from web.listing import EmptyState, HeadAction, ListPage


class CustomerList(ListPage):
    table_class = CustomerTable
    filterset_class = CustomerFilters
    title = gettext_lazy("Customers")
    empty = EmptyState(
        gettext_lazy("No customer yet"),
        gettext_lazy(
            "A customer is one of your clients. What you assign to them, at whatever provider, stands together on their page."
        ),
        gettext_lazy("Add a customer"),
        "/customers/new/",
        "users",
    )

    def rows(self) -> QuerySet[Any]:
        return queries.customers_with_counts(self.request.user)

    def head_actions(self) -> Sequence[HeadAction]:
        if not may_act(self.request.user):
            return ()
        return (HeadAction(_("Add a customer"), reverse("accounts:customer-new"), "plus", primary=True, dialog=True),)


@require_GET
@login_required
def customer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    customer = seen_customer(request, pk)
    acts = may_act(request.user)
    title = TitleLine(
        name=customer.name,
        facts=[_("Demo")] if customer.is_demo else [],
        back=(_("Customers"), reverse("accounts:customer-list")),
        primary=Action(_("Edit"), reverse("accounts:customer-edit", args=[pk]), "pencil", dialog=True)
        if acts
        else None,
        menu=[
            Action(
                _("Delete the customer"),
                reverse("accounts:customer-delete", args=[pk]),
                "trash",
                dialog=True,
                danger=True,
            )
        ]
        if acts
        else [],
    )
    return render_detail(request, title=title, body="accounts/_customer.html", context={"customer": customer})


@require_http_methods(["GET", "POST"])
@login_required
def new_customer(request: HttpRequest) -> HttpResponse:
    actor_of(request)
    form = CustomerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        customer = form.save()
        flash(request, _("“%(name)s” is added.") % {"name": customer.name})
        return hx_redirect(request, reverse("accounts:customer-detail", args=[customer.pk]))
    context = {
        "form": form,
        "heading": _("Add a customer"),
        "submit_label": _("Add the customer"),
        "cancel_url": reverse("accounts:customer-list"),
    }
    return render_dialog(request, "accounts/_form_dialog.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def edit_customer(request: HttpRequest, pk: int) -> HttpResponse:
    customer = managed_customer(request, pk)
    url = reverse("accounts:customer-detail", args=[pk])
    form = CustomerForm(request.POST if request.method == "POST" else None, instance=customer)
    if form.is_bound and form.is_valid():
        form.save()
        flash(request, _("“%(name)s” is saved.") % {"name": customer.name})
        return hx_redirect(request, url)
    context = {
        "form": form,
        "heading": _("Edit the customer"),
        "submit_label": _("Save the customer"),
        "cancel_url": url,
    }
    return render_dialog(request, "accounts/_form_dialog.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def delete_customer(request: HttpRequest, pk: int) -> HttpResponse:
    customer = managed_customer(request, pk)
    form = ConfirmNameForm(request.POST if request.method == "POST" else None, expected=customer.name)
    if form.is_bound and form.is_valid():
        customer.delete()
        audit.record(actor_of(request), audit.Event.CUSTOMER_DELETED, subject=form.expected, request=request)
        flash(request, _("“%(name)s” is deleted.") % {"name": form.expected})
        return hx_redirect(request, reverse("accounts:customer-list"))
    context = {
        "form": form,
        "danger": True,
        "heading": _("Delete %(name)s") % {"name": customer.name},
        "consequences": _consequences(request, customer),
        "submit_label": _("Delete the customer"),
        "cancel_url": reverse("accounts:customer-detail", args=[pk]),
    }
    return render_dialog(request, "web/_confirm_delete.html", context, status=422 if form.errors else 200)


def _consequences(request: HttpRequest, customer: Customer) -> list[str]:
    held = queries.holdings_sentence(queries.holdings(request.user, customer))
    told = [_("Assigned to this customer: %(held)s. All of it stays, assigned to nobody.") % {"held": held}]
    if not may_administer(request.user):
        # Said whether there are any or not: that there are is not theirs to know.
        told.append(_("The same goes for what they may hold at accounts that you don't see."))
    return [
        *told,
        _("At the providers nothing changes."),
        _("Which things were this customer's can't be brought back."),
    ]
