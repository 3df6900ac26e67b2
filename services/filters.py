from django.utils.translation import gettext_lazy as _

from services.models import Certificate, Product, Service, VirtualMachine
from services.queries import charged, lapse_within
from services.words import CERTIFICATE, CYCLE, MACHINE, SERVICE
from sync.filters import accounts, customers
from web.filters import ChoicesChip, DayChip, FilterSet, ModelChip, PresetChip, SearchFilter

LAPSES = [
    ("7", _("within 7 days"), lambda: lapse_within(7)),
    ("30", _("within 30 days"), lambda: lapse_within(30)),
    ("90", _("within 90 days"), lambda: lapse_within(90)),
]


class ServiceFilters(FilterSet):
    sentence = _("Services of")

    customer = ModelChip(field_name="resource__customer", queryset=customers, any_label=_("any customer"))
    account = ModelChip(field_name="resource__account", queryset=accounts, lead=_("at"), any_label=_("any account"))
    due = PresetChip(lead=_("that are due"), any_label=_("at any time"), presets=LAPSES)
    day = DayChip(field_name="resource__due_on", lead=_("on"), any_label=_("any day"))
    status = ChoicesChip(
        field_name="status", lead=_("and are"), any_label=_("in any state"), choices=lambda: list(SERVICE.items())
    )
    q = SearchFilter(
        fields=["name", "domain", "label", "category", "resource__customer__name"],
        placeholder=_("Product, host or label"),
    )

    class Meta:
        model = Service
        fields: list[str] = []


class MachineFilters(FilterSet):
    sentence = _("Machines of")

    customer = ModelChip(field_name="resource__customer", queryset=customers, any_label=_("any customer"))
    account = ModelChip(field_name="resource__account", queryset=accounts, lead=_("at"), any_label=_("any account"))
    status = ChoicesChip(
        field_name="status", lead=_("that are"), any_label=_("in any state"), choices=lambda: list(MACHINE.items())
    )
    q = SearchFilter(
        fields=["name", "ips__0", "system", "plan", "location", "resource__customer__name"],
        placeholder=_("Name, address or system"),
    )

    class Meta:
        model = VirtualMachine
        fields: list[str] = []


class CertificateFilters(FilterSet):
    sentence = _("Certificates of")

    customer = ModelChip(field_name="resource__customer", queryset=customers, any_label=_("any customer"))
    account = ModelChip(field_name="resource__account", queryset=accounts, lead=_("at"), any_label=_("any account"))
    lapses = PresetChip(lead=_("that lapse"), any_label=_("at any time"), presets=LAPSES)
    day = DayChip(field_name="resource__due_on", lead=_("on"), any_label=_("any day"))
    status = ChoicesChip(
        field_name="status", lead=_("and are"), any_label=_("in any state"), choices=lambda: list(CERTIFICATE.items())
    )
    q = SearchFilter(fields=["domain", "name", "email", "resource__customer__name"], placeholder=_("Name or product"))

    class Meta:
        model = Certificate
        fields: list[str] = []


class ProductFilters(FilterSet):
    sentence = _("Products")

    account = ModelChip(field_name="account", queryset=accounts, lead=_("at"), any_label=_("any account"))
    cycle = PresetChip(
        lead=_("charged"),
        any_label=_("for any period"),
        presets=[(cycle, label, charged(cycle)) for cycle, label in CYCLE.items()],
    )
    q = SearchFilter(fields=["name", "description", "category__name"], placeholder=_("Product or category"))

    class Meta:
        model = Product
        fields: list[str] = []
