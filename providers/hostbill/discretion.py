"""Passwords and EPP codes that are sent as part of a thing, and which the transport does not know: a portal may echo them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from providers.errors import InvalidRequest, ProviderError
from providers.http.words import Scrubber


@contextmanager
def keeping(*secrets: str | None) -> Iterator[Scrubber]:
    """Takes `secrets` out of the words of every error that leaves the block; what it yields does so for other words."""
    scrubber = Scrubber(secret.strip() for secret in secrets if secret)
    try:
        yield scrubber
    except ProviderError as error:
        error.upstream_words = scrubber.clean(error.upstream_words)
        if isinstance(error, InvalidRequest):
            error.fields = {name: [scrubber.clean(one) for one in texts] for name, texts in error.fields.items()}
        raise
