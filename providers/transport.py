"""The one place that sends HTTP to the portals.

`read` may repeat itself, `change` never does: its error tells whether anything can have happened (see `providers.errors`).
"""

from __future__ import annotations

import json as json_module
import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Protocol
from urllib.parse import quote, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter

from providers.addresses import AllowedUpstreams
from providers.contract import CallRecord, Connection
from providers.errors import (
    AuthenticationFailed,
    InvalidRequest,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Unavailable,
)
from providers.http.bodies import BadBody, read_body
from providers.http.connections import Exchange, GuardedPoolManager
from providers.http.failures import NETWORK_ERRORS, Failure, describe
from providers.http.judging import UNKNOWN_OUTCOME, Answer, Expect, Judge, RawAnswer
from providers.http.waits import LimitHeaders, full_jitter
from providers.http.words import Scrubber, words_of

__all__ = ["Answer", "Check", "Credentials", "Limits", "Transport", "path_segment"]

logger = logging.getLogger("holdfast.upstream")

Params = Mapping[str, str | int | Sequence[str] | None]
Check = Callable[[Answer, str, bool], None]
"""Judges a readable answer with a good status: `(answer, operation, changes)`. Raises one of `providers.errors`; the transport adds
the account and cleans the words. An AuthenticationFailed is treated like a 401."""

_MOST_REDIRECTS = 3
_ERROR_BODY = 256 * 1024
_USER_AGENT = "Holdfast/0.1"
_BAD_PATH = re.compile(r"[\x00-\x20\x7f?#\\]|(^|/)\.{1,2}(/|$)|//")


class Credentials(Protocol):
    """How a request is signed."""

    def headers(self, transport: Transport) -> dict[str, str]:
        """The headers that sign one request. May sign in first, with `transport.read(..., signed=False, retry=False)`."""

    def renew(self, transport: Transport, rejected: Mapping[str, str]) -> bool:
        """Called after a 401 with the headers that were refused; True when fresh ones are there and one more try makes sense."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Patience in seconds, sizes in bytes. `total` covers one read with all its repetitions."""

    connect: float = 5.0
    read: float = 20.0
    total: float = 60.0
    body: int = 16 * 1024 * 1024
    depth: int = 60
    attempts: int = 4


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    path: str
    operation: str
    expect: Expect
    params: Params | None
    body: bytes | None
    content_type: str
    changes: bool
    signed: bool


