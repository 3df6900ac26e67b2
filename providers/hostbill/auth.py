"""How calls to a HostBill portal are signed: with the password itself, or with a token pair that all processes share."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from providers.contract import Connection
from providers.errors import (
    AuthenticationFailed,
    InvalidRequest,
    MalformedResponse,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    PermissionDenied,
    SignInRefused,
    Unavailable,
)
from providers.hostbill.client.clientarea import ClientArea
from providers.transport import Credentials, Transport

EARLY_SECONDS = 30
"""A token is renewed this long before it runs out, so that it does not run out on the way."""

HOLD_SECONDS = 15
"""How long a refused password is not tried again by those who were waiting for the same login."""

PAIR_IS_NO_MORE = (AuthenticationFailed, InvalidRequest, NotFound, NotSupported, PermissionDenied)
"""What a portal answers to a sign-out with a token that it does not know any more, or has no use for."""

HEADER_SAFE = re.compile(r"[\x21-\x7e]{1,8192}")


class Basic:
    """E-mail and password on every call."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def headers(self, transport: Transport) -> dict[str, str]:
        username, password = username_and_password(self._connection)
        pair = f"{username}:{password}".encode("utf-8", "replace")
        return {"Authorization": "Basic " + base64.b64encode(pair).decode()}

    def renew(self, transport: Transport, rejected: Mapping[str, str]) -> bool:
        return False


