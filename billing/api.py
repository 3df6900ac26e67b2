"""/api/v1/invoices/: what every account is billed, read only."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.routers import BaseRouter

from billing.models import Invoice, InvoiceLine
from billing.queries import invoices
from sync.rest import RESOURCE_FIELDS, MoneyField, ResourceSerializer, TextOrNull
from web import money
from web.rest import ApiViewSet


class LineSerializer(serializers.ModelSerializer[InvoiceLine]):
    amount = serializers.SerializerMethodField()

    class Meta:
        model = InvoiceLine
        fields = ["description", "amount", "quantity", "taxed", "type", "item_id"]

    def get_amount(self, line: InvoiceLine) -> str | None:
        return None if line.amount is None else money.machine(line.amount, line.invoice.currency)


class InvoiceSerializer(ResourceSerializer[Invoice]):
    upstream_status = TextOrNull(read_only=True, allow_null=True)
    currency = TextOrNull(read_only=True, allow_null=True)
    total = MoneyField()
    subtotal = MoneyField()
    tax = MoneyField()
    credit = MoneyField()
    lines = LineSerializer(many=True, read_only=True)

    class Meta:
        model = Invoice
        fields = [
            *RESOURCE_FIELDS,
            "number",
            "status",
            "upstream_status",
            "issued_on",
            "due_on",
            "paid_at",
            "total",
            "currency",
            "subtotal",
            "tax",
            "tax_rate",
            "credit",
            "notes",
            "lines",
        ]


class InvoiceViewSet(RetrieveModelMixin, ListModelMixin, ApiViewSet):
    """Invoices of every account that you may see, with their lines. Money is a string with its currency beside it."""

    serializer_class = InvoiceSerializer
    ordering = "-issued_on"
    ordering_fields = {
        "id": "pk",
        "number": "number",
        "issued_on": "issued_on",
        "due_on": "due_on",
        "total": "total",
        "status": "status",
    }
    search_fields = ["number", "resource__customer__name"]
    filter_paths = {
        "account": "resource__account_id",
        "customer": "resource__customer_id",
        "status": "status",
        "currency": "currency",
    }

    def get_queryset(self) -> QuerySet[Invoice]:
        return invoices(self.request.user).prefetch_related("lines")


def register(router: BaseRouter) -> None:
    router.register("invoices", InvoiceViewSet, basename="invoice")
