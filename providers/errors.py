"""What can go wrong upstream. Every error says the account, the operation and a sentence for staff, and never a secret.

Whether a call may be tried again is part of the class: a read may after `Unavailable`, `RateLimited` and `OutcomeUnknown`; a change
only after `Unavailable` (nothing left us) and `RateLimited`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class ProviderError(Exception):
    """Base of all upstream errors.

    `sentence` is for staff: what happened and what to do. `operation` is the documented operation, such as `GET /invoice/{id}`.
    `account` is the account's name, set by the gateway. `upstream_words` are the portal's own words, at most 500 characters,
    shown folded. `status` is the HTTP status, 0 when there was none.
    """

    code = "provider_error"
    retry_read = False
    retry_change = False

    def __init__(
        self, sentence: str, *, operation: str = "", account: str = "", upstream_words: str = "", status: int = 0
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.operation = operation
        self.account = account
        self.upstream_words = upstream_words[:500]
        self.status = status

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.account, self.operation) if part)
        return f"{where}: {self.sentence}" if where else self.sentence


class AuthenticationFailed(ProviderError):
    """The credential was refused. Trying again may lock the login, so nobody does before it was replaced."""

    code = "authentication_failed"


class SignInRefused(AuthenticationFailed):
    """It was the sign-in itself that was refused, or the login was asked about already: there is no doubt left."""


class PermissionDenied(ProviderError):
    """The credential is good, but may not do this."""

    code = "permission_denied"


class NotFound(ProviderError):
    code = "not_found"


class InvalidRequest(ProviderError):
    """Upstream refused what was sent; nothing changed. `fields` holds upstream's messages by field."""

    code = "invalid_request"

    def __init__(self, sentence: str, *, fields: Mapping[str, Sequence[str]] | None = None, **context: object) -> None:
        super().__init__(sentence, **context)  # type: ignore[arg-type]  # the keywords of the base class, checked there
        self.fields = dict(fields or {})


class PaymentRequired(ProviderError):
    """The account's balance does not cover it; nothing changed."""

    code = "payment_required"


class NotSupported(ProviderError):
    """The portal has no such operation, or has it switched off."""

    code = "not_supported"


class RateLimited(ProviderError):
    """Too many calls. `retry_after` is in seconds, from upstream where it said so."""

    code = "rate_limited"
    retry_read = True
    retry_change = True

    def __init__(self, sentence: str, *, retry_after: float, **context: object) -> None:
        super().__init__(sentence, **context)  # type: ignore[arg-type]  # the keywords of the base class, checked there
        self.retry_after = retry_after


class Unavailable(ProviderError):
    """Upstream can't be reached or is down. For a change: nothing left us, so it may be tried again.

    `cause` tells the connect test apart: name, refused, tls, timeout, private_address, server_error, other.
    """

    code = "unavailable"
    retry_read = True
    retry_change = True

    def __init__(self, sentence: str, *, cause: str = "other", **context: object) -> None:
        super().__init__(sentence, **context)  # type: ignore[arg-type]  # the keywords of the base class, checked there
        self.cause = cause


class OutcomeUnknown(ProviderError):
    """A change was sent and no readable answer came back: it may have happened. Never sent again blindly."""

    code = "outcome_unknown"
    retry_read = True


class MalformedResponse(ProviderError):
    """The answer is not what an API says: HTML, broken JSON, another shape, too large."""

    code = "malformed_response"
