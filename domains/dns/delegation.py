"""Who answers for a name: what the registry's name servers tell about a zone that we can read."""

from __future__ import annotations

from collections.abc import Iterable

from domains.dns.groups import RecordLike


def operators(nameservers: Iterable[str]) -> list[str]:
    """Whose name servers these are: their names without the first label, each once (`dandomain.dk`)."""
    parents = (server.rstrip(".").partition(".")[2] or server.rstrip(".") for server in nameservers)
    return list(dict.fromkeys(parent for parent in parents if parent))


def bypassed(nameservers: Iterable[str] | None, records: Iterable[RecordLike]) -> bool:
    """Whether the registry sends everybody past this zone: it names servers, the zone names its own, and they share none.

    False when either is unknown: a zone that lists no NS records says nothing about where it is served.
    """
    registry = {server.rstrip(".").lower() for server in nameservers or ()}
    own = {record.content.rstrip(".").lower() for record in records if record.type == "NS" and record.name == "@"}
    return bool(registry and own) and registry.isdisjoint(own)
