"""Signs of runs and changes: `{% load sync_signs %}`."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sync import words
from sync.links import page_of
from sync.models import Change, Resource, Run
from web import signs

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
    return page_of(resource)


@register.simple_tag
def seconds(span: timedelta) -> str:
    whole = span.total_seconds()
    if whole < 60:  # a minute
        return _("%(n)s s") % {"n": f"{whole:.1f}"}
    return _("%(minutes)s min %(seconds)s s") % {"minutes": int(whole // 60), "seconds": int(whole % 60)}
