"""What the page frame tells of reminders: in red, that none can leave."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import ProviderAccount
from reminders import mail
from web.shell import Notice
from web.tones import Tone

PAGES = ("portal:overview", "reminders:reminder-list", "reminders:settings")


def frame_facts(request: HttpRequest) -> dict[str, Any]:
    """On the overview and the reminders' own pages. One query at most, and only while the demo's mail page takes the mails."""
    match = request.resolver_match
    if match is None or match.view_name not in PAGES:
        return {}
    notice = _notice(request)
    return {"notices": [notice]} if notice else {}


def _notice(request: HttpRequest) -> Notice | None:
    if not mail.configured():
        told = _("No mail server is set up, so no reminder can leave. Set EMAIL_URL and start again.")
        return Notice(Tone.BROKEN, told, _("Reminder settings"), reverse("reminders:settings"))
    if not settings.HOLDFAST_DEMO_MAIL_URL:
        return None
    if ProviderAccount.objects.visible_to(request.user).filter(is_demo=False).exists():
        told = _("Reminders reach only the demo's mail page, nobody's mailbox. Set EMAIL_URL and start again.")
        return Notice(Tone.BROKEN, told, _("Read the mails"), settings.HOLDFAST_DEMO_MAIL_URL)
    told = _("This is the demo: its mails reach nobody's mailbox, only a page on this machine.")
    return Notice(Tone.UNKNOWN, told, _("Read the mails"), settings.HOLDFAST_DEMO_MAIL_URL)
