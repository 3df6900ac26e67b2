"""Where a portal sends us on to, and whether we go there."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from providers.http.judging import RawAnswer
from providers.http.words import Scrubber

_ELSEWHERE = frozenset({301, 302, 303, 307, 308})
_SAME_METHOD = frozenset({307, 308})


class NoWayOnError(Exception):
    """A redirect that is not followed. Its text is a sentence for staff."""


def next_address(raw: RawAnswer, url: str, *, method: str, scrubber: Scrubber) -> str | None:
    """Where a read that went to `url` is to be asked again, None when this is its answer. Raises NoWayOnError for a redirect that
    leaves the origin, since a credential must not."""
    if raw.status not in _ELSEWHERE:
        return None
    try:
        target = urljoin(url, raw.headers.get("location", ""))
        there, here = urlsplit(target), urlsplit(url)
    except ValueError:
        raise NoWayOnError("The portal sends us on to something that is no address.") from None
    if (there.scheme, there.netloc.lower()) != (here.scheme, here.netloc.lower()):
        raise NoWayOnError(
            f"The portal sends us on to {scrubber.clean(there.hostname or 'another place', limit=120)},"
            " where a credential must not follow. Check the address of the account."
        )
    if method != "GET" and raw.status not in _SAME_METHOD:
        raise NoWayOnError("The portal answered a question with a redirect.")
    return target
