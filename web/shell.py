"""What stands around every page: counts in the navigation, the scope switch, how fresh the mirror is.

The page kit knows none of these. The app that does registers a callable in its AppConfig.ready():

    from web.shell import register_shell
    register_shell(frame_facts)            # frame_facts(request) -> {"counts": ..., "freshness": ..., "scopes": ...}

Callables run once a page (never for a fragment) and only for signed-in people. Keys that may be given:
    counts      dict of count_key -> NavCount
    freshness   Freshness
    scopes      list of ScopeChoice, "all accounts" left out
    menu        list of MenuLink, for the menu of the person
    notices     list of Notice, shown above every page (a paused demo, no mail server)
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from web.links import SCOPE
from web.signs import ProviderBadge
from web.tones import Tone


@dataclass(frozen=True, slots=True)
class NavCount:
    """Something in this section waits for us: `says` is the sentence for hover and screen readers."""

    number: int
    says: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old what is shown is: `words` ('Read', '1 sync held'), the instant, and the detail per account on hover."""

    words: str
    tone: Tone
    as_of: datetime | None = None
    aside: str = ""
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    """`value` is what stands in the URL: `account:<id>` or `customer:<id>`."""

    value: str
    label: str
    group: str
    badge: ProviderBadge | None = None


@dataclass(frozen=True, slots=True)
class MenuLink:
    label: str
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class Notice:
    tone: Tone
    text: str
    link_label: str = ""
    link_url: str = ""


@dataclass(slots=True)
class Shell:
    counts: dict[str, NavCount] = field(default_factory=dict)
    freshness: Freshness | None = None
    scopes: list[ScopeChoice] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    menu: list[MenuLink] = field(default_factory=list)
    scope: ScopeChoice | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What the URL narrows every page to. Whether the reader may see it is the query's business (`visible_to`)."""

    kind: str
    pk: str


ShellSource = Callable[[HttpRequest], dict[str, Any]]
_sources: list[ShellSource] = []


def register_shell(source: ShellSource) -> ShellSource:
    if source not in _sources:
        _sources.append(source)
    return source


def scope_of(request: HttpRequest) -> Scope | None:
    """The scope in the URL, None for all accounts or for something that is no scope."""
    kind, colon, pk = request.GET.get(SCOPE, "").partition(":")
    return Scope(kind, pk) if colon and pk and kind in {"account", "customer"} else None


def gather(request: HttpRequest) -> Shell:
    shell = Shell()
    for source in _sources:
        facts = source(request)
        shell.counts.update(facts.get("counts", {}))
        shell.scopes.extend(facts.get("scopes", []))
        shell.notices.extend(facts.get("notices", []))
        shell.menu.extend(facts.get("menu", []))
        shell.freshness = facts.get("freshness", shell.freshness)
    wanted = request.GET.get(SCOPE, "")
    shell.scope = next((choice for choice in shell.scopes if choice.value == wanted), None)
    return shell
