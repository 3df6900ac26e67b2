"""The sign of who made a change."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sync.links import ANOTHER_ID, action_page
from sync.models import Change


def cause(change: Change) -> SafeString:
    """'not by us', or the way to the action of ours that it was. Nothing where a sync only took what is ours along."""
    if change.field in ANOTHER_ID:
        return SafeString("")
    if change.action is None:
        return format_html('<span class="hf-alien">{}</span>', _("not by us"))
    url = action_page(change.action)
    return format_html('<a class="hf-ours" href="{}">{}</a>', url, _("by us")) if url else format_html("{}", _("by us"))
