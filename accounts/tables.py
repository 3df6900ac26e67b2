from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, ProviderAccount, User
from accounts.roles import Role
from accounts.standing import Standing
from web import signs
from web.columns import Column, NumberColumn, ProviderColumn, RelativeTimeColumn, TitleColumn, ToneColumn
from web.tables import Table
from web.tones import Tone


class TroubleColumn(Column):
    """What is wrong with an account, since when, and what to do."""

    css = "wrap"

    def render(self, record: Any, table: AccountTable) -> str:  # the table's form
        return table.standings[record.pk].sentence


class AccountTable(Table):
    standings: Mapping[int, Standing]
    """Given by the page."""

    name = TitleColumn(verbose_name=_("Account"))
    provider = ProviderColumn(accessor="badge", badge="", verbose_name=_("Provider"), order_by="provider")
    login_hint = Column(verbose_name=_("Login"), drop=1)
    state = ToneColumn(verbose_name=_("State"), accessor="pk", order_by=("badness", "name"))
    last_read_at = RelativeTimeColumn(verbose_name=_("Last read"))
    resource_count = NumberColumn(verbose_name=_("Things"), drop=2)
    trouble = TroubleColumn(verbose_name=_("What is wrong"), orderable=False, empty_values=(), cell="meta")

    class Meta(Table.Meta):
        model = ProviderAccount
        fields = ("name", "provider", "login_hint", "state", "last_read_at", "resource_count", "trouble")
        order_by = ("name",)

    def render_state(self, record: ProviderAccount) -> SafeString:
        standing = self.standings[record.pk]
        return signs.tone(standing.tone, standing.label)

    def row_url(self, record: ProviderAccount) -> str:
        return reverse("accounts:account-detail", args=[record.pk])


class CustomerTable(Table):
    name = TitleColumn(verbose_name=_("Customer"))
    email = Column(verbose_name=_("E-mail address"), cell="meta")
    resource_count = NumberColumn(verbose_name=_("Things"), cell="amount")
    created_at = RelativeTimeColumn(verbose_name=_("Since"), drop=1, cell="hide")

    class Meta(Table.Meta):
        model = Customer
        fields = ("name", "email", "resource_count", "created_at")
        order_by = ("name",)

    def row_url(self, record: Customer) -> str:
        return reverse("accounts:customer-detail", args=[record.pk])


ROLES = {Role.ADMINISTRATOR: _("Administrator"), Role.STAFF: _("Staff"), Role.READER: _("Reader")}


def _role(person: User) -> object:
    if not person.is_active:
        return _("Deactivated")
    held = {Role.ADMINISTRATOR.value} if person.is_superuser else {group.name for group in person.groups.all()}
    return next((words for role, words in ROLES.items() if role.value in held), _("No role"))


class PersonTable(Table):
    email = TitleColumn(verbose_name=_("Person"))
    name = Column(verbose_name=_("Name"), cell="meta")
    role = ToneColumn(
        verbose_name=_("Role"),
        accessor="is_active",
        tone=lambda person: Tone.FINE if person.is_active else Tone.UNKNOWN,
        label=_role,
        orderable=False,
    )
    last_login = RelativeTimeColumn(verbose_name=_("Last signed in"))

    class Meta(Table.Meta):
        model = User
        fields = ("email", "name", "role", "last_login")
        order_by = ("email",)

    def row_url(self, record: User) -> str:
        return reverse("accounts:person-detail", args=[record.pk])

    def row_name(self, record: User) -> str:
        return record.email
