"""What an account's page offers where it does not stand well: the sentence, and the button beside it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import ProviderAccount
from accounts.standing import Code, Standing
from web.detail import Action, Age, Trouble
from web.templatetags.hf import url_if
from web.tones import Tone


def account_age(account: ProviderAccount, standing: Standing, *, acts: bool, administers: bool) -> Age:
    """As old as the oldest of what the account has, and why it is no younger."""
    tone = Tone.FINE if standing.code in {Code.IN_STEP, Code.INCOMPLETE} else Tone.SOON
    if standing.as_of is None or account.state != ProviderAccount.State.ACTIVE:
        tone = Tone.UNKNOWN
    troubles: tuple[Trouble, ...] = ()
    if standing.sentence:
        action = _way_out(account, standing, acts=acts, administers=administers)
        stays = action is not None and standing.code in _STAY
        troubles = (Trouble(standing.tone, standing.sentence, action, stays=stays),)
    return Age(standing.as_of, tone, _("As old as the oldest of what is read of it."), troubles)


_STAY = {Code.FAILING, Code.FAILING_IN_PART, Code.BEHIND, Code.INCOMPLETE}


def _way_out(account: ProviderAccount, standing: Standing, *, acts: bool, administers: bool) -> Action | None:
    pk = account.pk
    if standing.code is Code.HELD:
        held = url_if("sync:run-list")
        return Action(_("Compare and decide"), f"{held}?scope=account:{pk}&state=held") if held else None
    if standing.code is Code.REFUSED:
        url = reverse("accounts:account-credential", args=[pk])
        return Action(_("Replace the credential"), url, "key") if administers else None
    if standing.code is Code.PAUSED:
        url = reverse("accounts:account-resume", args=[pk])
        return Action(_("Resume reading"), url, "player-play", post=True) if administers else None
    if not acts:
        return None
    if standing.code is Code.TOLD_TO_WAIT:
        url = url_if("sync:try-all-the-same", pk)
        return Action(_("Try all the same"), url, dialog=True) if url else None
    if standing.code in _STAY and (url := url_if("sync:try-failing", pk)):
        return Action(_("Try now"), url, post=True)
    return None
