"""What an adapter keeps between calls, in the database: its access tokens (sealed) and what it has learned about the portal."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import structlog
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import vault
from accounts.errors import VaultError
from accounts.locks import LockSpace, LockTimeout, advisory_lock
from accounts.models import AccountMemory, AccountTokens, ProviderAccount
from providers.errors import SignInRefused, Unavailable

log = structlog.get_logger(__name__)

_LONGEST_KEY: Final = 100

P = ParamSpec("P")
R = TypeVar("R")


class _DatabaseStore:
    """Adapters read with several threads. A thread other than the maker's gives its connection back after each use: it may end
    any time, and a connection of Django's that nobody closes is lost to the pool."""

    def __init__(self, account: ProviderAccount) -> None:
        self.account_id = account.pk
        self.account_uuid = account.uuid
        self.account_name = account.name
        self.home = threading.get_ident()


S = TypeVar("S", bound=_DatabaseStore)


def _gives_back(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    @wraps(method)
    def guarded(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(self, *args, **kwargs)
        finally:
            if threading.get_ident() != self.home and not connection.in_atomic_block:
                connection.close()

    return guarded


class DatabaseTokenStore(_DatabaseStore):
    @_gives_back
    def load(self) -> Mapping[str, Any] | None:
        """The stored tokens. Those that can't be opened count as none: signing in again is the cure.

        Raises AuthenticationFailed when there are none because the portal refused the credential: another process was told so
        while this one waited for its turn to sign in, and must not try the same password again.
        """
        sealed = AccountTokens.objects.filter(account=self.account_id).values_list("sealed", flat=True).first()
        if not sealed:
            if ProviderAccount.objects.filter(pk=self.account_id, state=ProviderAccount.State.REFUSED).exists():
                raise refused_before(self.account_name)
            return None
        try:
            return vault.open_sealed(self.account_uuid, sealed)
        except VaultError:
            log.warning("tokens_unreadable", account_id=self.account_id)
            return None

    @_gives_back
    def save(self, tokens: Mapping[str, Any] | None) -> None:
        sealed = vault.seal(self.account_uuid, tokens) if tokens else ""
        # An account that was deleted meanwhile keeps none.
        if ProviderAccount.objects.filter(pk=self.account_id).exists():
            AccountTokens.objects.update_or_create(account_id=self.account_id, defaults={"sealed": sealed})

    @contextmanager
    def lock(self, *, timeout: float) -> Iterator[None]:
        try:
            with advisory_lock(LockSpace.UPSTREAM_SIGN_IN, self.account_id, timeout=timeout):
                yield
        except LockTimeout:
            raise _signing_in_for_too_long(self.account_name) from None


class DatabaseMemory(_DatabaseStore):
    @_gives_back
    def get(self, key: str) -> Any:
        kept = AccountMemory.objects.filter(account=self.account_id, key=_fitting(key), until__gt=timezone.now())
        return kept.values_list("value", flat=True).first()

    @_gives_back
    def set(self, key: str, value: Any, *, keep_seconds: int) -> None:
        until = timezone.now() + timedelta(seconds=keep_seconds)
        if ProviderAccount.objects.filter(pk=self.account_id).exists():
            AccountMemory.objects.update_or_create(
                account_id=self.account_id, key=_fitting(key), defaults={"value": value, "until": until}
            )


def _fitting(key: str) -> str:
    """A key that the column takes: adapters name things by upstream's ids, which may be long."""
    if len(key) <= _LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
    return f"{key[: _LONGEST_KEY - len(digest)]}{digest}"


def refused_before(account_name: str) -> SignInRefused:
    return SignInRefused(
        _("The portal refused this account's credential before; nothing is tried until it is replaced."),
        account=account_name,
    )


def _signing_in_for_too_long(account_name: str = "") -> Unavailable:
    return Unavailable(
        "Another process has been signing in for this account for too long; it is tried again later.",
        account=account_name,
        operation="sign-in",
        cause="timeout",
    )


class PassingTokens:
    """Tokens of a login that is only being tested: in memory, for one process."""

    def __init__(self) -> None:
        self.tokens: Mapping[str, Any] | None = None
        self._lock = threading.RLock()

    def load(self) -> Mapping[str, Any] | None:
        return self.tokens

    def save(self, tokens: Mapping[str, Any] | None) -> None:
        self.tokens = tokens

    @contextmanager
    def lock(self, *, timeout: float) -> Iterator[None]:
        if not self._lock.acquire(timeout=timeout):
            raise _signing_in_for_too_long()
        try:
            yield
        finally:
            self._lock.release()


class PassingMemory:
    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    def get(self, key: str) -> Any:
        return self._kept.get(key)

    def set(self, key: str, value: Any, *, keep_seconds: int) -> None:
        self._kept[key] = value


class NoLimiter:
    """For the few calls of a test: what is not connected yet shares no limit with anybody."""

    @contextmanager
    def slot(self, *, timeout: float) -> Iterator[None]:
        yield

    def learn(self, *, remaining: int | None, reset_after: float | None, retry_after: float | None) -> None:
        """There is nobody to tell."""
