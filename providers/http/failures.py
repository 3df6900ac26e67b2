"""From the exceptions of sockets, TLS and urllib3 to a cause and a sentence. Only `describe` knows their classes."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPException
from typing import NamedTuple

from urllib3 import exceptions as urllib3_errors

from providers.addresses import AddressRefused, PlainHttpRefused


class Failure(NamedTuple):
    """`cause` as in `errors.Unavailable`; `again` says whether a second try could end otherwise."""

    cause: str
    sentence: str
    again: bool = True


def describe(error: BaseException, host: str, *, expired: bool, connected: bool) -> Failure:
    """What went wrong while talking to `host`."""
    chain = list(_chain(error))
    early = None if connected else _before_anything_left(chain, host)
    if early is not None:
        return early
    if expired or any(isinstance(one, _TIMEOUTS) for one in chain):
        if connected:
            return Failure("timeout", f"{host} did not answer in time.")
        return Failure("timeout", f"{host} could not be reached in time.")
    if any(isinstance(one, _TLS) for one in chain):
        return Failure("tls", f"The encrypted connection to {host} broke.")
    if any(isinstance(one, ConnectionRefusedError) for one in chain):
        return Failure(
            "refused", f"{host} refuses the connection. Check the address, or wait until the portal is up again."
        )
    if connected:
        return Failure("other", f"{host} broke the connection off before its answer was complete.")
    return Failure("other", f"{host} can't be reached.")


_TIMEOUTS = (TimeoutError, urllib3_errors.TimeoutError)
_TLS = (ssl.SSLError, urllib3_errors.SSLError, ssl.CertificateError)


def _before_anything_left(chain: list[BaseException], host: str) -> Failure | None:
    for one in chain:
        if isinstance(one, AddressRefused):
            sentence = (
                f"{host} leads to an address inside the own network."
                " Whoever runs Holdfast can allow it with HOLDFAST_ALLOWED_UPSTREAMS."
            )
            return Failure("private_address", sentence, again=False)
        if isinstance(one, PlainHttpRefused):
            sentence = f"{host} would be spoken to without encryption. Use https, or have it listed in HOLDFAST_ALLOWED_UPSTREAMS."
            return Failure("other", sentence, again=False)
        if isinstance(one, socket.gaierror):
            if one.errno == socket.EAI_AGAIN:
                return Failure("name", f"The name {host} could not be looked up just now.")
            return Failure("name", f"There is no host named {host}. Check the address of the account.", again=False)
        if isinstance(one, ssl.SSLCertVerificationError):
            why = (one.verify_message or "it is not valid").rstrip(".")
            return Failure("tls", f"The certificate of {host} can't be trusted: {why}.", again=False)
    if any(isinstance(one, _TLS) for one in chain) and not any(isinstance(one, _TIMEOUTS) for one in chain):
        return Failure("tls", f"No encrypted connection to {host} could be made.", again=False)
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """`error` and all that it was made from, whichever way the libraries keep it."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]


NETWORK_ERRORS = (OSError, urllib3_errors.HTTPError, HTTPException)
"""What sending and reading may raise besides the errors of requests, which are OSErrors."""
