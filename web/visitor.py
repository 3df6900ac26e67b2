"""Where a request comes from: one answer for the lock on sign-ins, the audit log and /metrics."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """The address of who asks; None when the server was reached by a socket without one.

    Behind a proxy that is the last entry of X-Forwarded-For, the one that our own proxy wrote: what stands before it came from
    the client and may say anything. Elsewhere the whole header may, and does not count."""
    peer = _address(request.META.get("REMOTE_ADDR", ""))
    if not settings.HOLDFAST_BEHIND_PROXY:
        return peer
    return _address(request.headers.get("X-Forwarded-For", "").rpartition(",")[2]) or peer


def _address(text: str) -> str | None:
    text = text.strip()
    if text.startswith("["):  # some proxies add the port: [2001:db8::7]:443, 198.51.100.7:443
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    # A server on [::] sees IPv4 as mapped; it must not count as another address.
    return str(getattr(found, "ipv4_mapped", None) or found)
