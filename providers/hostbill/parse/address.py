"""The addresses of a service and their reverse names.

No page shows their shape: lists, objects keyed by address and rows are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from providers.errors import MalformedResponse
from providers.hostbill.answers import ENVELOPE, is_outcome, shape_of
from providers.resources import ServiceAddress
from providers.values import Unreadable, is_nothing, to_host, to_ip, to_ips

LISTS = ("list", "ips", "ipaddress", "ipaddresses", "ip_addresses", "addresses", "rdns", "ptr", "entries", "ip")
IPS = ("ip", "ipaddress", "ip_address", "address")
HOSTS = ("rdns", "ptr", "reverse", "hostname", "host")
DEEPEST = 4

Pair = tuple[str, str | None]


def service_addresses(data: Any, *, operation: str) -> tuple[ServiceAddress, ...]:
    """Each address once, in upstream's order. Raises MalformedResponse where something else stands among them."""
    value = _unwrapped(data)
    if value is None or value == "":
        raise MalformedResponse("The portal answered nothing where addresses belong.", operation=operation)
    found: dict[str, str | None] = {}
    try:
        for ip, host in _pairs(value, DEEPEST):
            found[ip] = host if host is not None else found.get(ip)
    except Unreadable:
        sentence = f"The portal’s answer is no list of addresses: {shape_of(data)}."
        raise MalformedResponse(sentence, operation=operation) from None
    return tuple(ServiceAddress(ip=ip, host=host) for ip, host in found.items())


def _unwrapped(data: Any) -> Any:
    if not isinstance(data, Mapping) or _address(data):
        return data
    for key in LISTS:
        if key in data:
            return data[key]
    return {key: value for key, value in data.items() if key not in ENVELOPE or not is_outcome(value)}


def _pairs(value: Any, depth: int) -> Iterator[Pair]:
    if is_nothing(value):
        return
    if depth == 0:
        raise Unreadable("not addresses")
    if isinstance(value, list):
        for item in value:
            yield from _pairs(item, depth - 1)
    elif isinstance(value, Mapping):
        own = _address(value)
        if own:
            yield own, _host(value)
            return
        for key, item in value.items():
            ip = _ip(key)
            yield from [(ip, _host(item))] if ip else _pairs(item, depth - 1)
    elif isinstance(value, str):
        yield from ((ip, None) for ip in to_ips(value) or ())
    else:
        raise Unreadable("not an address")


def _address(row: Mapping[str, Any]) -> str | None:
    """The address of a row that holds one and a name or something else beside it."""
    return next((ip for key in IPS if len(row) > 1 and (ip := _ip(row.get(key)))), None)


def _ip(value: Any) -> str | None:
    try:
        return to_ip(value) if isinstance(value, str) else None
    except Unreadable:
        return None


def _host(value: Any) -> str | None:
    """A reverse name: empty where there is none, None where it is not told or makes no sense."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in HOSTS if key in value), None)
    if value is None:
        return None
    if is_nothing(value) or value is False:
        return ""
    try:
        return to_host(value)
    except Unreadable:
        return None
