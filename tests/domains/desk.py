"""A desk with accounts at the stand-in portals, and what happens at those portals behind its back."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts import gateway
from accounts.models import ProviderAccount, User
from actions.engine import attempt, looking
from actions.filing import Filed, file
from actions.models import Action
from domains.models import Domain, Zone
from sandbox.portal import Portal
from sync.models import Change, Resource
from sync.reread import reread
from tests.factories import make_domain, make_zone

FAST = 60_000
"""Calls a minute: what is measured here is not the portals' patience."""


def connect(portal: Portal, name: str = "") -> ProviderAccount:
    account = ProviderAccount(
        provider=portal.key, name=name or portal.key, base_url=portal.base_url, rate_per_minute=FAST, concurrency=8,
        time_zone="UTC", currency=currency_of(portal),
    )  # fmt: skip
    gateway.put_credential(account, portal.auth, portal.credential, hint="test")
    account.save()
    with gateway.speaking_to(account):
        pass
    return account


def currency_of(portal: Portal) -> str:
    return {"cloudviet": "VND", "dns-services": "DKK"}.get(portal.key, "USD")


def mirrored_domain(account: ProviderAccount, upstream: dict[str, Any] | str) -> Domain:
    """The domain as the portal has it, by its record or its id there."""
    key = upstream if isinstance(upstream, str) else upstream.get("uuid") or upstream["id"]
    row = make_domain("unread.example", account=account, upstream_id=str(key))
    read_again(row.resource)
    Change.objects.filter(resource=row.resource).delete()
    return Domain.objects.select_related("resource__account").get(pk=row.pk)


def mirrored_zone(account: ProviderAccount, upstream_id: str) -> Zone:
    row = make_zone("unread.example", account=account, upstream_id=upstream_id, hosted=None)
    name = zone_name(account, upstream_id)
    row.name = row.resource.name = name
    row.save()
    row.resource.save()
    read_again(row.resource)
    Change.objects.filter(resource=row.resource).delete()
    return Zone.objects.select_related("resource__account").get(pk=row.pk)


def zone_name(account: ProviderAccount, upstream_id: str) -> str:
    with gateway.speaking_to(account) as provider:
        assert provider.dns is not None
        return provider.dns.detail(upstream_id).name


def read_again(resource: Resource) -> Resource:
    with gateway.speaking_to(resource.account) as provider:
        assert reread(resource, provider)
    resource.refresh_from_db()
    return resource


def renew(
    domain: Domain, person: User | None, price: str | Decimal, years: int = 1, key: str = "", **more: Any
) -> Filed:
    return file(
        "domain.renew", domain.resource, {"years": years, **more}, actor=person, price=Decimal(price),
        currency=domain.resource.account.currency, key=key or uuid.uuid4().hex,
    )  # fmt: skip


def carried(action: Action) -> Action:
    """After one attempt of a worker."""
    attempt.work(action.pk)
    action.refresh_from_db()
    return action


def looked_at(action: Action, *, later: bool = False) -> Action:
    """After somebody looked; `later` as if a first look that found nothing was long ago."""
    past = timezone.now() - timedelta(minutes=5)
    Action.objects.filter(pk=action.pk).update(look_at=past)
    if later:
        Action.objects.filter(pk=action.pk).exclude(absent_since=None).update(absent_since=past)
    looking.look(action.pk)
    action.refresh_from_db()
    return action


def log_of(action: Action) -> str:
    return "\n".join(action.events.values_list("text", flat=True))
