"""The title line that the pages of all mirrored things share: what it is, whose, where, and how old the data is."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from sync.ages import age_of
from sync.models import Resource
from web.detail import Action, Part, TitleLine, Words
from web.tones import Tone


def title_of(
    resource: Resource,
    reader: User | AnonymousUser,
    *,
    status: tuple[Tone | str, Words],
    back: tuple[Words, str],
    name: str = "",
    mono: bool = True,
    days: str = "",
    facts: Sequence[Words] = (),
    primary: Action | None = None,
    menu: Sequence[Action] = (),
) -> TitleLine:
    """`name` where the spine's is not the one to show; `days` a chip from web.signs; `back` the label and URL of the list.

    The resource's account and customer should have been joined. The age costs one query, two when `reader` has to be told why it is
    no younger.
    """
    account, customer = resource.account, resource.customer
    return TitleLine(
        name=name or resource.name,
        mono=mono,
        status=status,
        days=days,
        badge=account.badge,
        account_name=account.name,
        account_url=reverse("accounts:account-detail", args=[account.pk]),
        customer=customer.name if customer else "",
        customer_url=reverse("accounts:customer-detail", args=[customer.pk]) if customer else "",
        age=age_of(resource, reader),
        facts=facts,
        primary=primary,
        menu=menu,
        back=back,
    )


def history_of(resource: Resource) -> Part:
    """The History tab that all mirrored things share; see web.detail.PART."""
    return Part(reverse("sync:resource-history", args=[resource.pk]), _("History"))
