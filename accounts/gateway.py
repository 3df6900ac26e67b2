"""The only door to the portals: from an account's row to a provider that speaks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from typing import Final

import redis
import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, metrics, vault
from accounts.doubt import meaning_of
from accounts.models import AccountMemory, AccountTokens, LeftLogin, ProviderAccount
from accounts.stores import (
    DatabaseMemory,
    DatabaseTokenStore,
    NoLimiter,
    PassingMemory,
    PassingTokens,
    refused_before,
)
from providers import registry
from providers.contract import CallRecord, Connection, Provider, ProviderSpec
from providers.errors import AuthenticationFailed, NotSupported, ProviderError
from providers.limits import Headroom, ValkeyLimiter, valkey_client

log = structlog.get_logger(__name__)

OnCall = Callable[[CallRecord], None]
REQUEST_ID_HEADER: Final = "X-Request-ID"
_LONGEST_REASON: Final = 500
_CAPABILITIES_TOLD: Final = timedelta(hours=1)
"""How often the time of asking is written, when nothing else moved."""


def spec_of(account: ProviderAccount) -> ProviderSpec:
    """The preset that the account was made from. Raises NotSupported when it is no longer installed."""
    return _installed(account.provider, account.name)


def _installed(provider: str, account_name: str) -> ProviderSpec:
    try:
        return registry.spec(provider)
    except KeyError:
        raise NotSupported(
            _("The provider “%(provider)s” is not installed here.") % {"provider": provider}, account=account_name
        ) from None


def headroom_of(account: ProviderAccount) -> Headroom | None:
    """What is left of the account's limits; None where that can't be told now."""
    try:
        return _limiter_of(account, spec_of(account)).headroom()
    except NotSupported:
        return None


def lift_pause(account: ProviderAccount) -> bool:
    """Ends the pause that the portal asked for: somebody decided to call all the same. False when that can't be done now.

    Raises NotSupported.
    """
    return _limiter_of(account, spec_of(account)).lift()


def connection_for(account: ProviderAccount, *, on_call: OnCall | None = None) -> Connection:
    """What the adapter needs to speak for this account; `on_call` hears of each call, beside the metrics.

    Raises AuthenticationFailed, without asking anybody, when the portal has refused this credential before, and VaultError.
    """
    if account.state == ProviderAccount.State.REFUSED:
        raise refused_before(account.name)
    spec = spec_of(account)
    return Connection(
        account_name=account.name,
        base_url=account.base_url,
        auth=account.auth,
        credential=vault.open_sealed(account.uuid, account.sealed_credential),
        time_zone=account.time_zone,
        tokens=DatabaseTokenStore(account),
        memory=DatabaseMemory(account),
        limiter=_limiter_of(account, spec),
        allowed_upstreams=tuple(settings.HOLDFAST_ALLOWED_UPSTREAMS),
        on_call=_counted(str(account.pk), on_call),
        headers=request_headers(),
    )


def provider_for(account: ProviderAccount, *, on_call: OnCall | None = None) -> Provider:
    """The account's portal, ready to be asked; the caller closes it. `speaking_to` does so by itself."""
    return spec_of(account).connect(connection_for(account, on_call=on_call))


@contextmanager
def speaking_to(account: ProviderAccount, *, on_call: OnCall | None = None) -> Iterator[Provider]:
    """The account's portal for the length of a block. Errors leave it with the account's name on them, and a refused
    credential locks the account (`mark_refused`): nobody tries it again before it was replaced. Where the login turns out to be
    good (`accounts.doubt`), it leaves as PermissionDenied."""
    with structlog.contextvars.bound_contextvars(account_id=account.pk):
        try:
            provider = provider_for(account, on_call=on_call)
            try:
                _remember_what_it_tells(account, provider)
                yield provider
            except AuthenticationFailed as refused:
                meaning = meaning_of(refused, provider)
                if meaning is refused:
                    raise
                raise meaning from refused
            finally:
                provider.close()
        except ProviderError as error:
            error.account = error.account or account.name
            if isinstance(error, AuthenticationFailed):
                mark_refused(account, error)
            raise


