"""What the mirror must be in the end: equal to upstream, and its history without a gap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from accounts import gateway
from accounts.models import ProviderAccount
from billing.models import Balance
from providers.contract import Provider, pages
from sync.declare import ResourceSync, registry
from sync.engine.children import shortened
from sync.engine.compare import Said, said_by
from sync.engine.meta import columns_of, rows_of
from sync.models import Change, Resource

OWN = ("customer_id", "tags", "notes")


@dataclass(frozen=True)
class Thing:
    """One resource at one moment: its columns as the history tells them, and the keys of what hangs on it."""

    identity: tuple[int, str, str]
    ours: tuple[Any, ...]
    gone: bool
    columns: dict[str, Any]
    children: frozenset[str]


def picture() -> dict[int, Thing]:
    """The whole mirror by primary key."""
    found = {}
    for declaration in declared():
        rows = {row.pk: row for row in rows_of(declaration.model).all()}
        hanging: defaultdict[int, set[str]] = defaultdict(set)
        for spec in declaration.children:
            for parent, key in rows_of(spec.model).values_list(f"{spec.parent}_id", "key"):
                hanging[parent].add(f"{spec.name}.{key}")
        told = columns_of(declaration.model).keys() - declaration.quiet
        for each in Resource.objects.filter(kind=declaration.kind):
            found[each.pk] = Thing(
                identity=(each.account_id, each.kind, each.upstream_id),
                ours=tuple(getattr(each, name) for name in OWN),
                gone=each.gone_at is not None,
                columns={name: shortened(getattr(rows[each.pk], name)) for name in told if name != "resource"},
                children=frozenset(hanging[each.pk]),
            )
    return found


def declared() -> list[ResourceSync[Any, Any]]:
    return [each for each in registry.in_order() if isinstance(each, ResourceSync)]


def differences(account: ProviderAccount) -> Iterator[str]:
    """Whatever the mirror has otherwise than upstream, read afresh through the adapters."""
    account.refresh_from_db()
    with gateway.speaking_to(account) as provider:
        for declaration in declared():
            if provider.can(declaration.capability):
                for found in _of_kind(account, provider, declaration):
                    yield f"{account} {declaration.kind} {found}"
        if provider.billing is not None and provider.can("billing.balances"):
            told = {(each.currency, each.owed, each.credit) for each in provider.billing.balances()}
            have = set(Balance.objects.filter(account=account).values_list("currency", "owed", "credit"))
            if told != have:
                yield f"{account} balance: {have} is not {told}"


def _of_kind(account: ProviderAccount, provider: Provider, declaration: ResourceSync[Any, Any]) -> Iterator[str]:
    items = [item for page in pages(lambda token: declaration.list_page(provider, token)) for item in page.items]
    present = Resource.objects.filter(account=account, kind=declaration.kind, gone_at=None)
    mirrored = dict(present.values_list("upstream_id", "pk"))
    listed = {item.id: said_by(declaration, item, account, detail=False) for item in items}
    if len(listed) != len(items):
        yield "are listed twice by the portal itself"
    if mirrored.keys() != listed.keys():
        yield f"missing {sorted(listed.keys() - mirrored.keys())}, too many {sorted(mirrored.keys() - listed.keys())}"
    reads = declaration.detail_capability and provider.can(declaration.detail_capability)
    for upstream_id in listed.keys() & mirrored.keys():
        columns = dict(listed[upstream_id].columns)
        if reads:
            detail = said_by(declaration, declaration.read_detail(provider, upstream_id), account, detail=True)
            columns |= detail.columns
            yield from _of_children(mirrored[upstream_id], detail, declaration)
        row = rows_of(declaration.model).get(pk=mirrored[upstream_id])
        for name, value in columns.items():
            if getattr(row, name) != value:
                yield f"{upstream_id}.{name}: {getattr(row, name)!r} is not {value!r}"


def _of_children(pk: int, detail: Said, declaration: ResourceSync[Any, Any]) -> Iterator[str]:
    for spec in declaration.children:
        have = {child.key: child for child in rows_of(spec.model).filter(**{spec.parent: pk})}
        want = {child.key: child.columns for child in detail.children.get(spec.name, ())}
        if have.keys() != want.keys():
            yield f"{detail.upstream_id}: other {spec.name}s"
        for key in have.keys() & want.keys():
            for name, value in want[key].items():
                if getattr(have[key], name) != value:
                    yield f"{detail.upstream_id}.{spec.name}.{name}: {getattr(have[key], name)!r} is not {value!r}"


def gaps(before: dict[int, Thing], now: dict[int, Thing]) -> Iterator[str]:
    """Where the history does not lead from what was there before, step by step, to what is there now."""
    history: defaultdict[tuple[int, str], list[Change]] = defaultdict(list)
    for change in Change.objects.order_by("pk"):
        history[change.resource_id, change.field].append(change)
    for pk, thing in now.items():
        first = before.get(pk)
        for name, value in thing.columns.items():
            for found in _gaps_of_column(first, name, value, history[pk, name]):
                yield f"{thing.identity} {name}: {found}"
        yield from _gaps_of_existence(thing, first, {name: history[pk, name] for name in ("gone", "returned")})
        for key in (thing.children ^ first.children) if first is not None else ():
            steps = history[pk, key]
            if not steps or (steps[-1].new is not None) != (key in thing.children):
                yield f"{thing.identity} {key} came or went untold"


def _gaps_of_column(first: Thing | None, name: str, value: Any, steps: list[Change]) -> Iterator[str]:
    if first is not None and first.columns[name] != (steps[0].old if steps else value):
        yield f"it was {first.columns[name]!r}, but the history begins with {steps[0].old if steps else value!r}"
    if steps and steps[-1].new != value:
        yield f"the history ends with {steps[-1].new!r}, but it is {value!r}"
    for one, two in pairwise(steps):
        if one.new != two.old:
            yield f"from {one.new!r} the history jumps to {two.old!r}"


def _gaps_of_existence(thing: Thing, first: Thing | None, steps: dict[str, list[Change]]) -> Iterator[str]:
    gone, returned = len(steps["gone"]), len(steps["returned"])
    if gone - returned != int(thing.gone) - int(first.gone if first else False):
        yield f"{thing.identity}: {gone} times gone, {returned} times back, now {'gone' if thing.gone else 'there'}"
