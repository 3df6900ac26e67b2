"""`{% load accounts_words %}`: the audit log in words."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.audit import Event
from accounts.models import AuditEntry

register = template.Library()

_WORDS: Final[dict[str, str | Promise]] = {
    Event.SIGNED_IN: _("Signed in"),
    Event.SIGNED_OUT: _("Signed out"),
    Event.SIGN_IN_FAILED: _("Failed to sign in"),
    Event.LOCKED_OUT: _("Locked out after too many attempts"),
    Event.PASSWORD_CHANGED: _("Password changed"),
    Event.TOKEN_MADE: _("API token made"),
    Event.TOKEN_REVOKED: _("API token revoked"),
    Event.ACCOUNT_CONNECTED: _("Connected"),
    Event.ACCOUNT_EDITED: _("Edited"),
    Event.ACCOUNT_PAUSED: _("Paused"),
    Event.ACCOUNT_RESUMED: _("Resumed"),
    Event.ACCOUNT_REFUSED: _("Credential refused by the portal"),
    Event.ACCOUNT_DELETED: _("Account deleted"),
    Event.PORTAL_SIGNED_OUT: _("Signed out at the portal"),
    Event.PORTAL_SIGN_OUT_FAILED: _("Could not sign out at the portal; its tokens run out by themselves"),
    Event.PORTAL_PAUSE_LIFTED: _("Asked all the same, though the portal wanted a pause"),
    Event.CREDENTIAL_REPLACED: _("Credential replaced"),
    Event.PERSON_INVITED: _("Person invited"),
    Event.PERSON_DEACTIVATED: _("Person deactivated"),
    Event.PERSON_ACTIVATED: _("Person activated"),
    Event.ROLE_CHANGED: _("Role changed"),
    Event.CUSTOMER_DELETED: _("Customer deleted"),
    Event.KEYS_ROTATED: _("Vault keys rotated"),
    # recorded by sync, which stands above this app
    "sync_released": _("Held sync accepted"),
    "sync_dismissed": _("Held sync rejected"),
    "sync_intervals_set": _("How often it is read was set"),
}


@register.filter
def event_words(entry: AuditEntry) -> str | Promise:
    """What happened, with its subject where that is not the page's own."""
    return _WORDS.get(entry.event, entry.event)
