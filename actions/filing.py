"""Filing a decision. Pages and API call `file`; the ledger and the workers do the rest.

    filed = file("domain.renew", domain.resource, {"years": 1}, actor=user, price=Decimal("12.99"), currency="USD",
                 key=key, key_owner="user:3")
    filed.action                # the ledger's row: link to reverse("actions:action-detail", args=[filed.action.pk])
    filed.is_new                # False: the same was filed before (same key, or same guard), and this is that action

`Refused` says why not, and nothing was sent: `code` is one of
    invalid (with `fields`), price_needed, idempotency_key_needed, not_supported, account_not_active, gone, not_allowed,
    idempotency_conflict, or what the kind says.
Double posts need nothing else than the same `key` (put a random one into the form as a hidden field).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import sealing
from accounts.models import ProviderAccount, User
from accounts.roles import may_act
from actions.declare import ActionKind, EnquiryKind, Refused, registry
from actions.models import VOID, Action, ActionEvent
from actions.publishing import publish_work
from sync.engine.clean import clean_text, plain
from sync.models import Resource

LONGEST_KEY: Final = 200


@dataclass(frozen=True, slots=True)
class Filed:
    action: Action
    is_new: bool


def file(
    kind_name: str,
    resource: Resource,
    parameters: Mapping[str, Any],
    *,
    actor: User | None,
    key: str = "",
    key_owner: str = "",
    body_digest: str = "",
    price: Decimal | None = None,
    currency: str = "",
    request_id: str = "",
) -> Filed:
    """Files one decision about `resource`, which the caller has found among what the actor may see. Raises Refused.

    `price` and `currency` are what the person confirmed, at most; money kinds need both. `key` is an idempotency key, unique per
    `key_owner` (the actor when empty); without a `body_digest` the decision itself is compared. Publishes after commit.
    """
    kind = registry.actions[kind_name]
    key, owner = _checked_key(key, key_owner, actor)
    digest = body_digest or _digest(kind_name, resource, parameters, price, currency)
    first = _by_key(owner, key, kind_name, resource, digest)
    if first is not None:
        return Filed(first, is_new=False)
    if actor is not None and not may_act(actor):
        raise Refused(_("This needs the role Staff."), code="not_allowed")
    refuse_unless_possible(kind, resource)
    cleaned = kind.clean(resource, parameters)
    guard = _guard(kind, resource, cleaned)
    first = _by_guard(guard)
    if first is not None:
        return Filed(first, is_new=False)
    currency = currency.strip().upper()
    if kind.money:
        _need_price(price, currency)
    action = Action(
        kind=kind.name,
        account=resource.account,
        resource=resource,
        target=clean_text(resource.name, 300),
        summary=clean_text(kind.summary(resource, cleaned), 500),
        parameters=plain({name: value for name, value in cleaned.items() if name not in kind.secrets}),
        actor=actor,
        request_id=request_id[:64] or str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64],
        key_owner=owner,
        key=key,
        body_digest=digest if key else "",
        guard=guard,
        price=price,
        currency=currency,
    )
    secret = {name: value for name, value in cleaned.items() if name in kind.secrets}
    return _insert(action, secret, lambda: _by_key(owner, key, kind_name, resource, digest) or _by_guard(guard))


def why_not(kind_name: str, resource: Resource) -> str:
    """Why this can't be decided now, as a sentence; empty when it can. For the place where the button would be."""
    kind = registry.actions.get(kind_name) or registry.enquiries.get(kind_name)
    if kind is None:
        return _("This is not installed.")
    try:
        refuse_unless_possible(kind, resource)
    except Refused as refused:
        return refused.sentence
    return ""


def refuse_unless_possible(kind: ActionKind | EnquiryKind, resource: Resource) -> None:
    """Raises Refused when the account, its portal or this one thing can't do it."""
    refuse_what_cannot_be(kind.capability, resource)
    if sentence := kind.lacks(resource):
        raise Refused(sentence, code="not_supported")


def refuse_what_cannot_be(capability: str, resource: Resource) -> None:
    """Raises Refused when the account or its portal can't do this at all."""
    account = resource.account
    if account.state != ProviderAccount.State.ACTIVE:
        raise Refused(
            _("Nothing is sent to %(account)s at present: %(state)s.")
            % {"account": account.name, "state": account.get_state_display()},
            code="account_not_active",
        )
    if capability not in account.capabilities:
        raise Refused(
            _("%(provider)s does not offer that in its API, so it can only be done in its own portal.")
            % {"provider": account.badge.name},
            code="not_supported",
        )
    if resource.gone_at is not None:
        raise Refused(_("%(name)s is no longer there: its portal does not list it.") % {"name": resource}, code="gone")


def _insert(action: Action, secret: Mapping[str, Any], earlier: Callable[[], Action | None]) -> Filed:
    """The unique indexes decide between two at once; who comes second gets the first one's action."""
    try:
        with transaction.atomic():
            action.save(force_insert=True)
            if secret:
                action.sealed_parameters = sealing.seal(action.account, f"action:{action.pk}", plain(secret))
                action.save(update_fields=["sealed_parameters"])
            ActionEvent.objects.create(
                action=action, text=_("Filed: %(what)s.") % {"what": action.summary[:900]}, user=action.actor
            )
            publish_work(action.pk)
    except IntegrityError:
        first = earlier()
        if first is None:
            raise
        return Filed(first, is_new=False)
    return Filed(action, is_new=True)


def _checked_key(key: str, key_owner: str, actor: User | None) -> tuple[str, str]:
    if not key:
        return "", ""
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Refused(
            _("An idempotency key has at most %(most)d printable characters.") % {"most": LONGEST_KEY},
            code="invalid",
            fields={"Idempotency-Key": [_("Not usable as a key.")]},
        )
    return key, (key_owner or (f"user:{actor.pk}" if actor else "system"))[:40]


def _digest(
    kind_name: str, resource: Resource, parameters: Mapping[str, Any], price: Decimal | None, currency: str
) -> str:
    told = json.dumps([kind_name, resource.pk, plain(parameters), plain(price), currency], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _by_key(owner: str, key: str, kind_name: str, resource: Resource, digest: str) -> Action | None:
    """What was filed with this key before. Raises Refused when it was something else."""
    if not key:
        return None
    found = Action.objects.filter(key_owner=owner, key=key).select_related("account").first()
    if found is None:
        return None
    if (found.kind, found.resource_id, found.body_digest) != (kind_name, resource.pk, digest):
        raise Refused(
            _("This idempotency key was used for another request. Nothing was filed; use a new key."),
            code="idempotency_conflict",
        )
    return found


def _guard(kind: ActionKind, resource: Resource, cleaned: Mapping[str, Any]) -> str:
    own = kind.guard(resource, cleaned)
    return clean_text(f"{kind.name}|{resource.account_id}|{resource.pk}|{own}", 300) if own else ""


def _by_guard(guard: str) -> Action | None:
    if not guard:
        return None
    return Action.objects.filter(guard=guard).exclude(state__in=VOID).select_related("account").first()


def _need_price(price: Decimal | None, currency: str) -> None:
    missing: dict[str, list[str]] = {}
    if price is None or not price.is_finite() or price < 0:
        missing["max_price"] = [_("Confirm the price that you were shown.")]
    if len(currency) != 3 or not currency.isalpha():
        missing["currency"] = [_("Name the price's currency by its three letters.")]
    if missing:
        raise Refused(
            _("This costs money: it needs the price that you confirm, and its currency. Nothing was filed."),
            code="price_needed",
            fields=missing,
        )
