"""From an HTTP answer to data or to one of our errors, with the sentence for staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from providers.errors import (
    AuthenticationFailed,
    InvalidRequest,
    MalformedResponse,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    PaymentRequired,
    PermissionDenied,
    ProviderError,
    RateLimited,
    Unavailable,
)
from providers.http.bodies import BadBody, looks_like_page, parse_json, says_json
from providers.http.waits import LimitHeaders
from providers.http.words import Scrubber, fields_of, words_of

Expect = Literal["json", "bytes", "empty"]

UNKNOWN_OUTCOME = "It may have happened all the same: look at the portal before it is tried again."


@dataclass(frozen=True, slots=True)
class Answer:
    """What upstream answered. `headers` have lower-case names; `data` is the parsed JSON, its fractions as Decimal, None for an
    empty body; `content` is filled for `expect="bytes"` alone. `repr` shows none of them: an answer may hold a token."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    data: Any = field(default=None, repr=False)
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """`broken` is why the body could not be read to its end, empty when it could."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges the answers to one operation. `changes`: what can't be read may have happened."""

    operation: str
    account: str
    changes: bool
    expect: Expect
    depth: int
    scrubber: Scrubber

    def judge(self, raw: RawAnswer) -> Answer:
        """The answer's data. Raises the error that its status or its body amounts to."""
        if raw.status >= 400:
            raise self._refusal(raw)
        if raw.status >= 300 or raw.status < 200:
            raise self.unreadable(f"The portal answered with status {raw.status} instead of data.", raw.status)
        if raw.broken:
            raise self.unreadable(raw.broken, raw.status)
        try:
            return Answer(raw.status, raw.headers, self._data(raw), raw.body if self.expect == "bytes" else b"")
        except BadBody as error:
            raise self.unreadable(str(error), raw.status) from error

    def unreadable(self, sentence: str, status: int, words: str = "") -> ProviderError:
        """The error for an answer that makes no sense."""
        if self.changes:
            return self._error(OutcomeUnknown, f"{sentence} {UNKNOWN_OUTCOME}", status, words)
        return self._error(MalformedResponse, sentence, status, words)

    def _data(self, raw: RawAnswer) -> Any:
        if self.expect == "bytes":
            return self._said_in_json(raw)
        if raw.status == 204 or (self.expect == "empty" and not raw.body.strip()):
            return None
        if self.expect == "json" or says_json(raw.headers) or raw.body.lstrip()[:1] in (b"{", b"["):
            return parse_json(raw.body, depth=self.depth)
        if looks_like_page(raw.body, raw.headers):
            raise BadBody("The portal answered with a web page where a confirmation was expected.")
        return None  # a word such as OK: the status says it all

    def _said_in_json(self, raw: RawAnswer) -> Any:
        """The JSON that a file may be instead, since a refusal is; a file that only calls itself JSON is a file all the same."""
        try:
            return parse_json(raw.body, depth=self.depth) if says_json(raw.headers) else None
        except BadBody:
            return None

    def _refusal(self, raw: RawAnswer) -> ProviderError:
        data = self._refusal_data(raw)
        page = data is None and looks_like_page(raw.body, raw.headers)
        told = words_of(data) if data is not None else raw.body[:20_000].decode("utf-8", "replace")
        words = self.scrubber.clean(told)
        status = raw.status
        if status in _SIMPLE and not (page and status in {403, 404} and not self.changes):
            error_class, sentence = _SIMPLE[status]
            return self._error(error_class, sentence, status, words)
        if page and status in {403, 404}:
            sentence = "The portal answered with a web page where data was expected. Check the address of the account."
            return self._error(MalformedResponse, sentence, status, words)
        if status == 429:
            wait = LimitHeaders.read(raw.headers).after_refusal
            return self._error(RateLimited, "The portal takes no more calls for now.", status, words, retry_after=wait)
        if status >= 500 or status == 408:
            return self._server_trouble(raw, words)
        fields = {
            self.scrubber.clean(name, limit=100): tuple(self.scrubber.clean(text, limit=300) for text in texts)
            for name, texts in fields_of(data).items()
        }
        return self._error(
            InvalidRequest, "The portal refused what was sent. Nothing changed.", status, words, fields=fields
        )

    def _server_trouble(self, raw: RawAnswer, words: str) -> ProviderError:
        sentence = f"The portal has trouble of its own (status {raw.status})."
        if self.changes:
            return self._error(OutcomeUnknown, f"{sentence} {UNKNOWN_OUTCOME}", raw.status, words)
        return self._error(Unavailable, sentence, raw.status, words, cause="server_error")

    def _refusal_data(self, raw: RawAnswer) -> Any:
        try:
            return parse_json(raw.body, depth=self.depth)
        except BadBody:
            return None  # the status says what happened; only the portal's words are lost

    def _error(
        self, error_class: type[ProviderError], sentence: str, status: int, words: str, **extra: Any
    ) -> ProviderError:
        return error_class(
            sentence, operation=self.operation, account=self.account, upstream_words=words, status=status, **extra
        )


def refused_by_words(refused: AuthenticationFailed) -> InvalidRequest:
    """A change that was refused in words about a sign-in although its signature is as fresh as can be: they are about another
    sign-in, such as the portal's own at a registrar, and no ground to distrust the account's credential."""
    return InvalidRequest(
        "The portal refused this and spoke of a sign-in, perhaps of its own elsewhere.",
        operation=refused.operation,
        account=refused.account,
        upstream_words=refused.upstream_words,
        status=refused.status,
    )


_NOT_OFFERED = (NotSupported, "The portal does not offer this operation, or has it switched off.")
_GONE = (NotFound, "The portal knows no such thing any more.")
_SIMPLE: dict[int, tuple[type[ProviderError], str]] = {
    401: (AuthenticationFailed, "The portal refused the sign-in. Check the credential of this account."),
    402: (PaymentRequired, "The account's balance at the portal does not cover this. Nothing changed."),
    403: (PermissionDenied, "The credential is good, but the portal does not let it do this."),
    404: _GONE,
    410: _GONE,
    405: _NOT_OFFERED,
    501: _NOT_OFFERED,
}
