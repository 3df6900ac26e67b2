from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, ProviderAccount, User
from accounts.standing import ASKED
from providers import registry
from web.filters import ChoiceChip, ChoicesChip, FilterSet, SearchFilter


class AccountFilters(FilterSet):
    sentence = _("Accounts")

    provider = ChoiceChip(
        lead=_("at"), any_label=_("any provider"), choices=lambda: [(spec.key, spec.label) for spec in registry.specs()]
    )
    standing = ChoicesChip(
        field_name="standing",
        lead=_("that are"),
        any_label=_("in any state"),
        choices=[(code.value, words) for code, words in ASKED.items()],
    )
    q = SearchFilter(fields=["name", "base_url", "login_hint"], placeholder=_("Name, address or login"))

    class Meta:
        model = ProviderAccount
        fields: list[str] = []


class CustomerFilters(FilterSet):
    sentence = _("Customers")

    q = SearchFilter(fields=["name", "email", "notes"], placeholder=_("Name, address or note"))

    class Meta:
        model = Customer
        fields: list[str] = []


class PersonFilters(FilterSet):
    sentence = _("People")

    q = SearchFilter(fields=["name", "email"], placeholder=_("Name or address"))

    class Meta:
        model = User
        fields: list[str] = []
