"""The one place that sends HTTP to the portals.

`read` may repeat itself, `change` never does: its error tells whether anything can have happened (see `providers.errors`).
"""

from __future__ import annotations

import copy
import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from urllib.parse import urlsplit

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
from providers.http.connections import Exchange, GuardedAdapter
from providers.http.failures import NETWORK_ERRORS, Failure, describe
from providers.http.judging import UNKNOWN_OUTCOME, Answer, Expect, Judge, RawAnswer, refused_by_words
from providers.http.redirects import NoWayOnError, next_address
from providers.http.waits import LimitHeaders, full_jitter
from providers.http.words import Scrubber, words_of
from providers.http.writing import NOT_HTTP, Params, body_of, checked_path, path_segment, plain_headers, query_of

__all__ = ["LONGEST_CHANGE", "Answer", "Check", "Credentials", "Limits", "Params", "Transport", "path_segment"]

logger = logging.getLogger("holdfast.upstream")

Check = Callable[[Answer, str, bool], None]
"""Judges a readable answer with a good status: `(answer, operation, changes)`. Raises one of `providers.errors`; the transport adds
the account and cleans the words. An AuthenticationFailed is treated like a 401: what was asked is signed anew and sent once more.
For a change it must mean that our signature ran out, and where a fresh one does not help it becomes an InvalidRequest."""

_MOST_REDIRECTS = 3
_ERROR_BODY = 256 * 1024


class Credentials(Protocol):
    """How a request is signed."""

    def headers(self, transport: Transport) -> dict[str, str]:
        """The headers that sign one request. May sign in first, with `transport.read(..., signed=False, retry=False)`.

        `transport` is for this one sign-in: it ends its calls when the time of the request that is to be signed is up. Whoever
        waits for something else waits no longer than `transport.seconds_left()`.
        """

    def renew(self, transport: Transport, rejected: Mapping[str, str]) -> int:
        """Called after a 401 with the headers that were refused; returns how many more tries make sense.

        None where nothing fresh is there, one with what was just issued to us, two with what another process left: that may
        have run out as well, and is then renewed once more.

        The time is that of `headers`.
        """


@dataclass(frozen=True, slots=True)
class Limits:
    """Patience in seconds, sizes in bytes. `total` covers one call: its turn, its sign-in, a read's repetitions."""

    connect: float = 5.0
    read: float = 20.0
    total: float = 60.0
    body: int = 16 * 1024 * 1024
    depth: int = 60
    attempts: int = 4
    pause: float = 0.3  # before the first repetition on the average, twice as long before each further one


