"""The words in which pages speak of accounts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import ProviderAccount
from web.tones import Tone

State = ProviderAccount.State

STATE_TONES: Final = {
    State.ACTIVE: Tone.FINE,
    State.PAUSED: Tone.UNKNOWN,
    State.REFUSED: Tone.BROKEN,
    State.DELETING: Tone.UNKNOWN,
}
CAPABILITIES: Final[dict[str, str | Promise]] = {
    "domains.list": _("domains"),
    "dns.list": _("DNS zones and records"),
    "billing.list": _("invoices"),
    "billing.balances": _("the balance"),
    "support.list": _("tickets"),
    "services.list": _("services"),
    "services.list_machines": _("virtual machines"),
    "certificates.list": _("certificates"),
    "profile.list_contacts": _("contacts"),
}


def state_tone(account: ProviderAccount) -> Tone:
    return STATE_TONES[State(account.state)]


def offered(capabilities: Iterable[str]) -> tuple[list[str | Promise], list[str | Promise]]:
    """What the portal's API tells of, and what it does not."""
    held = set(capabilities)
    there = [words for key, words in CAPABILITIES.items() if key in held]
    return there, [words for key, words in CAPABILITIES.items() if key not in held]
