from django.utils.translation import gettext_lazy as _

from billing.models import Invoice
from billing.queries import due_within, overdue
from billing.words import STATUS
from sync.filters import accounts, customers
from web.filters import ChoicesChip, FilterSet, ModelChip, PresetChip, SearchFilter


class InvoiceFilters(FilterSet):
    sentence = _("Invoices of")

    customer = ModelChip(field_name="resource__customer", queryset=customers, any_label=_("any customer"))
    account = ModelChip(field_name="resource__account", queryset=accounts, lead=_("at"), any_label=_("any account"))
    due = PresetChip(
        lead=_("that are due"),
        any_label=_("at any time"),
        presets=[
            ("overdue", _("already"), overdue),
            ("7", _("within 7 days"), lambda: due_within(7)),
            ("30", _("within 30 days"), lambda: due_within(30)),
        ],
    )
    status = ChoicesChip(
        field_name="status", lead=_("and are"), any_label=_("in any state"), choices=lambda: list(STATUS.items())
    )
    q = SearchFilter(
        fields=["number", "currency", "resource__customer__name"],
        many=["lines__description"],
        placeholder=_("Number, line or customer"),
    )

    class Meta:
        model = Invoice
        fields: list[str] = []