class Transport:
    """Sends one account's requests. Threads may share it."""

    def __init__(
        self,
        connection: Connection,
        credentials: Credentials,
        *,
        check: Check | None = None,
        limits: Limits | None = None,
        ca_bundle: str | None = None,
    ) -> None:
        self.connection = connection
        self.limits = limits or Limits()
        self._credentials = credentials
        self._check = check
        self._verify: str | bool = ca_bundle or True
        self._allowed = AllowedUpstreams.parse(connection.allowed_upstreams)
        self._base_url = connection.base_url.rstrip("/")
        self._host = urlsplit(self._base_url).hostname or self._base_url
        self._scrubber = Scrubber(connection.credential.values())
        self._session = self._new_session()

    def read(
        self,
        method: str,
        path: str,
        *,
        operation: str,
        params: Params | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        expect: Expect = "json",
        signed: bool = True,
        retry: bool = True,
    ) -> Answer:
        """Asks for something and changes nothing; what fails for a passing reason is tried again within `limits.total`.

        `path` is below the base URL, with ids through `path_segment`; `operation` is the documented one (`GET /invoice/{id}`).
        `signed=False` sends no credential and `retry=False` sends once: for sign-in.
        """
        call = _Call(method, path, operation, expect, params, *_body(json, form), changes=False, signed=signed)
        deadline = time.monotonic() + self.limits.total
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._signed(call, deadline)
            except ProviderError as error:
                wait = self._pause(error, attempt) if retry else None
                if wait is None or time.monotonic() + wait >= deadline:
                    raise
            time.sleep(wait)

    def change(
        self,
        method: str,
        path: str,
        *,
        operation: str,
        params: Params | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        expect: Expect = "json",
        signed: bool = True,
    ) -> Answer:
        """Changes something, sent once, on a connection of its own.

        Raises `Unavailable` only when nothing left us, `OutcomeUnknown` when it did and no readable answer came back. After a
        refused sign-in, which means that nothing happened, it is signed anew and sent once more.
        """
        call = _Call(method, path, operation, expect, params, *_body(json, form), changes=True, signed=signed)
        return self._signed(call, time.monotonic() + self.limits.total)

    def close(self) -> None:
        """Gives the pooled connections back."""
        self._session.close()

    def words(self, data: Any) -> str:
        """The portal's own words in an error answer, fit to be shown. For `check` and the clients."""
        return self._scrubber.clean(words_of(data))

    # --- one call -----------------------------------------------------------------------------------------------------------

    def _signed(self, call: _Call, deadline: float) -> Answer:
        if not call.signed:
            return self._in_turn(call, {}, deadline)
        headers = self._sign()
        try:
            return self._in_turn(call, headers, deadline)
        except AuthenticationFailed:
            if not self._credentials.renew(self, headers):
                raise
        return self._in_turn(call, self._sign(), deadline)

    def _sign(self) -> dict[str, str]:
        headers = self._credentials.headers(self)
        for value in headers.values():
            self._scrubber.add(value.partition(" ")[2])
        return headers

    def _in_turn(self, call: _Call, headers: Mapping[str, str], deadline: float) -> Answer:
        try:
            with self.connection.limiter.slot(timeout=max(0.0, deadline - time.monotonic())):
                return self._recorded(call, headers, deadline)
        except ProviderError as error:
            error.operation = error.operation or call.operation
            error.account = error.account or self.connection.account_name
            error.upstream_words = self._scrubber.clean(error.upstream_words)
            if isinstance(error, InvalidRequest):
                error.fields = {
                    name: [self._scrubber.clean(one) for one in error.fields[name]] for name in error.fields
                }
            raise

    def _recorded(self, call: _Call, headers: Mapping[str, str], deadline: float) -> Answer:
        started = time.monotonic()
        status, received, error_code = 0, 0, ""
        try:
            raw = self._exchange(call, headers, deadline)
            status, received = raw.status, len(raw.body)
            return self._judge(call, raw)
        except ProviderError as error:
            status = status or error.status
            error_code = error.code
            raise
        finally:
            seconds = time.monotonic() - started
            record = CallRecord(call.operation, status, seconds, len(call.body or b""), received, error_code)
            logger.info(
                "upstream call",
                extra={
                    "operation": call.operation,
                    "account": self.connection.account_name,
                    "status": status,
                    "seconds": round(seconds, 3),
                    "error": error_code,
                },
            )
            if self.connection.on_call is not None:
                self.connection.on_call(record)

    def _judge(self, call: _Call, raw: RawAnswer) -> Answer:
        if call.signed or "retry-after" in raw.headers:
            # the limit on sign-ins counts sign-ins alone; it says nothing about the other calls
            said = LimitHeaders.read(raw.headers)
            if not said.silent:
                self.connection.limiter.learn(
                    remaining=said.remaining, reset_after=said.reset_after, retry_after=said.retry_after
                )
        answer = self._judge_for(call).judge(raw)
        if self._check is not None:
            self._check(answer, call.operation, call.changes)
        return answer

    def _judge_for(self, call: _Call) -> Judge:
        return Judge(
            operation=call.operation,
            account=self.connection.account_name,
            changes=call.changes,
            expect=call.expect,
            depth=self.limits.depth,
            scrubber=self._scrubber,
        )

    # --- one exchange -------------------------------------------------------------------------------------------------------

    def _exchange(self, call: _Call, headers: Mapping[str, str], deadline: float) -> RawAnswer:
        """Sends and reads. A read follows redirects inside the same origin; a change has a session and connection of its own."""
        session = self._new_session() if call.changes else self._session
        url = self._url(call.path)
        exchange = Exchange(max(0.001, deadline - time.monotonic()))
        try:
            with exchange:
                for _ in range(_MOST_REDIRECTS + 1):
                    raw = self._send(session, call, url, headers, deadline)
                    if exchange.expired and raw.status < 300:
                        raise TimeoutError  # a body without a length looks complete when we ended it ourselves
                    target = self._redirect(call, raw, url)
                    if target is None:
                        return raw
                    url = target
            raise self._judge_for(call).unreadable("The portal sends us in circles.", raw.status)
        except (*NETWORK_ERRORS, UnicodeError) as error:
            failure = describe(error, self._host, expired=exchange.expired, connected=exchange.connected)
            raise self._failed(call, failure, connected=exchange.connected, error=error) from None
        finally:
            if call.changes:
                session.close()

    def _send(
        self, session: requests.Session, call: _Call, url: str, headers: Mapping[str, str], deadline: float
    ) -> RawAnswer:
        request = requests.Request(call.method, url, params=dict(call.params or {}), data=call.body)
        request.headers = {**self._plain_headers(call), **headers}
        left = max(0.001, deadline - time.monotonic())
        timeout = (min(self.limits.connect, left), min(self.limits.read, left))
        response = session.send(
            session.prepare_request(request), stream=True, timeout=timeout, allow_redirects=False, verify=self._verify
        )
        with response:
            names = {name.lower(): value for name, value in response.headers.items()}
            refused = response.status_code >= 300
            limit = min(_ERROR_BODY, self.limits.body) if refused else self.limits.body
            try:
                chunks = response.raw.stream(64 * 1024, decode_content=False)
                body = read_body(chunks, encoding=names.get("content-encoding", ""), limit=limit)
            except BadBody as error:
                return RawAnswer(response.status_code, names, b"", str(error))
            except NETWORK_ERRORS:
                if not refused:
                    raise
                body = b""  # the status says that it was refused; only the portal's words are lost
            return RawAnswer(response.status_code, names, body)

    def _plain_headers(self, call: _Call) -> dict[str, str]:
        headers = {
            "User-Agent": _USER_AGENT,
            "Accept": "*/*" if call.expect == "bytes" else "application/json",
            "Accept-Encoding": "gzip",
            **self.connection.headers,
        }
        if call.content_type:
            headers["Content-Type"] = call.content_type
        if call.changes:
            headers["Connection"] = "close"
        return headers

    def _redirect(self, call: _Call, raw: RawAnswer, url: str) -> str | None:
        """Where to ask again, None when this is the answer. Raises for a redirect that leaves the origin."""
        if call.changes or raw.status not in {301, 302, 303, 307, 308}:
            return None
        target = urljoin(url, raw.headers.get("location", ""))
        there, here = urlsplit(target), urlsplit(url)
        if (there.scheme, there.netloc.lower()) != (here.scheme, here.netloc.lower()):
            sentence = (
                f"The portal sends us on to {self._scrubber.clean(there.hostname or 'another place', limit=120)},"
                " where a credential must not follow. Check the address of the account."
            )
            raise self._judge_for(call).unreadable(sentence, raw.status)
        if call.method != "GET" and raw.status not in {307, 308}:
            raise self._judge_for(call).unreadable("The portal answered a question with a redirect.", raw.status)
        return target

    def _failed(self, call: _Call, failure: Failure, *, connected: bool, error: BaseException) -> ProviderError:
        context: dict[str, Any] = {"operation": call.operation, "account": self.connection.account_name}
        if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidHeader | UnicodeError):
            return InvalidRequest("The request could not be written as HTTP. Nothing was sent.", **context)
        if call.changes and connected:
            return OutcomeUnknown(f"{failure.sentence} {UNKNOWN_OUTCOME}", **context)
        unavailable = Unavailable(failure.sentence, cause=failure.cause, **context)
        unavailable.retry_read = failure.again
        return unavailable

    # --- small parts --------------------------------------------------------------------------------------------------------

    def _pause(self, error: ProviderError, attempt: int) -> float | None:
        """Seconds to wait before a read is tried again, None when it is not."""
        if attempt >= self.limits.attempts or not isinstance(error, Unavailable | RateLimited) or not error.retry_read:
            return None
        if isinstance(error, RateLimited):
            return error.retry_after + full_jitter(0)
        return full_jitter(attempt)

    def _url(self, path: str) -> str:
        if not path.startswith("/") or _BAD_PATH.search(path):
            raise InvalidRequest("The address of this request is not valid. Nothing was sent.")
        return self._base_url + path

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False  # neither proxies nor ~/.netrc may decide where a credential goes
        session.headers.clear()
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = _Adapter(self._allowed)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        return session


class _Adapter(HTTPAdapter):
    def __init__(self, allowed: AllowedUpstreams) -> None:
        self._allowed_upstreams = allowed
        super().__init__(pool_connections=2, pool_maxsize=8, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        self.poolmanager = GuardedPoolManager(
            self._allowed_upstreams, num_pools=connections, maxsize=maxsize, block=block, **options
        )


def path_segment(value: str) -> str:
    """An id made fit for one segment of a path. Raises InvalidRequest for what would lead elsewhere."""
    if not value or value in {".", ".."} or "/" in value or "\\" in value:
        raise InvalidRequest("This id can't be part of an address. Nothing was sent.")
    return quote(value, safe="")


def _body(json: Any, form: Mapping[str, str] | None) -> tuple[bytes | None, str]:
    if json is not None:
        return json_module.dumps(json, default=_plain_value, ensure_ascii=False).encode(), "application/json"
    if form is not None:
        pairs = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in form.items())
        return pairs.encode("ascii"), "application/x-www-form-urlencoded"
    return None, ""


def _plain_value(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} can't be sent as JSON")
