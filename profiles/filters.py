from django.utils.translation import gettext_lazy as _

from profiles.models import Contact
from sync.filters import accounts, customers
from web.filters import FilterSet, ModelChip, SearchFilter


class ContactFilters(FilterSet):
    sentence = _("Contacts of")

    customer = ModelChip(field_name="resource__customer", queryset=customers, any_label=_("any customer"))
    account = ModelChip(field_name="resource__account", queryset=accounts, lead=_("at"), any_label=_("any account"))
    q = SearchFilter(
        fields=["first_name", "last_name", "email", "company", "resource__customer__name"],
        placeholder=_("Name, company or e-mail"),
    )

    class Meta:
        model = Contact
        fields: list[str] = []
