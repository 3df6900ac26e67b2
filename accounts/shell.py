"""What the page frame offers to narrow every page to, and the people of the desk to who may invite them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Customer, ProviderAccount
from accounts.roles import may_administer
from web.shell import MenuLink, ScopeChoice


def frame_facts(request: HttpRequest) -> dict[str, Any]:
    """Two queries a page: the accounts and the customers that the reader may see."""
    accounts = [
        ScopeChoice(f"account:{account.pk}", account.name, _("Accounts"), account.badge)
        for account in ProviderAccount.objects.visible_to(request.user)
    ]
    customers = [
        ScopeChoice(f"customer:{pk}", name, _("Customers"))
        for pk, name in Customer.objects.visible_to(request.user).values_list("pk", "name")
    ]
    menu = [MenuLink(_("People"), reverse("accounts:person-list"), "users")] if may_administer(request.user) else []
    return {"scopes": [*accounts, *customers], "menu": menu}
