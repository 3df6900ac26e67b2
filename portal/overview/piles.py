"""Many lines of one sort under one heading: told as one that opens, so that a bad day still fits a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.overview.needs import Need, Topic
from web.tones import Tone

LOOSE: Final = 3
"""Lines of one sort that stand for themselves; of more a pile is made."""
NAMED: Final = 3

WORDS: Final[dict[Topic, Callable[[int], str]]] = {
    Topic.ACTIONS: lambda n: ngettext("%(n)d action waits for you", "%(n)d actions wait for you", n),
    Topic.MACHINES: lambda n: ngettext("%(n)d machine is down", "%(n)d machines are down", n),
    Topic.LAPSED: lambda n: ngettext("%(n)d domain has lapsed", "%(n)d domains have lapsed", n),
    Topic.LAPSING: lambda n: ngettext("%(n)d domain lapses", "%(n)d domains lapse", n),
    Topic.INVOICES: lambda n: ngettext("%(n)d invoice is not paid", "%(n)d invoices are not paid", n),
    Topic.TICKETS: lambda n: ngettext("%(n)d ticket waits for us", "%(n)d tickets wait for us", n),
    Topic.CERTIFICATES: lambda n: ngettext("%(n)d certificate ends", "%(n)d certificates end", n),
}


@dataclass(frozen=True, slots=True)
class Pile:
    """`lines` are equally bad and of one topic, the worst first; `first` gives the chip."""

    topic: Topic
    lines: tuple[Need, ...]

    @property
    def first(self) -> Need:
        return self.lines[0]

    @property
    def tone(self) -> Tone:
        return self.first.tone

    @property
    def count(self) -> int:
        return things(self.lines)

    @property
    def what(self) -> str:
        return WORDS[self.topic](self.count) % {"n": self.count}

    @property
    def names(self) -> str:
        """'a.example, b.example, c.example and 4 more'."""
        named = ", ".join(str(need.name or need.what) for need in self.lines[:NAMED])
        rest = self.count - NAMED
        return ngettext("%(names)s and %(n)d more", "%(names)s and %(n)d more", rest) % {"names": named, "n": rest}

    @property
    def go(self) -> str:
        return _("Show all %(n)d") % {"n": self.count}


def things(lines: Iterable[Need]) -> int:
    """How many things these lines speak of."""
    return sum(need.stands_for for need in lines)


def piled(lines: Iterable[Need]) -> list[Need | Pile]:
    """The lines of one heading in their order, where more than `LOOSE` of one topic and tone follow each other as one pile."""
    found: list[Need | Pile] = []
    for (topic, _tone), group in groupby(lines, key=lambda need: (need.topic, need.tone)):
        same = tuple(group)
        if topic is None or len(same) <= LOOSE:
            found.extend(same)
        else:
            found.append(Pile(topic, same))
    return found
