"""What is looked at before edits of a zone are sent: what would break it, and what one should know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from domains.dns import spf
from domains.dns.edits import Edit
from domains.dns.rows import Row
from web.dates import exact_instant

LARGE_ZONE = 10
MOST_SHARE = 30
"""Per cent of a large zone's records that may be changed or removed without saying so expressly."""
ALONE = frozenset({"CNAME", "DNAME"})
TARGETED = frozenset({"CNAME", "DNAME", "MX", "NS", "PTR", "SRV", "ALIAS", "ANAME"})


class Level(StrEnum):
    FINE = "fine"
    SOON = "soon"
    REFUSED = "broken"


@dataclass(frozen=True, slots=True)
class Check:
    level: Level
    text: str | SafeString

    @property
    def icon(self) -> str:
        return {Level.FINE: "check", Level.SOON: "alert-triangle", Level.REFUSED: "circle-x"}[self.level]


def mono(text: object) -> SafeString:
    return format_html('<span class="mono">{}</span>', text)


def checks_of(
    zone: str, before: Sequence[Row], after: Sequence[Row], edits: Sequence[Edit], now: datetime
) -> list[Check]:
    """In the order in which a page shows them: what is fine, what to know, what forbids the edits."""
    touched = {row.name for edit in edits for row in (edit.was, edit.new) if row}
    found = [
        *_spf(after, edits),
        *_share(before, edits),
        *_caches(edits, now),
        *_targets(zone, after, edits),
        *_lost_mail(before, after),
        *_alone(after, touched),
        *_twice(after, touched),
    ]
    order = [Level.FINE, Level.SOON, Level.REFUSED]
    return sorted(found, key=lambda check: order.index(check.level))


def touched_count(edits: Iterable[Edit]) -> int:
    """Records that are changed or removed."""
    return sum(edit.was is not None for edit in edits)


def share(before: Sequence[Row], edits: Iterable[Edit]) -> int:
    """Per cent of the zone's records that are changed or removed, rounded down."""
    return touched_count(edits) * 100 // len(before) if before else 0


def is_mass(before: Sequence[Row], edits: Iterable[Edit]) -> bool:
    """More than 30 % of a zone of ten or more records."""
    return len(before) >= LARGE_ZONE and touched_count(edits) * 100 > MOST_SHARE * len(before)


def _share(before: Sequence[Row], edits: Sequence[Edit]) -> Iterator[Check]:
    count = touched_count(edits)
    if not count:
        return
    told = ngettext(
        "%(n)d of %(all)d record changed or removed, %(share)d %%",
        "%(n)d of %(all)d records changed or removed, %(share)d %%",
        len(before),
    ) % {"n": count, "all": len(before), "share": share(before, edits)}
    if is_mass(before, edits):
        yield Check(Level.SOON, _("%(told)s: above the %(line)d %% line") % {"told": told, "line": MOST_SHARE})
    elif len(before) >= LARGE_ZONE:
        yield Check(Level.FINE, _("%(told)s, below the %(line)d %% line") % {"told": told, "line": MOST_SHARE})
    else:
        yield Check(Level.FINE, told)


def _spf(after: Sequence[Row], edits: Sequence[Edit]) -> Iterator[Check]:
    """Of the names whose SPF is touched, as they would be."""
    names = {row.name for edit in edits for row in (edit.was, edit.new) if row and _speaks_spf(row)}
    for name in sorted(names):
        records = [row for row in after if row.name == name and _speaks_spf(row)]
        if len(records) > 1:
            told = _("{name} would have {n} SPF records: receivers then trust none of them.")
            yield Check(Level.REFUSED, format_html(told, name=mono(name), n=len(records)))
        elif records:
            yield from _one_spf(records[0], edits)


def _speaks_spf(row: Row) -> bool:
    return row.type == "TXT" and spf.is_spf(row.content)


