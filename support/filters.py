from django.utils.translation import gettext_lazy as _

from support.models import Ticket
from support.words import STATUS
from sync.filters import accounts, customers
from web.filters import ChoicesChip, FilterSet, ModelChip, SearchFilter


class TicketFilters(FilterSet):
    sentence = _("Tickets of")

    customer = ModelChip(field_name="resource__customer", queryset=customers, any_label=_("any customer"))
    account = ModelChip(field_name="resource__account", queryset=accounts, lead=_("at"), any_label=_("any account"))
    status = ChoicesChip(
        field_name="status", lead=_("that are"), any_label=_("in any state"), choices=lambda: list(STATUS.items())
    )
    q = SearchFilter(
        fields=["subject", "number", "department", "resource__customer__name"],
        many=["replies__body"],
        placeholder=_("Subject, number or words"),
    )

    class Meta:
        model = Ticket
        fields: list[str] = []
