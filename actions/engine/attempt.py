"""One attempt, from the claim to what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import structlog
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import gateway
from accounts.models import ProviderAccount
from actions.counting import Speak, counted
from actions.declare import ActionKind, Refused, registry
from actions.engine import ledger, outcomes
from actions.engine.chain import after_acceptance, reread_touched
from actions.engine.hand import Hand
from actions.engine.ledger import Heartbeat, LostLease
from actions.models import Action
from providers.contract import Provider
from sync.expecting import expect
from sync.models import Expectation
from web import money

log = structlog.get_logger(__name__)


def bound_to(action: Action) -> AbstractContextManager[None]:
    """Log lines and upstream calls lead back to the click."""
    bound = {"action_id": action.pk, "account_id": action.account_id, "action_kind": action.kind}
    if action.request_id:
        bound["request_id"] = action.request_id
    return structlog.contextvars.bound_contextvars(**bound)


def work(action_id: int, *, speak: Speak = gateway.speaking_to) -> None:
    """Carries a queued action upstream, if nobody else does. Never raises for the action's own trouble: that is in the ledger."""
    action = ledger.take(action_id)
    if action is None:
        return
    with bound_to(action):
        try:
            with Heartbeat(action):
                _work(action, speak)
        except LostLease:
            log.info("lease_lost", generation=action.generation)


def _work(action: Action, speak: Speak) -> None:
    kind = registry.actions.get(action.kind)
    if kind is None:
        outcomes.fail(action, _("This kind of action is no longer installed here. Nothing was sent."), "not_installed")
        return
    settled = False
    try:
        hand = Hand(action)
        _need_active_account(action)
        with counted(speak, action.account, action.kind) as provider:
            _prepare(kind, provider, action, hand)
            ledger.mark_sent(action)
            result = kind.send(provider, hand)
            row = _accepted(action, result)
            settled = True
            after_acceptance(row, kind, hand, provider)
    except LostLease:
        raise
    except Exception as error:  # whatever it is, it is judged and written into the ledger
        if settled:
            log.exception("after_acceptance_failed")  # the outcome stands; the sweeper follows it
            return
        outcomes.judge(action, kind, error, sent=action.sent_at is not None)
        _show_what_was_done(action, kind, speak)


def _accepted(action: Action, result: Mapping[str, Any] | None) -> Action:
    try:
        return outcomes.succeed(action, result)
    except LostLease:
        # Whoever decided it meanwhile did not know this answer; it must not be lost with the claim.
        ledger.note(action, _("The portal's answer came after this was decided otherwise: it had accepted it."))
        raise


def _need_active_account(action: Action) -> None:
    if action.account.state != ProviderAccount.State.ACTIVE:
        raise Refused(
            _("Nothing is sent to %(account)s at present: %(state)s.")
            % {"account": action.account.name, "state": action.account.get_state_display()},
            code="account_not_active",
        )


def _prepare(kind: ActionKind, provider: Provider, action: Action, hand: Hand) -> None:
    """What comes before sending: is it still what the person saw, does it still cost what they confirmed. Raises Refused."""
    if not provider.can(kind.capability):
        raise Refused(
            _("The portal does not offer that in its API (any more). Nothing was sent."), code="not_supported"
        )
    kind.check(provider, hand)
    if kind.money:
        _compare_price(kind, provider, action)
    until = timezone.now()
    expect(
        Expectation(resource=each.resource, field=each.field, action=action.pk, until=until + each.within)
        for each in kind.expectations(hand)
    )


def _compare_price(kind: ActionKind, provider: Provider, action: Action) -> None:
    if action.resource is None or action.price is None:
        raise Refused(_("No price was confirmed. Nothing was sent."), code="price_needed")
    quote = kind.quote(provider, action.resource, action.parameters)
    if quote is None:
        raise Refused(_("The portal names no price now. Nothing was sent."), code="price_unknown")
    if not quote.currency:
        raise Refused(
            _("The portal names no currency, and the account's is not known yet. Nothing was sent."),
            code="currency_unknown",
        )
    confirmed = money.plain(action.price, action.currency)
    asked = money.plain(quote.amount, quote.currency)
    if quote.currency != action.currency:
        raise Refused(
            _("The price is in another currency now: %(asked)s, and %(confirmed)s was confirmed. Nothing was sent.")
            % {"asked": asked, "confirmed": confirmed},
            code="price_changed",
        )
    if quote.amount > action.price:
        raise Refused(
            _("The price rose to %(asked)s, and %(confirmed)s was confirmed. Nothing was sent.")
            % {"asked": asked, "confirmed": confirmed},
            code="price_rose",
        )
    ledger.note(action, _("The portal asks %(asked)s, within what was confirmed.") % {"asked": asked})


def _show_what_was_done(action: Action, kind: ActionKind, speak: Speak) -> None:
    """A kind of several steps that ended in the middle has changed something all the same."""
    if not action.partly or action.account.state != ProviderAccount.State.ACTIVE:
        return
    try:
        with counted(speak, action.account, action.kind) as provider:
            reread_touched(action, kind, Hand(action), provider)
    except Exception as error:  # noqa: BLE001  # the outcome is written; the next sync reads what could not be read now
        log.warning("not_reread", error=type(error).__name__)