LONGEST_CHANGE = Limits().total + 15.0
"""Seconds after which a `change` with the ordinary limits has surely ended, counted from its call; the same goes for a `read`.

Everything that waits does so within `Limits.total`: for a turn, for the token that others are getting, for the sign-in, for name,
connection and answer. At its end the connection is cut. The rest is what can't be cut: to read a large answer that came at the last
moment, and to tell Valkey while it hangs (a second each for connection and answer, twice, for what was learned and for the place).
A method of an adapter may read before it changes: it takes at most this long for each call that it makes.
"""


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    path: str
    operation: str
    expect: Expect
    params: Params | None = field(repr=False)
    body: bytes | None = field(repr=False)
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
        self.until = math.inf  # time.monotonic() at which its calls end; a moment for a sign-in alone
        self._adapter = GuardedAdapter(self._allowed)

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
        written = self._written(operation, json, form)
        call = _Call(method, path, operation, expect, params, *written, changes=False, signed=signed)
        deadline = time.monotonic() + self.seconds_left()
        attempt, last = 0, None
        while True:
            attempt += 1
            try:
                return self._signed(call, deadline)
            except ProviderError as error:
                if last is not None and isinstance(error, RateLimited) and not error.status:
                    raise last from None  # what the portal said tells more than that we are not to ask again
                last = error
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
        refused sign-in, which means that nothing happened, it is signed anew and sent once more. Ends within `LONGEST_CHANGE`.
        """
        written = self._written(operation, json, form)
        call = _Call(method, path, operation, expect, params, *written, changes=True, signed=signed)
        return self._signed(call, time.monotonic() + self.seconds_left())

    def seconds_left(self) -> float:
        """How long a call that begins now may take: `limits.total`, and less for the sign-in of a call that has begun already."""
        return max(0.0, min(self.limits.total, self.until - time.monotonic()))

    def close(self) -> None:
        """Gives the pooled connections back."""
        self._adapter.close()

    def words(self, data: Any) -> str:
        """The portal's own words in an error answer, fit to be shown. For `check` and the clients."""
        return self._scrubber.clean(words_of(data))

    # --- one call -----------------------------------------------------------------------------------------------------------

    def _signed(self, call: _Call, deadline: float) -> Answer:
        if not call.signed:
            return self._in_turn(call, {}, deadline)
        headers = self._sign(deadline)
        try:
            return self._in_turn(call, headers, deadline)
        except AuthenticationFailed as error:
            refused = error
        tries = 2
        while tries > 0:
            tries = min(tries, int(self._credentials.renew(self._until_then(deadline), headers))) - 1
            if tries < 0:
                break
            headers = self._sign(deadline)
            try:
                return self._in_turn(call, headers, deadline)
            except AuthenticationFailed as error:
                refused = error
        raise refused_by_words(refused) if call.changes and refused.status != 401 else refused

    def _sign(self, deadline: float) -> dict[str, str]:
        headers = self._credentials.headers(self._until_then(deadline))
        for value in headers.values():
            self._scrubber.add(value.partition(" ")[2])
        return headers

    def _until_then(self, deadline: float) -> Transport:
        """This transport for a sign-in, whose calls end at `deadline` at the latest."""
        hurried = copy.copy(self)
        hurried.until = min(deadline, self.until)
        return hurried

    def _in_turn(self, call: _Call, headers: Mapping[str, str], deadline: float) -> Answer:
        try:
            with self.connection.limiter.slot(timeout=self._left(deadline)):
                self._left(deadline)
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

    def _left(self, deadline: float) -> float:
        """The seconds until `deadline`. Raises Unavailable when there are none: nothing is sent after its time."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise Unavailable(f"The time for this call was over before {self._host} was asked.", cause="timeout")
        return left

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
            # A read that went well is one of thousands; whoever looks for it asks for the level DEBUG.
            logger.log(
                logging.INFO if call.changes or error_code else logging.DEBUG,
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
        self._learn(call, raw)
        answer = self._judge_for(call).judge(raw)
        if self._check is not None:
            self._check(answer, call.operation, call.changes)
        return answer

    def _learn(self, call: _Call, raw: RawAnswer) -> None:
        said = LimitHeaders.read(raw.headers)
        if raw.status == 429:
            # for all processes at once: each would go on asking otherwise, until it was refused itself
            said = replace(said, retry_after=said.after_refusal)
        elif said.silent or (not call.signed and said.retry_after is None):
            return  # the limit on sign-ins counts sign-ins alone; it says nothing about the other calls
        self.connection.limiter.learn(
            remaining=said.remaining, reset_after=said.reset_after, retry_after=said.retry_after
        )

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
        """Sends and reads. A read follows redirects inside the same origin; a change has a connection of its own."""
        url = self._base_url + checked_path(call.path)
        request = self._prepared(call, url, call.params, headers)
        adapter = GuardedAdapter(self._allowed) if call.changes else self._adapter
        exchange = Exchange(max(0.001, deadline - time.monotonic()))
        try:
            with exchange:
                for _ in range(_MOST_REDIRECTS + 1):
                    raw = self._send(adapter, request, deadline)
                    if exchange.expired and raw.status < 300:
                        raise TimeoutError  # a body without a length looks complete when we ended it ourselves
                    target = self._redirect(call, raw, url)
                    if target is None:
                        return raw
                    url = target
                    exchange.connected = False  # there the portal's name may lead elsewhere by now
                    request = self._prepared(call, url, None, headers)  # the new address is whole as it was told
            raise self._judge_for(call).unreadable("The portal sends us in circles.", raw.status)
        except (
            *NETWORK_ERRORS,
            ValueError,
        ) as error:  # the libraries on answers that no server should send raise bare ones
            failure = describe(error, self._host, expired=exchange.expired, connected=exchange.connected)
            raise self._failed(call, failure, connected=exchange.connected) from None
        finally:
            if call.changes:
                adapter.close()

    def _prepared(
        self, call: _Call, url: str, params: Params | None, headers: Mapping[str, str]
    ) -> requests.PreparedRequest:
        """The request as it is sent, without what requests would add of its own: cookies, ~/.netrc, hooks.

        Raises InvalidRequest for what is no HTTP. What breaks after this broke on the way.
        """
        request = requests.PreparedRequest()
        plain = plain_headers(call.expect, call.content_type, changes=call.changes)
        all_headers = {**plain, **self.connection.headers, **headers}
        try:
            request.prepare_method(call.method)
            request.prepare_url(url, query_of(params))
            request.prepare_headers(all_headers)
            for value in all_headers.values():
                value.encode("latin-1")  # http.client would try when the connection is open already
            request.prepare_body(call.body, None)
        except (requests.RequestException, UnicodeError):
            raise InvalidRequest(NOT_HTTP) from None
        return request

    def _send(self, adapter: HTTPAdapter, request: requests.PreparedRequest, deadline: float) -> RawAnswer:
        left = max(0.001, deadline - time.monotonic())
        timeout = (min(self.limits.connect, left), min(self.limits.read, left))
        # Not through a Session: that one reads the body of a redirect whole and makes sense of its Location by itself.
        # No proxies: the environment may not decide where a credential goes.
        response = adapter.send(request, stream=True, timeout=timeout, verify=self._verify, proxies={})
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

    def _redirect(self, call: _Call, raw: RawAnswer, url: str) -> str | None:
        """Where to ask again, None when this is the answer. Raises for a redirect that is not to be followed."""
        if call.changes:
            return None
        try:
            return next_address(raw, url, method=call.method, scrubber=self._scrubber)
        except NoWayOnError as error:
            raise self._judge_for(call).unreadable(str(error), raw.status) from None

    def _failed(self, call: _Call, failure: Failure, *, connected: bool) -> ProviderError:
        context: dict[str, Any] = {"operation": call.operation, "account": self.connection.account_name}
        if call.changes and connected:
            return OutcomeUnknown(f"{failure.sentence} {UNKNOWN_OUTCOME}", **context)
        unavailable = Unavailable(failure.sentence, cause=failure.cause, **context)
        unavailable.retry_read = failure.again
        return unavailable

    def _pause(self, error: ProviderError, attempt: int) -> float | None:
        """Seconds to wait before a read is tried again, None when it is not."""
        if attempt >= self.limits.attempts or not isinstance(error, Unavailable | RateLimited) or not error.retry_read:
            return None
        if isinstance(error, RateLimited):
            return error.retry_after + full_jitter(0, self.limits.pause)
        return full_jitter(attempt, self.limits.pause)

    def _written(self, operation: str, json: Any, form: Mapping[str, str] | None) -> tuple[bytes | None, str]:
        try:
            return body_of(json, form)
        except InvalidRequest as error:
            error.operation, error.account = operation, self.connection.account_name
            raise
