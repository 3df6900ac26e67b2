from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from profiles.models import Contact
from profiles.words import areas
from sync.lists import MirrorTable
from web.columns import Column, CustomerColumn, ProviderColumn, RelativeTimeColumn, TitleColumn


class AreasColumn(Column):
    """In which groups of things a contact may do something."""

    def render(self, value: list[str]) -> str:
        return ", ".join(str(words) for words in areas(value)) or _t("nothing")

    def exports(self, header: str, record: Contact, value: Any) -> Iterator[tuple[str, Any]]:
        del record
        yield header, " ".join(value or [])


class ContactTable(MirrorTable):
    name = TitleColumn(accessor="resource__name", verbose_name=_("Contact"))
    company = Column(verbose_name=_("Company"), cell="note", css="muted cut", drop=2)
    email = Column(verbose_name=_("E-mail"), cell="meta", css="muted cut")
    account = ProviderColumn(
        accessor="resource__account", verbose_name=_("Account"), order_by="resource__account__name"
    )
    customer = CustomerColumn(accessor="resource__customer", verbose_name=_("Customer"), cell="hide", drop=3)
    privileges = AreasColumn(
        verbose_name=_("May act on"), orderable=False, cell="hide", css="muted cut", drop=1, empty_values=(None,)
    )
    last_login_at = RelativeTimeColumn(verbose_name=_("Last signed in"), never="–", cell="hide")

    selectable = True

    class Meta(MirrorTable.Meta):
        model = Contact
        fields = ("name", "company", "email", "account", "customer", "privileges", "last_login_at")
        order_by = ("name",)

    def row_url(self, record: Contact) -> str:
        return reverse("profiles:contact-detail", args=[record.pk])

    def row_name(self, record: Contact) -> str:
        return record.resource.name
