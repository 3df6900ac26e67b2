"""How runs and changes are told to people."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sync.models import Change, Kind, Run
from web import dates
from web.tones import Tone

LONGEST: Final = 160
"""Characters of a value shown in a history."""

TONES: Final = {
    Run.State.QUEUED: Tone.UNKNOWN,
    Run.State.RUNNING: Tone.UNKNOWN,
    Run.State.SUCCEEDED: Tone.FINE,
    Run.State.PARTIAL: Tone.SOON,
    Run.State.HELD: Tone.URGENT,
    Run.State.FAILED: Tone.BROKEN,
    Run.State.CANCELLED: Tone.UNKNOWN,
}

FIELDS: Final = {
    "expires_on": gettext_lazy("expiry"),
    "next_due_on": gettext_lazy("due date"),
    "next_invoice_on": gettext_lazy("next invoice"),
    "registered_on": gettext_lazy("registered"),
    "auto_renew": gettext_lazy("auto-renew"),
    "nameservers": gettext_lazy("name servers"),
    "locked": gettext_lazy("transfer lock"),
    "privacy": gettext_lazy("WHOIS privacy"),
    "status": gettext_lazy("status"),
    "upstream_status": gettext_lazy("status at the portal"),
    "renewal_price": gettext_lazy("renewal price"),
    "due_on": gettext_lazy("due"),
    "paid_at": gettext_lazy("paid"),
    "issued_on": gettext_lazy("issued"),
    "hosted": gettext_lazy("DNS here"),
    "ips": gettext_lazy("addresses"),
    "memory_mb": gettext_lazy("memory (MB)"),
    "disk_gb": gettext_lazy("disk (GB)"),
    "cpus": gettext_lazy("processors"),
    "ttl": gettext_lazy("TTL"),
    "record": gettext_lazy("record"),
    "line": gettext_lazy("line"),
    "reply": gettext_lazy("reply"),
}

OTHER_ID: Final = {
    "replaces": gettext_lazy("seems to be the former #%(other)s: customer, notes and tags were taken over"),
    "replaced_by": gettext_lazy("seems to be #%(other)s now: customer, notes and tags went along"),
}


def tone_of(run: Run) -> Tone:
    return TONES[Run.State(run.state)]


def outcome(run: Run) -> str:
    """What a run saw, in one line: '142 of 145, 3 skipped'."""
    if run.skipped:
        read = _("%(read)s of %(seen)s, %(skipped)s skipped") % {
            "read": max(0, run.seen - run.skipped),
            "seen": run.seen,
            "skipped": run.skipped,
        }
    else:
        read = ngettext("%(n)s row", "%(n)s rows", run.seen) % {"n": run.seen}
    parts = [read]
    if run.written:
        parts.append(ngettext("%(n)s written", "%(n)s written", run.written) % {"n": run.written})
    if run.gone:
        parts.append(ngettext("%(n)s gone", "%(n)s gone", run.gone) % {"n": run.gone})
    return ", ".join(parts)


def summary(run: Run) -> str:
    """What came of a run, in one line of a list: what it read, else what went wrong, else how far it is. Whose and what
    stands beside it already."""
    if run.state == Run.State.QUEUED:
        return "–"
    if run.state == Run.State.RUNNING:
        progress = progress_of(run)
        if progress.total is None:
            return progress.label
        told = {"part": progress.label, "done": progress.done, "total": progress.total}
        return _("%(part)s %(done)s of %(total)s") % told
    if run.state == Run.State.FAILED:
        whose, _colon, why = run.error.partition(": ")
        return why if why and whose.startswith(run.account.name) else run.error
    return run.note if run.state == Run.State.CANCELLED else outcome(run)


@dataclass(frozen=True, slots=True)
class Progress:
    label: str
    done: int
    total: int | None


def progress_of(run: Run) -> Progress:
    """How far a run under way is. The list may not tell how long it is; then the total is not promised."""
    if run.state == Run.State.QUEUED:
        return Progress(_("Waiting for its turn"), 0, None)
    if run.details_total:
        return Progress(_("Details"), run.details_done, run.details_total)
    return Progress(_("List"), run.seen, run.listed)


def took(run: Run) -> timedelta | None:
    return run.finished_at - run.started_at if run.finished_at and run.started_at else None


def held_sentence(run: Run) -> str:
    """What waits, how much and where: '7 would vanish, and 12 would change: name servers, status.'"""
    told = []
    if run.held_ids:
        count = len(run.held_ids)
        told.append(ngettext("%(n)s would vanish", "%(n)s would vanish", count) % {"n": count})
    if run.held_changes:
        fields = ", ".join(field_label(field) for field in run.held_fields)
        count = run.held_changes
        told.append(
            ngettext("%(n)s would change (%(fields)s)", "%(n)s would change (%(fields)s)", count)
            % {"n": count, "fields": fields}
        )
    both = _(" and ").join(told)
    return _("%(kind)s of %(account)s: %(what)s.") % {
        "kind": Kind(run.kind).label,
        "account": run.account.name,
        "what": both,
    }


def accept_label(run: Run) -> str:
    """What accepting does, for its button: 'Mark 7 as gone and write the changes of 12'."""
    gone, changed = len(run.held_ids), run.held_changes
    marks = ngettext("Mark %(n)s as gone", "Mark %(n)s as gone", gone) % {"n": gone}
    writes = _("Write the changes of %(n)s") % {"n": changed}
    if gone and changed:
        return _("%(marks)s and %(writes)s") % {"marks": marks, "writes": writes[:1].lower() + writes[1:]}
    return writes if changed else marks


def accepted_sentence(run: Run) -> str:
    """What was done when a person accepted."""
    gone, changed = len(run.held_ids), run.held_changes
    told = []
    if gone:
        told.append(ngettext("%(n)s is marked as gone.", "%(n)s are marked as gone.", gone) % {"n": gone})
    if changed:
        told.append(
            ngettext("%(n)s is read again and written.", "%(n)s are read again and written.", changed) % {"n": changed}
        )
    return " ".join(told)


def every(span: timedelta) -> str:
    """An interval: 5 minutes, 1 hour, 6 hours, 1 day."""
    minutes = round(span.total_seconds() / 60)
    if minutes and minutes % 1440 == 0:
        return ngettext("%(n)s day", "%(n)s days", minutes // 1440) % {"n": minutes // 1440}
    if minutes and minutes % 60 == 0:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}
    if minutes * 60 == round(span.total_seconds()):
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    seconds = round(span.total_seconds())
    return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}


def calls_an_hour(count: float) -> str:
    """What a schedule asks of a portal; a reading that is rarer than that is told by the day."""
    if count >= 1:
        return ngettext("about %(n)s call an hour", "about %(n)s calls an hour", round(count)) % {
            "n": f"{round(count):,}"
        }
    daily = math.ceil(count * 24)
    return ngettext("about %(n)s call a day", "about %(n)s calls a day", daily) % {"n": daily}


def plan_sentence(per_hour: float, allowed: int, *, fits: bool) -> str:
    told = {
        "calls": f"{math.ceil(per_hour):,}",
        "allowed": f"{allowed:,}",
        "share": math.ceil(100 * per_hour / allowed),
    }
    if fits:
        return _("Together about %(calls)s calls an hour, %(share)s %% of the %(allowed)s that are allowed.") % told
    much = (
        _("Together about %(calls)s calls an hour, %(share)s %% of the %(allowed)s that are allowed: too many.") % told
    )
    return f"{much} " + _("A fifth is kept free for people and actions, so read some kinds less often.")


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words. `sentence` stands for the whole where there is nothing to put side by side."""

    what: str
    old: str = ""
    new: str = ""
    sentence: str = ""
    tone: Tone = Tone.FINE


