"""What a HostBill answer says about itself. HTTP 200 means nothing here: a failure is an `error` key, or an outcome of false.

A refusal is told apart by its words, and only where the words leave no doubt: whatever else it says is `InvalidRequest` with the
portal's words beside it. Above all, nothing is 'not found' unless the whole message says that the thing asked for is missing,
since the mirror acts on that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from providers.errors import (
    AuthenticationFailed,
    InvalidRequest,
    MalformedResponse,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    PermissionDenied,
    ProviderError,
    RateLimited,
    Unavailable,
)
from providers.hostbill.outcomes import shows_doing, success_of
from providers.http.judging import refused_by_words

_THING = (
    r"(?:domain|zone|dns zone|record|dns record|service|account|server|invoice|ticket|contact|certificate|notification"
    r"|product|category|attachment|file|vm|virtual (?:server|machine)|item|resource)"
)
_ID = r"(?: (?:id|number|no\.?|#)?\s*[:#]?\s*[\w./-]*\d[\w./-]*)?"
_MISSING = re.compile(
    rf"(?:error: )?(?:(?:the |this |that |requested |such )*{_THING}{_ID}"
    r" (?:was |is |could )?(?:not (?:be )?found|does ?n[o']t exist)"
    rf"|no such {_THING}{_ID}|unknown {_THING}{_ID})[.!]?",
    re.IGNORECASE,
)
_UNSUPPORTED = re.compile(
    r"(?:(?:invalid|unknown|unsupported|undefined|no such|not a valid|unrecognized) (?:api )?method"
    r"|(?:the |this )?(?:api )?method (?:is )?(?:not (?:found|allowed|supported)|does not exist))[.!]?(?:: .*)?",
    re.IGNORECASE,
)
_OUR_TOKEN = re.compile(
    r"(?:invalid|expired|revoked|unknown|missing) (?:access |refresh |jwt )*token[.!]?"
    r"|(?:the |your |access |refresh |jwt )*token (?:is |has |was )?(?:been )?(?:expired|invalid|revoked|not valid)[.!]?",
    re.IGNORECASE,
)
"""The words on which a change is signed anew and sent again. Others may be about the portal's own sign-in at a registrar."""
_SIGN_IN = re.compile(
    rf"{_OUR_TOKEN.pattern}|(?:invalid|expired|revoked|unknown|missing) (?:api |auth )+token[.!]?|"
    r"unauthori[sz]ed[.!]?|(?:authentication|authorization|login|sign.?in) (?:is )?(?:required|failed)[.!]?"
    r"|(?:invalid|wrong|incorrect) (?:user ?name|e-?mail|login|credentials)(?: (?:or|and|/) password| details)?[.!]?"
    r"|(?:you are )?not logged in[.!]?|auth(?:_|\.| )failed[.!]?",
    re.IGNORECASE,
)
_FORBIDDEN = re.compile(
    r"(?:permission|access) denied|insufficient (?:privileges|permissions?)|forbidden"
    r"|(?:no|not have|lack|missing) (?:the )?(?:permissions?|privileges?)|not (?:permitted|authori[sz]ed) to",
    re.IGNORECASE,
)
_TOO_MANY = re.compile(
    r"too many (?:requests|attempts|logins?|calls)|rate.?limit|limit of (?:requests|calls)", re.IGNORECASE
)
_DOWN = re.compile(r"(?:under|in) maintenance|maintenance mode|temporarily unavailable|try again later", re.IGNORECASE)

RETRY_AFTER_SECONDS = 60.0
"""How long to wait where a portal says 'too many' without saying how long."""

SWITCHES = frozenset({"GET /domain/{id}/reglock", "GET /domain/{id}/autorenew"})
"""Questions to which a bare `{"status": false}` is the answer 'off'; a refusal says why."""

_LONGEST_TEXT = 500
_MOST_TEXTS = 20
_AND_MORE = "…"


def words_of(data: Any) -> str:
    """The portal's own words in its `error` or `errors`, joined into one text; empty when it reports no error.

    Cut to what people read and the patterns here get through quickly. What was cut ends in a sign that none of them matches.
    """
    if not isinstance(data, Mapping):
        return ""
    several = data.get("errors")
    told = [data.get("error"), several if isinstance(several, str | list | Mapping) else None]  # else it is their count
    texts = list(islice(_texts(told, depth=5), _MOST_TEXTS + 1))
    if len(texts) > _MOST_TEXTS:
        texts[_MOST_TEXTS:] = [_AND_MORE]
    return "; ".join(texts)