def _one_spf(row: Row, edits: Sequence[Edit]) -> Iterator[Check]:
    read = spf.read(row.content)
    if read.wrong:
        told = _("The SPF record has terms that receivers can't read: {terms}.")
        yield Check(Level.SOON, format_html(told, terms=mono(" ".join(read.wrong))))
    if read.look_ups > spf.MOST_LOOK_UPS:
        told = _(
            "The SPF record asks {n} times, more than the {most} that receivers follow: they take it for an error."
        )
        yield Check(Level.SOON, format_html(told, n=read.look_ups, most=spf.MOST_LOOK_UPS))
    elif not read.wrong:
        told = _("One SPF record, %(n)d of %(most)d look-ups of its own, syntax fine")
        yield Check(Level.FINE, told % {"n": read.look_ups, "most": spf.MOST_LOOK_UPS})
    was = [edit.was for edit in edits if edit.was and edit.was.name == row.name and _speaks_spf(edit.was)]
    if read.fails_hard and not any(spf.read(old.content).fails_hard for old in was):
        told = _("{all} makes receivers refuse mail from senders not listed.")
        yield Check(Level.SOON, format_html(told, all=mono("-all")))


def _caches(edits: Sequence[Edit], now: datetime) -> Iterator[Check]:
    """Only the one that lasts longest: the others are through before it."""
    held = [edit.was for edit in edits if edit.was is not None and edit.was.ttl]
    if not held:
        return
    longest = max(held, key=lambda row: row.ttl or 0)
    until = exact_instant(now + timedelta(seconds=longest.ttl or 0))
    told = _("Caches may still answer the old {place} until {until}: its TTL is {ttl} s.")
    level = Level.SOON if (longest.ttl or 0) > 3600 else Level.FINE
    yield Check(level, format_html(told, place=mono(longest.place), until=until, ttl=longest.ttl))


def _targets(zone: str, after: Sequence[Row], edits: Sequence[Edit]) -> Iterator[Check]:
    aliases = {row.name for row in after if row.type == "CNAME"}
    for row in (edit.new for edit in edits if edit.new is not None):
        target = row.content.split(" ")[-1]
        if row.type not in TARGETED or target == ".":
            continue
        bare = target.removesuffix(".")
        if "." not in bare:
            told = _("{place} leads to {target}, a name of one part that nobody finds. Meant {full}?")
            full = f"{bare}.{zone}."
            yield Check(Level.SOON, format_html(told, place=mono(row.place), target=mono(target), full=mono(full)))
        elif bare.endswith(f".{zone}.{zone}"):
            told = _("{place} leads to {target}, which names the zone twice.")
            yield Check(Level.SOON, format_html(told, place=mono(row.place), target=mono(target)))
        elif row.type in ("MX", "NS") and _relative(bare, zone) in aliases:
            told = _("{place} leads to {target}, which is a CNAME; {type} needs a name with an address.")
            yield Check(Level.SOON, format_html(told, place=mono(row.place), target=mono(target), type=row.type))


def _relative(name: str, zone: str) -> str:
    return "@" if name == zone else name.removesuffix(f".{zone}")


def _lost_mail(before: Sequence[Row], after: Sequence[Row]) -> Iterator[Check]:
    had, has = ({row.name for row in rows if row.type == "MX"} for rows in (before, after))
    for name in sorted(had - has):
        yield Check(Level.SOON, format_html(_("No mail server is left for {name}."), name=mono(name)))


def _alone(after: Sequence[Row], touched: set[str]) -> Iterator[Check]:
    for name in sorted(touched):
        here = [row for row in after if row.name == name]
        for kind in sorted({row.type for row in here} & ALONE):
            others = sorted({row.type for row in here if row.type != kind})
            many = sum(row.type == kind for row in here) > 1
            if name == "@" and kind == "CNAME":
                told = _("The zone's own name can't be a CNAME.")
                yield Check(Level.REFUSED, told)
            elif kind == "CNAME" and (others or many):
                told = _("{name} would be a CNAME beside {others}: a CNAME stands alone.")
                beside = mono(" ".join(others) or "CNAME")
                yield Check(Level.REFUSED, format_html(told, name=mono(name), others=beside))


def _twice(after: Sequence[Row], touched: set[str]) -> Iterator[Check]:
    counts = Counter(row.key for row in after if row.name in touched)
    for key, count in counts.items():
        if count > 1:
            told = _("{place} would be there twice with the same value.")
            yield Check(Level.REFUSED, format_html(told, place=mono(f"{key[0]} {key[1]}")))