def tell(change: Change) -> Told:
    if change.field == "appeared":
        return Told(_("New"), sentence=_("appeared at the portal"))
    if change.field == "gone":
        return Told(_("Gone"), sentence=_("is no longer listed by the portal"), tone=Tone.BROKEN)
    if change.field == "returned":
        return Told(_("Back"), sentence=_("is listed by the portal again"))
    if change.field in OTHER_ID:
        other = (change.old or change.new or {}).get("upstream_id", "")
        return Told(_("New id"), sentence=OTHER_ID[change.field] % {"other": other}, tone=Tone.SOON)
    head, dot, _key = change.field.partition(".")
    if not dot:
        return Told(field_label(head), value_of(head, change.old), value_of(head, change.new))
    named = change.old or change.new
    label = str(named.get("label", "")) if isinstance(named, dict) else ""
    what = (
        _("reply of %(who)s") % {"who": label} if head == "reply" and label else f"{field_label(head)} {label}".strip()
    )
    if change.old is None:
        return Told(what, new=_inside(change.new), sentence=_("added"))
    if change.new is None:
        return Told(what, old=_inside(change.old), sentence=_("removed"), tone=Tone.SOON)
    return Told(what, _inside(change.old), _inside(change.new))


def value_of(field: str, stored: Any) -> str:
    """A value of this column. A status is one of our own words, in the spelling of code."""
    return value(stored.replace("_", " ") if field == "status" and isinstance(stored, str) else stored)


def value(stored: Any) -> str:
    """A JSON value of the history as people read it."""
    if stored is None:
        return _("unknown")
    if stored is True or stored is False:
        return _("on") if stored else _("off")
    if isinstance(stored, list):
        return ", ".join(value(each) for each in stored) or _("none")
    if isinstance(stored, dict):
        return _inside(stored)
    return _day_or_text(str(stored))


def _inside(stored: Any) -> str:
    if not isinstance(stored, dict):
        return value(stored)
    named = stored.get("label", "")  # what stands before it already
    told = {name: each for name, each in stored.items() if name != "label" and each not in (None, "", named)}
    if "content" in told:
        first = f"{told['priority']} " if told.get("priority") else ""
        ttl = f" (TTL {told['ttl']})" if "ttl" in told else ""
        return _short(f"{first}{told['content']}{ttl}")
    if "body" in told:
        return _short(str(told["body"]))
    return _short(", ".join(f"{field_label(name)} {value(each)}" for name, each in told.items()))


def field_label(field: str) -> str:
    return str(FIELDS.get(field, field.replace("_", " ")))


def _day_or_text(text: str) -> str:
    if text == "":
        return _("empty")
    try:
        if len(text) == len("2027-01-01"):
            return dates.exact_day(date.fromisoformat(text))
        if "T" in text[:11]:
            return dates.exact_instant(datetime.fromisoformat(text))
    except ValueError:
        pass
    return _short(text)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