def _texts(value: Any, depth: int) -> Iterator[str]:
    if depth == 0 or not value:
        return
    if isinstance(value, list | Mapping):
        parts = value.values() if isinstance(value, Mapping) else value
        for part in islice(parts, _MOST_TEXTS + 1):
            yield from _texts(part, depth - 1)
        return
    text = str(value).strip()
    if len(text) > _LONGEST_TEXT:
        text = text[:_LONGEST_TEXT] + _AND_MORE
    if text:
        yield text


def refused(data: Any) -> bool:
    """Whether the answer says that it is a failure."""
    if not isinstance(data, Mapping):
        return False
    return bool(words_of(data)) or success_of(data) is False or data.get("status") is False


def judge(data: Any, status: int, operation: str, *, changes: bool) -> None:
    """Raises what a refusal means; returns when the answer is none.

    A change whose answer reports a failure and shows something done at once (an order's number) has an unknown outcome.
    """
    if not refused(data) or (operation in SWITCHES and data == {"status": False}):
        return
    words = words_of(data)
    if changes and shows_doing(data):
        raise OutcomeUnknown(
            "The portal reports a failure and something done at once, so it is not known whether it happened.",
            operation=operation,
            upstream_words=words,
            status=status,
        )
    meaning = meaning_of(words, status, operation)
    raise once(meaning) if changes and not _every(_OUR_TOKEN, words) else meaning


def once(meaning: ProviderError) -> ProviderError:
    """For a change: what would say 'send it again' is a refusal, since words alone are no ground to send a change twice. Nor are
    they one to distrust the account's credential, which a portal that means it refuses with status 401."""
    if isinstance(meaning, AuthenticationFailed):
        return refused_by_words(meaning)
    if not isinstance(meaning, RateLimited | Unavailable):
        return meaning
    said: dict[str, Any] = {"operation": meaning.operation, "upstream_words": meaning.upstream_words}
    return InvalidRequest(meaning.sentence, status=meaning.status, **said)


def meaning_of(words: str, status: int, operation: str) -> ProviderError:
    """The error that `words` stand for."""
    said: dict[str, Any] = {"operation": operation, "upstream_words": words, "status": status}
    if _every(_UNSUPPORTED, words):
        return NotSupported("This portal does not offer that in its API, or has it switched off.", **said)
    if _TOO_MANY.search(words):
        return RateLimited(
            "The portal says that there were too many calls.",
            retry_after=RETRY_AFTER_SECONDS,
            **said,
        )
    if _DOWN.search(words):
        return Unavailable("The portal says that it is not available at the moment.", cause="server_error", **said)
    if _every(_SIGN_IN, words):
        return AuthenticationFailed("The portal refused the sign-in. Replace this account’s credential.", **said)
    if _FORBIDDEN.search(words):
        return PermissionDenied("The portal does not allow this login to do that.", **said)
    if _every(_MISSING, words):
        return NotFound("The portal says that there is no such thing.", **said)
    sentence = "The portal refused this." if words else "The portal refused this without giving a reason."
    return InvalidRequest(sentence, **said)


def _every(pattern: re.Pattern[str], words: str) -> bool:
    """Whether each of the portal's messages, as a whole, is of that kind."""
    parts = [part for part in words.split("; ") if part]
    return bool(parts) and all(pattern.fullmatch(part) for part in parts)


def reconsidered(error: ProviderError, *, changes: bool = False) -> ProviderError:
    """What a refusal by HTTP status means here, by its words: a portal may answer 404 to a method that it lacks.

    A 404 whose words do not say that the thing itself is missing is not taken for that.
    """
    if not isinstance(error, NotFound | InvalidRequest):
        return error
    meaning = meaning_of(error.upstream_words, error.status, error.operation)
    meaning = once(meaning) if changes else meaning
    if isinstance(meaning, InvalidRequest):
        if isinstance(error, InvalidRequest):
            return error
        if not error.upstream_words and not changes:
            meaning = MalformedResponse(
                "The portal has no API at this address, or not this part of it.",
                operation=error.operation,
                status=error.status,
            )
    meaning.account = error.account
    return meaning
