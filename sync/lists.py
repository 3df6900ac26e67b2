"""What the lists of mirrored things share: how old they are, and a tab for what the portal no longer lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sync.ages import age_of_kinds
from sync.models import Kind
from web.detail import Age
from web.listing import ListPage, SavedView
from web.tables import Table

PRESENT: Final = Q(resource__gone_at=None)
GONE: Final = Q(resource__gone_at__isnull=False)


class MirrorList(ListPage):
    """Give `kind` beside what every list gives; `rows()` has what is no longer listed too, and `views` come from `listed`."""

    kind: ClassVar[Kind]
    beside: ClassVar[Sequence[Kind]] = ()
    """Other kinds of which the page shows something: it is as old as the oldest of all."""

    def age(self) -> Age | None:
        return age_of_kinds(self.request.user, [self.kind, *self.beside], self.scope)


class MirrorTable(Table):
    """Strikes what is no longer listed."""

    def row_tone(self, record: Any) -> str:
        return "gone" if record.resource.gone_at else ""


def listed(*views: SavedView) -> tuple[SavedView, ...]:
    """These views of what the portal lists, and one of what it lists no longer."""
    return (*map(_of_present, views), SavedView("gone", _("No longer listed"), GONE))


def _of_present(view: SavedView) -> SavedView:
    def condition() -> Q:
        return PRESENT & view.q()

    return SavedView(view.slug, view.label, condition)
