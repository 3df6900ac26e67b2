"""The list stage: page by page, compared in memory with what the mirror has, and only what differs written."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from providers.resources import Page
from sync.declare import ResourceSync
from sync.engine.aside import put_aside, resolve
from sync.engine.clean import Unfit
from sync.engine.compare import Said, said_by
from sync.engine.hold import hold
from sync.engine.missing import last_words
from sync.engine.rows import Entry, write_batch
from sync.engine.vanish import in_doubt, settle
from sync.engine.work import Paused, SliceOver, Work
from sync.models import Resource

MOST_PAGES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Known:
    """What is needed of a row to see that nothing changed."""

    pk: int
    content_hash: str
    present: bool


def read_list(work: Work[ResourceSync[Any, Any]]) -> None:
    """Reads what is left of the list. Returns when it is through; raises SliceOver or Paused when it goes on later."""
    known = _known(work)
    seen = set(work.run.seen_ids)
    cursor = work.cursor
    kept = cursor.token
    while True:
        asked = timezone.now()
        try:
            page: Page[Any] = work.ask(partial(work.declaration.list_page, work.provider, cursor.token))
        except Paused:
            if cursor.token != kept:
                _keep_place(work, seen)
            raise
        differing = _compare(work, page, asked, known, seen)
        _write(work, differing, known, seen)
        _note(work, page)
        if page.next is None or _leads_in_a_circle(work, page.next):
            break
        cursor.token = page.next
        cursor.tokens.append(page.next)
        if work.over:
            _keep_place(work, seen)
            raise SliceOver
        if time.monotonic() - work.kept_at >= work.rules.checkpoint_seconds:
            _keep_place(work, seen)
            kept = cursor.token
    if work.run.listed is not None and cursor.counted < work.run.listed:
        _incomplete(
            work,
            _("The portal announced %(listed)s rows and showed %(counted)s.")
            % {"listed": work.run.listed, "counted": cursor.counted},
        )
    if cursor.complete and not cursor.counted:
        work.run.listed = 0  # a whole list, with nothing in it
    work.calls.count()
    work.run.list_requests = work.run.requests - cursor.before
    resolve(work, detail=False)
    present = {each.pk for each in known.values() if each.present}
    settle(work, present, seen, last_words(work, in_doubt(work, present, seen)))


def _known(work: Work[ResourceSync[Any, Any]]) -> dict[str, Known]:
    rows = Resource.objects.filter(account=work.run.account_id, kind=work.run.kind).values_list(
        "upstream_id", "pk", "content_hash", "gone_at"
    )
    return {
        upstream_id: Known(pk, content_hash, gone_at is None)
        for upstream_id, pk, content_hash, gone_at in rows.iterator(chunk_size=5000)
    }


def _compare(
    work: Work[ResourceSync[Any, Any]], page: Page[Any], asked: datetime, known: dict[str, Known], seen: set[int]
) -> list[Entry]:
    """The rows of a page that are new, changed or back; notes the others as seen and the bad ones as skipped."""
    differing: dict[str, Entry] = {}
    for item in page.items:
        said = _read(work, item, known, seen)
        if said is None:
            continue
        have = known.get(said.upstream_id)
        if said.upstream_id in differing or (have is not None and have.pk in seen):
            _told_twice(work, said, have, differing.get(said.upstream_id))
            continue
        if have is not None:
            seen.add(have.pk)
        work.cursor.counted += 1
        if have is None or not have.present or have.content_hash != said.fingerprint:
            differing[said.upstream_id] = Entry(have.pk if have else None, said, asked)
    for bad in page.bad:
        work.skips.add(bad.id, bad.name, bad.reason)
        work.cursor.counted += 1
        _still_there(bad.id, known, seen)
        if not bad.id:
            _incomplete(work, _("A row of the list could not be told apart: it has no id."))
    return list(differing.values())


def _read(work: Work[ResourceSync[Any, Any]], item: Any, known: dict[str, Known], seen: set[int]) -> Said | None:
    """One row as the declaration reads it; None when it can't be read, which is noted."""
    try:
        return said_by(work.declaration, item, work.account, detail=False)
    except Unfit as unfit:
        reason = _("It can't be kept: %(reason)s.") % {"reason": unfit}
    except Exception as error:  # noqa: BLE001  # one row's fault must not stop the run; it is shown with its reason
        reason = _("It could not be read (%(error)s).") % {"error": type(error).__name__}
    upstream_id = item.id if isinstance(item.id, str) else ""
    work.skips.add(upstream_id, str(getattr(item, "name", "")), reason)
    work.cursor.counted += 1
    _still_there(upstream_id, known, seen)
    if not upstream_id:
        _incomplete(work, _("A row of the list could not be told apart: it has no id."))
    return None


def _still_there(upstream_id: str, known: dict[str, Known], seen: set[int]) -> None:
    """A row that can't be read is no row that vanished."""
    have = known.get(upstream_id)
    if have is not None:
        seen.add(have.pk)


def _told_twice(work: Work[ResourceSync[Any, Any]], said: Said, have: Known | None, earlier: Entry | None) -> None:
    """Lists that move while they are paged show a row twice; only a contradiction is worth telling."""
    before = earlier.said.fingerprint if earlier else have.content_hash if have else said.fingerprint
    if before != said.fingerprint:
        name = str(said.columns.get("name", ""))
        work.skips.add(said.upstream_id, name, _("The list has it twice, with different values; the first was taken."))


def _write(work: Work[ResourceSync[Any, Any]], differing: list[Entry], known: dict[str, Known], seen: set[int]) -> None:
    size = work.rules.write_batch
    for start in range(0, len(differing), size):
        batch = differing[start : start + size]
        with hold(work.run):
            made = write_batch(work, put_aside(work, batch, detail=False), detail=False)
            work.skips.write()
        for _pk, said, _asked in batch:
            pk = made.get(said.upstream_id)
            if pk is not None:
                known[said.upstream_id] = Known(pk, said.fingerprint, present=True)
                seen.add(pk)
            elif said.upstream_id in known:
                known[said.upstream_id] = replace(known[said.upstream_id], content_hash=said.fingerprint)
        work.run.seen = work.cursor.counted


def _note(work: Work[ResourceSync[Any, Any]], page: Page[Any]) -> None:
    run = work.run
    if page.total is not None:
        if work.cursor.token is not None and run.listed is not None and page.total < run.listed:
            # What was behind the place of the one that went moved up, onto a page that was read before.
            _incomplete(work, _("The list became shorter while it was read."))
        run.listed = min(max(0, page.total), 2_000_000_000)
    run.seen = work.cursor.counted
    if not page.complete:
        _incomplete(work, page.note or _("The portal gave only part of the list."))


def _incomplete(work: Work[ResourceSync[Any, Any]], note: str) -> None:
    work.cursor.complete = False
    work.cursor.note = work.cursor.note or note[:400]


def _leads_in_a_circle(work: Work[ResourceSync[Any, Any]], following: str) -> bool:
    if following not in work.cursor.tokens and len(work.cursor.tokens) < MOST_PAGES:
        return False
    _incomplete(work, _("The portal's pages lead back to one that was read before."))
    return True


def _keep_place(work: Work[ResourceSync[Any, Any]], seen: set[int]) -> None:
    run = work.run
    with hold(run):
        work.skips.write()
        run.cursor = work.cursor.as_json()
        run.seen_ids = sorted(seen)
        run.save(update_fields=["seen_ids"])
    work.kept_at = time.monotonic()
