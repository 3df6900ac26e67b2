"""SPF records (RFC 7208) as far as they can be judged without asking anybody."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field

MOST_LOOK_UPS = 10
_TERM = re.compile(r"(?P<sign>[+?~-]?)(?P<name>all|include|a|mx|ptr|ip4|ip6|exists)(?P<rest>[:/].*)?", re.IGNORECASE)
_MODIFIER = re.compile(r"(?P<name>[a-z][a-z0-9_.-]*)=(?P<value>\S*)", re.IGNORECASE)
_ASKS = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
_NEEDS_VALUE = frozenset({"include", "ip4", "ip6", "exists"})


@dataclass(frozen=True, slots=True)
class Spf:
    """`look_ups` counts the record's own; those inside what it includes come on top."""

    look_ups: int = 0
    wrong: tuple[str, ...] = ()
    """The terms that receivers can't read."""
    fails_hard: bool = False
    terms: tuple[str, ...] = field(default=())


def is_spf(content: str) -> bool:
    return content.lower() == "v=spf1" or content.lower().startswith("v=spf1 ")


def read(content: str) -> Spf:
    """What an SPF record says."""
    terms = tuple(content.split()[1:])
    wrong, look_ups, hard = [], 0, False
    for term in terms:
        mechanism, modifier = _TERM.fullmatch(term), _MODIFIER.fullmatch(term)
        if mechanism:
            name, rest = mechanism["name"].lower(), mechanism["rest"] or ""
            if not _fits(name, rest):
                wrong.append(term)
            look_ups += name in _ASKS
            hard = hard or (name == "all" and mechanism["sign"] == "-")
        elif modifier:
            name = modifier["name"].lower()
            look_ups += name in _ASKS
            if name == "redirect" and not modifier["value"]:
                wrong.append(term)
        else:
            wrong.append(term)
    return Spf(look_ups, tuple(wrong), hard, terms)


def _fits(name: str, rest: str) -> bool:
    value = rest[1:] if rest.startswith(":") else ""
    if name in ("ip4", "ip6"):
        try:
            network = ipaddress.ip_network(value, strict=False)
        except ValueError:
            return False
        return network.version == int(name[2])
    if name == "all":
        return not rest
    if name in _NEEDS_VALUE:
        return bool(value)
    return rest != ":"
