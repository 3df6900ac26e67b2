"""Passwords that are sent as part of a thing, and which the transport does not know: a portal may echo them in a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from providers.errors import InvalidRequest, ProviderError
from providers.http.words import Scrubber


@contextmanager
def keeping(secret: str | None) -> Iterator[None]:
    """Takes `secret` out of the words of every error that leaves the block."""
    try:
        yield
    except ProviderError as error:
        scrubber = Scrubber((secret or "",))
        error.upstream_words = scrubber.clean(error.upstream_words)
        if isinstance(error, InvalidRequest):
            error.fields = {name: [scrubber.clean(one) for one in texts] for name, texts in error.fields.items()}
        raise
