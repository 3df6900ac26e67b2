from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, ProviderAccount, User
from accounts.roles import Role
from accounts.words import state_tone
from web.columns import Column, NumberColumn, ProviderColumn, RelativeTimeColumn, TitleColumn, ToneColumn
from web.tables import Table
from web.tones import Tone


def _tone(account: Any) -> Tone:
    return (
        Tone.URGENT if account.failing_kinds and account.state == ProviderAccount.State.ACTIVE else state_tone(account)
    )


def _state(account: Any) -> object:
    if account.failing_kinds and account.state == ProviderAccount.State.ACTIVE:
        return _("Reading fails")
    return account.get_state_display()


def _trouble(account: Any) -> str:
    if account.state_reason:
        return str(account.state_reason)
    return str(account.trouble or "") if account.failing_kinds else ""


class TroubleColumn(Column):
    def render(self, value: Any, record: Any) -> str:  # the table's form
        return _trouble(record)

    def exports(self, header: str, record: Any, value: Any) -> Any:  # the table's form
        yield header, _trouble(record)


class AccountTable(Table):
    name = TitleColumn(verbose_name=_("Account"))
    provider = ProviderColumn(accessor="badge", badge="", verbose_name=_("Provider"), order_by="provider")
    login_hint = Column(verbose_name=_("Login"), drop=1)
    state = ToneColumn(verbose_name=_("State"), tone=_tone, label=_state)
    last_read_at = RelativeTimeColumn(verbose_name=_("Last read"))
    resource_count = NumberColumn(verbose_name=_("Things"), drop=2)
    trouble = TroubleColumn(verbose_name=_("What is wrong"), orderable=False, empty_values=(), cell="meta")

    class Meta(Table.Meta):
        model = ProviderAccount
        fields = ("name", "provider", "login_hint", "state", "last_read_at", "resource_count", "trouble")
        order_by = ("name",)

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
