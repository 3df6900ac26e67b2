"""Signs of runs and changes: `{% load sync_signs %}`."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sync import links, words
from sync import signs as who
from sync.causes import SHORT, Cause
from sync.intervals import KindPlan, Plan
from sync.models import Change, Resource, Run
from web import dates, signs

register = template.Library()


@register.simple_tag
def run_tone(run: Run) -> SafeString:
    return signs.tone(words.tone_of(run), run.get_state_display())


@register.simple_tag
def run_outcome(run: Run) -> str:
    return words.outcome(run) if run.state not in (Run.State.FAILED, Run.State.CANCELLED) else ""


@register.simple_tag
def run_progress(run: Run) -> SafeString:
    progress = words.progress_of(run)
    return signs.progress(progress.done, progress.total, progress.label)


@register.simple_tag
def told(change: Change) -> words.Told:
    return words.tell(change)


@register.simple_tag
def thing_page(resource: Resource) -> str:
    return links.page_of(resource)


@register.simple_tag
def other_page(change: Change) -> str:
    return links.other_page(change)


@register.simple_tag
def run_took(run: Run | None) -> str:
    return seconds(words.took(run)) if run is not None else "–"


@register.simple_tag
def run_latency(run: Run) -> str:
    """How long the portal took for an answer, on average."""
    return short_seconds(run.upstream_seconds / run.requests if run.requests else None)


@register.simple_tag
def change_cause(change: Change) -> SafeString:
    return who.cause(change)


@register.simple_tag
def cause(value: Cause) -> str:
    """What went wrong, in two or three words."""
    told = str(SHORT[value])
    return told[:1].upper() + told[1:]


@register.filter
def unlocal(number: float) -> str:
    """A number as SVG reads it, whatever the reader's language writes."""
    return f"{number:g}"


@register.filter
def whole(seconds: float) -> int:
    """Of a time that is left, never less than the second it ends in."""
    return max(1, math.ceil(seconds))


@register.simple_tag
def every(span: timedelta) -> str:
    return words.every(span)


@register.simple_tag
def calls(plan: KindPlan) -> str:
    """What a kind costs its portal: 'about 12 calls an hour'."""
    return words.calls_an_hour(plan.per_hour)


@register.simple_tag
def plan_words(plan: Plan) -> str:
    return words.plan_sentence(plan.per_hour, plan.allowed_per_hour, fits=plan.fits)


@register.filter
def moment(when: datetime | None) -> str:
    """14:05, with its day when that was not today."""
    return dates.moment(when) if when else ""


@register.simple_tag
def short_seconds(amount: float | None) -> str:
    """0.21 s, 340 ms: how long a portal takes to answer."""
    if amount is None:
        return "–"
    if amount < 1:
        return _("%(n)s ms") % {"n": round(amount * 1000)}
    return _("%(n)s s") % {"n": f"{amount:.1f}"}


@register.simple_tag
def seconds(span: timedelta | None) -> str:
    if span is None:
        return "–"
    whole = span.total_seconds()
    if whole < 60:  # a minute
        return _("%(n)s s") % {"n": f"{whole:.1f}"}
    return _("%(minutes)s min %(seconds)s s") % {"minutes": int(whole // 60), "seconds": int(whole % 60)}