def sign_out(left: LeftLogin) -> bool:
    """Ends the tokens of a login that left the desk, without its credential; False when nobody had to be asked for that.

    Raises ProviderError and VaultError.
    """
    tokens = PassingTokens()
    tokens.save(vault.open_sealed(left.owner, left.sealed))
    calls: list[CallRecord] = []
    spec = _installed(left.provider, left.name)
    provider = spec.connect(
        Connection(
            account_name=left.name,
            base_url=left.base_url,
            auth=left.auth,
            credential={},
            time_zone=spec.time_zone,
            tokens=tokens,
            memory=PassingMemory(),
            limiter=NoLimiter(),
            allowed_upstreams=tuple(settings.HOLDFAST_ALLOWED_UPSTREAMS),
            on_call=_counted("left", calls.append),
            headers=request_headers(),
        )
    )
    try:
        provider.sign_out()
    finally:
        provider.close()
    return bool(calls)


def mark_refused(account: ProviderAccount, error: AuthenticationFailed) -> bool:
    """Locks the account until its credential is replaced, and forgets its tokens. False when there was nothing to lock: it is
    locked or paused already, or the credential was replaced since `account` was read."""
    reason = error.sentence[:_LONGEST_REASON]
    with transaction.atomic():
        locked = ProviderAccount.objects.filter(
            pk=account.pk,
            state=ProviderAccount.State.ACTIVE,
            credential_changed_at=account.credential_changed_at,
        ).update(state=ProviderAccount.State.REFUSED, state_reason=reason)
        if not locked:
            return False
        AccountTokens.objects.filter(account=account.pk).delete()
        audit.record(None, audit.Event.ACCOUNT_REFUSED, account=account, detail={"reason": reason})
    account.state, account.state_reason = ProviderAccount.State.REFUSED, reason
    log.warning("account_refused", account_id=account.pk, operation=error.operation)
    return True


def put_credential(account: ProviderAccount, auth: str, credential: Mapping[str, str], *, hint: str) -> None:
    """Seals a credential that was tested into `account`, without saving it, and makes a refused account active again."""
    account.auth = auth
    account.sealed_credential = vault.seal(account.uuid, credential)
    account.login_hint = hint
    account.credential_changed_at = timezone.now()
    if account.state == ProviderAccount.State.REFUSED:
        account.state, account.state_reason = ProviderAccount.State.ACTIVE, ""


def forget_what_was_learned(account: ProviderAccount) -> None:
    """Another login or another address: the memory of the old one is worth nothing."""
    AccountMemory.objects.filter(account=account.pk).delete()


def forget_capabilities(account: ProviderAccount) -> None:
    """What the portal was found to offer or lack is asked anew by whoever speaks to it next."""
    AccountMemory.objects.filter(account=account.pk).delete()
    ProviderAccount.objects.filter(pk=account.pk).update(capabilities_at=None)


def request_headers() -> dict[str, str]:
    """The request id that leads from the click to the call, when there is one."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    return {REQUEST_ID_HEADER: str(request_id)} if request_id else {}


def _limiter_of(account: ProviderAccount, spec: ProviderSpec) -> ValkeyLimiter:
    rate, at_once = account.rate_per_minute or spec.rate_per_minute, account.concurrency or spec.concurrency
    return _limiter(str(account.pk), rate, at_once)


@lru_cache(maxsize=512)
def _limiter(key: str, rate_per_minute: int, concurrency: int) -> ValkeyLimiter:
    # Kept by the process: while Valkey is away, a limiter counts by itself and must not begin anew with each call.
    return ValkeyLimiter(_valkey(settings.REDIS_URL), key, rate_per_minute=rate_per_minute, concurrency=concurrency)


@lru_cache(maxsize=2)
def _valkey(url: str) -> redis.Redis:
    return valkey_client(url)


def _remember_what_it_tells(account: ProviderAccount, provider: Provider) -> None:
    """Writes only what is new, and once an hour when it was asked."""
    capabilities = sorted(provider.capabilities)  # may ask, so that the notes know more
    told = {"capabilities": capabilities, "portal_notes": list(provider.notes)}
    news: dict[str, object] = {name: value for name, value in told.items() if value != getattr(account, name)}
    now, before = timezone.now(), account.capabilities_at
    if news or before is None or now - before >= _CAPABILITIES_TOLD:
        news["capabilities_at"] = now
        ProviderAccount.objects.filter(pk=account.pk).update(**news)
        for name, value in news.items():
            setattr(account, name, value)


def _counted(account_id: str, on_call: OnCall | None) -> OnCall:
    def heard(call: CallRecord) -> None:
        metrics.count(account_id, call)
        if on_call is not None:
            on_call(call)

    return heard
