"""Sign-in of a HostBill portal: Basic, JWT pairs, and the limit on logins."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from collections import deque
from typing import Any

from sandbox.clock import Clock
from sandbox.state import Record, State


class LoginLimit:
    """A sliding window; in memory, as the real one is in a cache."""

    def __init__(self) -> None:
        self._attempts: deque[float] = deque()

    def attempt(self, limit: int, window: int) -> tuple[bool, dict[str, str]]:
        """Counts one login; whether it may go on, and the headers that tell the client how it stands."""
        now = time.monotonic()
        while self._attempts and self._attempts[0] <= now - window:
            self._attempts.popleft()
        allowed = len(self._attempts) < limit
        if allowed:
            self._attempts.append(now)
        reset = max(1, round(self._attempts[0] + window - now)) if self._attempts else window
        headers = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(0, limit - len(self._attempts))),
            "X-RateLimit-Reset": str(reset),
        }
        if not allowed:
            headers["Retry-After"] = str(reset)
        return allowed, headers


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Tokens:
    """Pairs of access and refresh token. `live` is what counts: the signature only keeps invented tokens out."""

    def __init__(self, state: State, clock: Clock, issuer: str) -> None:
        self._state = state
        self._clock = clock
        self._issuer = issuer

    def _secret(self) -> bytes:
        kept = self._state.get("secrets", "jwt") or self._state.put("secrets", "jwt", {"key": secrets.token_hex(32)})
        return bytes.fromhex(kept["key"])

    def _sign(self, payload: dict[str, Any]) -> str:
        head = _encode(json.dumps({"typ": "JWT", "alg": "HS256"}, separators=(",", ":")).encode())
        body = _encode(json.dumps(payload, separators=(",", ":")).encode())
        signature = hmac.new(self._secret(), f"{head}.{body}".encode(), hashlib.sha256).digest()
        return f"{head}.{body}.{_encode(signature)}"

    def issue(self, subject: str, access_seconds: int, refresh_seconds: int) -> dict[str, str]:
        now = int(self._clock.now().timestamp())
        for old in self._state.all("tokens"):
            if old["exp"] < now:
                self._state.remove("tokens", old["jti"])
        pair = secrets.token_hex(8)
        made: dict[str, str] = {}
        for use, seconds in (("token", access_seconds), ("refresh", refresh_seconds)):
            jti = secrets.token_hex(16)
            self._state.put("tokens", jti, {"jti": jti, "use": use, "pair": pair, "sub": subject, "exp": now + seconds})
            payload = {"iss": self._issuer, "sub": subject, "iat": now, "nbf": now, "exp": now + seconds, "jti": jti}
            made[use] = self._sign(payload)
        return made

    def find(self, token: str, use: str) -> Record | None:
        """The live token of that use, or None: wrong signature, expired, used up, revoked."""
        parts = token.split(".")
        if len(parts) != 3:
            return None
        expected = hmac.new(self._secret(), f"{parts[0]}.{parts[1]}".encode(), hashlib.sha256).digest()
        try:
            if not hmac.compare_digest(expected, _decode(parts[2])):
                return None
            jti = json.loads(_decode(parts[1]))["jti"]
        except (binascii.Error, ValueError, KeyError, TypeError):
            return None
        kept = self._state.get("tokens", str(jti))
        if kept is None or kept["use"] != use or kept["exp"] <= self._clock.now().timestamp():
            return None
        return kept

    def end(self, token: Record) -> None:
        self._state.remove("tokens", token["jti"])

    def end_pair(self, token: Record) -> None:
        for other in self._state.all("tokens"):
            if other["pair"] == token["pair"]:
                self._state.remove("tokens", other["jti"])

    def expire_all(self) -> int:
        """Every access token runs out now; refresh tokens stay."""
        access = [token for token in self._state.all("tokens") if token["use"] == "token"]
        for token in access:
            self._state.remove("tokens", token["jti"])
        return len(access)


def read_basic(header: str) -> tuple[str, str] | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, password) if colon else None
