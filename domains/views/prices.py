from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from domains import queries
from domains.filters import PriceFilters
from domains.models import TldPrice
from domains.tables import PriceTable
from sync.lists import MirrorList
from sync.models import Kind
from web.listing import EmptyState, HeadAction, SavedView


class PriceList(MirrorList):
    """What each account's portal asks for an ending, side by side where years and currency are the same."""

    kind = Kind.PRICES
    template_name = "domains/list_page.html"
    table_class = PriceTable
    filterset_class = PriceFilters
    title = _("Domain prices")
    lead = _(
        "Which account sells an ending for how much, in all for these years, tax aside as the portal names it. Only prices in one "
        "currency are compared."
    )
    views = (
        SavedView("", _("One year"), Q(years=1)),
        SavedView("longer", _("Several years"), Q(years__gt=1)),
        SavedView("all", _("All")),
    )
    empty = EmptyState(
        _("No price list yet"),
        _("What each portal asks to register, renew and transfer a domain stands here. The lists are read once a day."),
        _("Connect an account"),
        "/accounts/",
        "tag",
    )

    def rows(self) -> QuerySet[TldPrice]:
        return queries.with_cheapest(queries.prices_visible_to(self.request.user, self.scope), self.request.user)

    def head_actions(self) -> Sequence[HeadAction]:
        return [HeadAction(_("Domains"), reverse("domains:domain-list"), "world")]
