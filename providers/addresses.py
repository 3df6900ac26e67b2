"""Which addresses an account's base URL may lead to. Everything in the own network is refused unless the operator lists it.

The check is made on the resolved addresses, at the moment of connecting, and the connection goes to exactly the address that was
checked: a name that answers differently a second later (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
_REFUSED_NETWORKS: tuple[Network, ...] = (
    ipaddress.IPv4Network("168.63.129.16/32"),  # Azure's wire server: a public number that leads inside
    ipaddress.IPv4Network("192.0.0.0/24"),  # protocol assignments, 192.0.0.192 is Oracle's metadata service
    ipaddress.IPv4Network("192.88.99.0/24"),  # 6to4 relays
    ipaddress.IPv6Network("::/96"),  # IPv4-compatible, long deprecated
    ipaddress.IPv6Network("64:ff9b:1::/48"),  # NAT64 of the local network
    ipaddress.IPv6Network("2001::/23"),  # protocol assignments, Teredo among them
    ipaddress.IPv6Network("fec0::/10"),  # site-local
)
_MOST_ADDRESSES_TRIED = 4


class AddressRefused(OSError):
    """A name or literal leads to an address of the own network that nobody allowed."""


class PlainHttpRefused(OSError):
    """Plain http to a host that the operator did not list."""


def is_private(address: Address) -> bool:
    """Whether `address` is anything but an ordinary public unicast address. Embedded IPv4 addresses are judged themselves."""
    embedded = _embedded(address)
    if embedded is not None:
        return is_private(embedded)
    if any(address in network for network in _REFUSED_NETWORKS if network.version == address.version):
        return True
    return (
        not address.is_global
        or address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )


def _embedded(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside an IPv4-mapped, NAT64 or 6to4 one."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in _SIX_TO_FOUR:
        return address.sixtofour
    return None


@dataclass(frozen=True, slots=True)
class AllowedUpstreams:
    """The operator's exceptions: hosts, host:port and networks that may be private or plain http."""

    hosts: frozenset[str] = frozenset()
    ports: frozenset[tuple[str, int]] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, entries: Iterable[str]) -> AllowedUpstreams:
        """Reads `HOLDFAST_ALLOWED_UPSTREAMS`. Raises ValueError naming the entry that makes no sense."""
        hosts: set[str] = set()
        ports: set[tuple[str, int]] = set()
        networks: list[Network] = []
        for entry in (raw.strip().lower() for raw in entries):
            if not entry:
                continue
            network = _network(entry)
            if network is not None:
                networks.append(network)
                continue
            host, port = _host_and_port(entry)
            if port is None:
                hosts.add(host)
            else:
                ports.add((host, port))
        return cls(frozenset(hosts), frozenset(ports), tuple(networks))

    def lists_host(self, host: str, port: int) -> bool:
        """Whether this host is named, with or without its port. A literal address also counts when its network is listed."""
        host = _bare(host)
        if host in self.hosts or (host, port) in self.ports:
            return True
        literal = _literal(host)
        return literal is not None and self.lists_address(literal)

    def lists_address(self, address: Address) -> bool:
        return any(address in network for network in self.networks if network.version == address.version)


def _network(entry: str) -> Network | None:
    try:
        return ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        if "/" in entry:
            raise ValueError(f"{entry!r} is neither a host, host:port nor a network such as 10.0.0.0/8.") from None
        return None


def _host_and_port(entry: str) -> tuple[str, int | None]:
    host, separator, port = entry.rpartition(":")
    if not separator:
        return _bare(entry), None
    if not host or not port.isascii() or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(f"{entry!r} is neither a host, host:port nor a network such as 10.0.0.0/8.")
    return _bare(host), int(port)


def _bare(host: str) -> str:
    return host.lower().strip("[]").rstrip(".")


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def resolve(host: str, port: int, *, timeout: float) -> tuple[tuple[Any, ...], ...]:
    """What `getaddrinfo` says about a host, within `timeout` seconds. Raises socket.gaierror or TimeoutError.

    The system's resolver can't be interrupted, so it works in a thread of its own that ends by itself when the resolver gives up.
    """
    result: list[Sequence[tuple[Any, ...]]] = []
    failure: list[OSError] = []

    def look_up() -> None:
        try:
            result.append(socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM))
        except OSError as error:
            failure.append(error)
        except UnicodeError:
            failure.append(socket.gaierror(socket.EAI_NONAME, "not a host name"))

    thread = threading.Thread(target=look_up, name="holdfast-resolve", daemon=True)
    thread.start()
    thread.join(timeout)
    if failure:
        raise failure[0]
    if not result:
        raise TimeoutError(f"The name {host} was not resolved in time.")
    return tuple(result[0])


def open_socket(host: str, port: int, *, allowed: AllowedUpstreams, plain: bool, timeout: float) -> socket.socket:
    """A connected socket to a checked address of `host`. One address that may not be reached refuses them all.

    Raises AddressRefused, PlainHttpRefused, socket.gaierror, TimeoutError or another OSError; no byte was sent then.
    """
    deadline = time.monotonic() + timeout
    found = resolve(host.strip("[]"), port, timeout=timeout)
    named = allowed.lists_host(host, port)
    addresses = [ipaddress.ip_address(str(sockaddr[0]).partition("%")[0]) for *_, sockaddr in found]
    unlisted = [address for address in addresses if not (named or allowed.lists_address(address))]
    for address in unlisted:
        if is_private(address):
            raise AddressRefused(f"{host} leads to {address}, an address of the own network.")
    if plain and unlisted:  # told last: who lists the host because of it lets it lead into the own network as well
        raise PlainHttpRefused(f"{host} is not listed for plain http.")
    return _first_that_answers(found[:_MOST_ADDRESSES_TRIED], deadline)


def _first_that_answers(candidates: Sequence[tuple[Any, ...]], deadline: float) -> socket.socket:
    failure: OSError = OSError("The name has no address.")
    for position, (family, kind, protocol, _, sockaddr) in enumerate(candidates):
        # every address gets its share of the time, so that one black hole does not hide a good one
        share = (deadline - time.monotonic()) / (len(candidates) - position)
        if share <= 0:
            raise TimeoutError("No address answered in time.")
        candidate = socket.socket(family, kind, protocol)
        try:
            candidate.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            candidate.settimeout(share)
            candidate.connect(sockaddr)
        except OSError as error:
            candidate.close()
            failure = error
        else:
            return candidate
    raise failure