class Jwt:
    """A token pair got with e-mail and password, kept in the connection's token store for all processes.

    One login serves everybody: whoever finds no usable token takes the store's lock, looks again, and only then asks for one.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._gate = threading.Lock()
        self._current: TokenPair | None = None

    def headers(self, transport: Transport) -> dict[str, str]:
        pair = self._current
        if pair is None or pair.due():
            pair, _ = self._usable(transport, rejected="")
        return {"Authorization": f"Bearer {pair.token}"}

    def renew(self, transport: Transport, rejected: Mapping[str, str]) -> int:
        _, ours = self._usable(transport, rejected=rejected.get("Authorization", "").removeprefix("Bearer "))
        return 1 if ours else 2

    def sign_out(self, signed: Callable[[Credentials], Transport]) -> None:
        """Ends the stored pair at the portal and forgets it, as when the account is taken off the desk. No pair, no call.

        A live access token is ended by `POST /logout`, which a transport of `signed` sends; a refresh token, which would outlive
        that, by `POST /revoke`. Where the portal refuses both, the pair was at its end already. Only a pair that this address
        issued is sent; the password is not needed.
        """
        with closing(signed(self)) as transport, self._alone(transport):
            pair = self._issued_here()
            self._keep(None)
        if pair is None:
            return
        with closing(signed(OneToken(pair.token))) as leaving:
            if not pair.due():
                with suppress(*PAIR_IS_NO_MORE):
                    ClientArea(leaving).logout()
            if pair.refresh:
                with suppress(*PAIR_IS_NO_MORE):
                    ClientArea(leaving).revoke_token(pair.refresh)

    def _usable(self, transport: Transport, *, rejected: str) -> tuple[TokenPair, bool]:
        """A pair whose token is not `rejected` and not about to run out, and whether it was issued just now: another process'
        where there is one, else a new one."""
        with self._alone(transport):
            stored = self._stored()
            if stored is None or stored.token == rejected or stored.due():
                pair = self._refreshed(transport, stored) or self._logged_in(transport)
                self._keep(pair)
                return pair, True
            self._current = stored
            return stored, False

    @contextmanager
    def _alone(self, transport: Transport) -> Iterator[None]:
        """Held by one thread of all processes. Raises Unavailable when the others take longer than the call that waits has time."""
        if not self._gate.acquire(timeout=transport.seconds_left()):
            raise Unavailable(
                "Another call has been signing in for this account for too long; it is tried again later.",
                operation="sign-in",
                cause="timeout",
            )
        try:
            with self._connection.tokens.lock(timeout=transport.seconds_left()):
                yield
        finally:
            self._gate.release()

    def _refreshed(self, transport: Transport, pair: TokenPair | None) -> TokenPair | None:
        """A new pair for the refresh token of `pair`; None where only the password helps, which includes a lost answer, since the
        refresh token is used up then."""
        if pair is None or not pair.refresh:
            return None
        try:
            answer = ClientArea(transport).refresh_token(pair.refresh)
            return TokenPair.read(answer, "POST /token")
        except (
            AuthenticationFailed,
            InvalidRequest,
            MalformedResponse,
            NotFound,
            NotSupported,
            OutcomeUnknown,
            PermissionDenied,
        ):
            return None

    def _logged_in(self, transport: Transport) -> TokenPair:
        self._stop_if_just_refused()
        username, password = username_and_password(self._connection)
        try:
            return TokenPair.read(ClientArea(transport).login(username, password), "POST /login")
        except (AuthenticationFailed, InvalidRequest, NotFound, PermissionDenied) as error:
            self._current = None
            self._connection.tokens.save({"refused": self._owner(), "at": time.time()})
            raise refused_login(error.upstream_words, error.status) from None

    def _stop_if_just_refused(self) -> None:
        """Many callers may wait for one login; when it was refused, none of them tries the same password again."""
        stored = self._connection.tokens.load() or {}
        at = stored.get("at")
        if (
            stored.get("refused") == self._owner()
            and isinstance(at, int | float)
            and 0 <= time.time() - at < HOLD_SECONDS
        ):
            raise refused_login("", 0)

    def _stored(self) -> TokenPair | None:
        kept = self._connection.tokens.load() or {}
        if kept.get("owner") != self._owner():
            return None
        return TokenPair.restore(kept)

    def _issued_here(self) -> TokenPair | None:
        """The stored pair, whoever signed in for it, if it comes from this address."""
        kept = self._connection.tokens.load() or {}
        return TokenPair.restore(kept) if kept.get("address") == self._connection.base_url else None

    def _keep(self, pair: TokenPair | None) -> None:
        self._current = pair
        whose = {"owner": self._owner(), "address": self._connection.base_url}
        self._connection.tokens.save(None if pair is None else {**whose, **pair.kept()})

    def _owner(self) -> str:
        """Whose tokens they are: a pair is never used after the password or the address was replaced."""
        parts = (self._connection.base_url, *username_and_password(self._connection))
        return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


class OneToken:
    """A token that is used as long as it lasts and never replaced."""

    def __init__(self, token: str) -> None:
        self._token = token

    def headers(self, transport: Transport) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    def renew(self, transport: Transport, rejected: Mapping[str, str]) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class TokenPair:
    token: str = field(repr=False)
    refresh: str = field(repr=False)
    renew_at: float | None
    """When to ask for the next one, in seconds of this machine's clock; None where the token does not say when it ends."""

    def due(self) -> bool:
        return self.renew_at is not None and time.time() >= self.renew_at

    def kept(self) -> dict[str, Any]:
        return {"token": self.token, "refresh": self.refresh, "renew_at": self.renew_at}

    @classmethod
    def read(cls, data: Any, operation: str) -> TokenPair:
        """The pair of an answer. Raises MalformedResponse where there is none, or none that fits into a header."""
        token = data.get("token") if isinstance(data, Mapping) else None
        refresh = data.get("refresh") if isinstance(data, Mapping) else None
        if not isinstance(token, str) or not HEADER_SAFE.fullmatch(token):
            raise MalformedResponse("The portal’s answer to the sign-in holds no token.", operation=operation)
        return cls(token, refresh if isinstance(refresh, str) else "", renewal_time(token))

    @classmethod
    def restore(cls, kept: Mapping[str, Any]) -> TokenPair | None:
        token, refresh, renew_at = kept.get("token"), kept.get("refresh"), kept.get("renew_at")
        if not isinstance(token, str) or not HEADER_SAFE.fullmatch(token):
            return None
        return cls(
            token,
            refresh if isinstance(refresh, str) else "",
            float(renew_at) if isinstance(renew_at, int | float) else None,
        )


def renewal_time(token: str) -> float | None:
    """When to renew, from the token's own lifetime (`exp`, counted from `iat` so that the portal's clock need not be ours)."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        ends = float(claims["exp"])
        now = time.time()
        lifetime = ends - float(claims.get("iat", now))
    except (IndexError, KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError, binascii.Error):
        return None
    if not 0 < lifetime < math.inf:
        return None
    return now + max(lifetime - EARLY_SECONDS, lifetime / 2)


def username_and_password(connection: Connection) -> tuple[str, str]:
    return connection.credential.get("username", ""), connection.credential.get("password", "")


def refused_login(words: str, status: int) -> SignInRefused:
    return SignInRefused(
        "The portal refused e-mail and password. Nothing is tried again until this account’s credential was replaced.",
        operation="POST /login",
        upstream_words=words,
        status=status,
    )
