"""Which providers there are: the built-in presets and what other packages register as entry points of `holdfast.providers`."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from urllib.parse import SplitResult, urlsplit

from providers.addresses import AllowedUpstreams
from providers.contract import ProviderSpec
from providers.errors import InvalidRequest
from providers.presets import BUILT_IN
from providers.values import Unreadable, to_host

GROUP = "holdfast.providers"
_LONGEST_URL = 300  # what the database keeps
_TOO_LONG = f"The address is longer than {_LONGEST_URL} characters."

logger = logging.getLogger("holdfast.providers")


def specs() -> tuple[ProviderSpec, ...]:
    """All providers that can be picked, the built-in ones first."""
    return tuple(_by_key().values())


def spec(key: str) -> ProviderSpec:
    """The provider named `key`. Raises KeyError."""
    return _by_key()[key]


@cache
def _by_key() -> dict[str, ProviderSpec]:
    found = {one.key: one for one in BUILT_IN}
    for entry in metadata.entry_points(group=GROUP):
        for one in _loaded(entry):
            if one.key in found:
                logger.error("provider registered twice", extra={"provider": one.key, "entry_point": entry.value})
            else:
                found[one.key] = one
    return found


def _loaded(entry: metadata.EntryPoint) -> tuple[ProviderSpec, ...]:
    """The spec, or specs, behind an entry point. A package that can't be loaded must not take the others along."""
    try:
        loaded = entry.load()
    except Exception:  # whatever a foreign package raises on import
        logger.exception("provider can't be loaded", extra={"entry_point": entry.value})
        return ()
    candidates = loaded if isinstance(loaded, tuple | list) else (loaded,)
    if not all(isinstance(one, ProviderSpec) for one in candidates):
        logger.error("entry point is no ProviderSpec", extra={"entry_point": entry.value})
        return ()
    return tuple(candidates)


def complete_base_url(spec: ProviderSpec, pasted: str, *, allowed_upstreams: Iterable[str] = ()) -> str:
    """The base URL as it is stored: https, lower-case punycode host, no final slash; a host alone gets the preset's path.

    Nothing pasted gives the preset's own. Raises InvalidRequest, with the sentence also under `fields["base_url"]`, for anything
    that is no plain https URL; plain http only to hosts listed in `allowed_upstreams`.
    """
    text = pasted.strip() or spec.base_url
    if not text:
        raise _refused("Give the address of the portal.")
    if len(text) > _LONGEST_URL:
        raise _refused(_TOO_LONG)
    parts = _split(text if "://" in text else f"https://{text}")
    host = _host(parts)
    port = parts.port
    if parts.scheme == "http" and not AllowedUpstreams.parse(allowed_upstreams).lists_host(host, port or 80):
        raise _refused("The address must begin with https://, so that the credential travels encrypted.")
    if ":" in host:
        host = f"[{host}]"
    path = parts.path.rstrip("/") or spec.base_path
    standard = {"https": 443, "http": 80}[parts.scheme]
    url = f"{parts.scheme}://{host}{'' if port in {None, standard} else f':{port}'}{path}"
    if len(url) > _LONGEST_URL:
        raise _refused(_TOO_LONG)
    return url


def _split(url: str) -> SplitResult:
    if any(sign.isspace() or ord(sign) < 32 or sign == "\\" for sign in url):
        raise _refused("This is not a web address.")
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        raise _refused("This is not a web address.") from None
    if parts.scheme not in {"https", "http"}:
        raise _refused("The address must begin with https://.")
    if parts.username is not None or parts.password is not None:
        raise _refused("Leave user name and password out of the address; they have fields of their own.")
    if "#" in url or "?" in url:
        raise _refused("Leave out what follows ? or # in the address.")
    if any(segment in {".", ".."} for segment in parts.path.split("/")) or "//" in parts.path:
        raise _refused("This is not a web address.")
    return parts


def _host(parts: SplitResult) -> str:
    name = parts.hostname or ""
    if ":" in name:
        return name
    try:
        host = to_host(name)
    except Unreadable:
        host = None
    if host is None or "*" in host:
        raise _refused("This is not a web address.")
    return host


def _refused(sentence: str) -> InvalidRequest:
    return InvalidRequest(sentence, fields={"base_url": [sentence]})
