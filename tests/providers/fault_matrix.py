"""Every fault that the sandbox knows, met by a read and by a change: what the caller gets, what was sent, what happened upstream.

`python -m tests.providers.fault_matrix` writes the table of docs/faults.md anew; test_fault_matrix.py keeps them true.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from providers.contract import pages
from providers.errors import ProviderError
from providers.http.judging import UNKNOWN_OUTCOME
from providers.transport import Limits
from sandbox.faults import KINDS
from sandbox.portal import Portal
from sandbox.server import Sandbox
from tests.providers.deeds import provider_for

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "faults.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"

PATIENCE = Limits(connect=2, read=0.5, total=8, pause=0.01)
"""Short, so that the matrix takes seconds; the number of attempts is the ordinary one."""

RETRY_AFTER = {"once": 1, "lasting": 120}
OPTIONS: dict[str, dict[str, Any]] = {
    "latency": {"seconds": 0.1},
    "hang": {"seconds": 1.5},
    "huge": {"megabytes": 20},
    "foreign-next": {"location": "https://elsewhere.example/api/v1/domains/?page=2"},
}

BELIEVED = frozenset({"latency", "rate-limited", "expired-token"})
"""No twin that happened all the same: a late answer is one anyway, and who says 401 or 429 is believed to have done nothing."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked of one kind of portal, and how to tell that the change happened."""

    name: str
    portal: str
    path_read: str
    path_change: str
    times: Callable[[Portal, str], int]
    """A number that grows by one with each renewal of a domain."""


@dataclass(frozen=True, slots=True)
class Case:
    subject: Subject
    kind: str
    asked: str
    """read, read (it passes), change, change (it happened)"""

    @property
    def changes(self) -> bool:
        return self.asked.startswith("change")

    @property
    def happens(self) -> bool:
        """Whether the portal carries the change out, whatever it answers."""
        return self.changes and (self.kind == "latency" or KINDS[self.kind].spoils or self.asked == HAPPENED)


READ, PASSES, CHANGE, HAPPENED = "read", "read, it hits once", "change", "change, carried out"


@dataclass(frozen=True, slots=True)
class Row:
    """How a case went. `requests` counts those of the operation that was asked, `done` how often it happened upstream."""

    case: Case
    got: str
    sentence: str
    requests: int
    done: int
    seconds: float

    @property
    def time(self) -> str:
        if self.seconds < PATIENCE.read * 0.8:
            return "at once"
        if self.case.kind in {"unavailable", "rate-limited"}:
            return "as Retry-After asks"
        return f"{max(1, round(self.seconds / PATIENCE.read))} x time-out"

    @property
    def longest(self) -> float:
        """Seconds that it may take on a busy machine: the time-outs and the Retry-After that belong to its requests."""
        waits = PATIENCE.read if self.case.kind == "hang" else RETRY_AFTER["once"]
        return 3 + self.requests * waits


# --- over HTTP ------------------------------------------------------------------------------------------------------------------


def control(portal: Portal, path: str, body: Any = None, method: str = "GET") -> Any:
    """The sandbox's control endpoint."""
    request = urllib.request.Request(
        f"{portal.origin}/_sandbox{path}",
        None if body is None else json.dumps(body).encode(),
        {"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def orders(portal: Portal, domain: str) -> int:
    """How many orders a HostBill portal holds for a domain."""
    effects = chain.from_iterable(order["effects"] for order in control(portal, "/state/orders")["records"])
    return sum(effect.get("domain") == domain for effect in effects)


def year(portal: Portal, domain: str) -> int:
    """The year in which a domain at VPS.org runs out: one renewal, one year."""
    records = control(portal, "/state/domains")["records"]
    return next(int(one["expiration_date"][:4]) for one in records if one["uuid"] == domain)


SUBJECTS = (
    Subject("HostBill", "dns-services", "/domain$", "/renew$", orders),
    Subject("VPS.org", "vps-org", "/domains/$", "/renew/$", year),
)


# --- one case -------------------------------------------------------------------------------------------------------------------


def cases(subject: Subject) -> Iterator[Case]:
    """All of one portal, the reads first: the changes add domains."""
    for asked in (READ, PASSES, CHANGE, HAPPENED):
        for kind in KINDS:
            if asked != HAPPENED or not (KINDS[kind].spoils or kind in BELIEVED):
                yield Case(subject, kind, asked)


def tried(portal: Portal, case: Case) -> Row:
    provider = provider_for(portal)
    provider_transport(provider).limits = PATIENCE
    known = listed(provider)  # signs in, and learns in which form the API is
    domain = new_domain(portal, case) if case.changes else ""
    before = case.subject.times(portal, domain) if case.changes else 0
    control(portal, "/faults", {"faults": [fault_of(case)]}, "POST")
    seen = len(answered(portal, case))
    started = time.monotonic()
    got, sentence = attempt(provider, case, domain, known)
    seconds = time.monotonic() - started
    (fault,) = control(portal, "/faults")["faults"]
    unspoilt = sum(not entry["fault"] for entry in answered(portal, case)[seen:])
    control(portal, "/faults", method="DELETE")
    provider.close()
    done = case.subject.times(portal, domain) - before if case.changes else 0
    sentence = sentence.replace("127.0.0.1", "‹host›").replace(UNKNOWN_OUTCOME, "…")
    return Row(case, got, sentence, fault["hits"] + unspoilt, done, seconds)


def fault_of(case: Case) -> dict[str, Any]:
    lasting = case.asked != PASSES
    subject = case.subject
    return {
        "kind": case.kind,
        "method": "POST" if case.changes else "GET",
        "path": subject.path_change if case.changes else subject.path_read,
        "remaining": None if lasting else 1,
        "retry_after": RETRY_AFTER["lasting" if lasting else "once"],
        "commit": case.asked == HAPPENED,
        **OPTIONS.get(case.kind, {}),
    }


def attempt(provider: Any, case: Case, domain: str, known: int) -> tuple[str, str]:
    """What the caller got: data or an error's class, and what is told of it."""
    try:
        if case.changes:
            provider.domains.renew(domain, 1)
            return "data", ""
        found = list(pages(provider.domains.list))
    except ProviderError as error:
        return type(error).__name__, error.sentence
    items = list(chain.from_iterable(page.items for page in found))
    told = [f"{len(items)} of {known} rows" if len(items) != known else "all rows"]
    distinct = len({item.id for item in items})
    told += [f"{len(items) - distinct} twice"] if distinct < len(items) else []
    bad = sum(len(page.bad) for page in found)
    told += [f"{bad} unreadable"] if bad else []
    told += ["marked incomplete"] if not all(page.complete for page in found) else []
    notes = [page.note for page in found if page.note]
    return "data", f"{', '.join(told)}. {' '.join(notes)}".strip()


def listed(provider: Any) -> int:
    return sum(len(page.items) for page in pages(provider.domains.list))


def provider_transport(provider: Any) -> Any:
    return provider._api.transport if hasattr(provider, "_api") else provider._transport


def new_domain(portal: Portal, case: Case) -> str:
    """A domain of its own for each change, so that no portal finds that enough has been renewed."""
    name = f"{case.kind}-{'x' if case.asked == HAPPENED else 'y'}.com"
    (added,) = control(portal, "/domains", {"name": name}, "POST")["added"]
    records = control(portal, "/state/domains")["records"]
    return next(str(one.get("uuid", one["id"])) for one in records if one["id"] == added)


def answered(portal: Portal, case: Case) -> list[dict[str, Any]]:
    """The requests of the case's operation that the portal has answered."""
    ends = (case.subject.path_change if case.changes else case.subject.path_read).removesuffix("$")
    method = "POST" if case.changes else "GET"
    requests = control(portal, "/requests?limit=2000")["requests"]
    return [one for one in requests if one["method"] == method and one["path"].endswith(ends)]


# --- the whole ------------------------------------------------------------------------------------------------------------------


def matrix() -> list[Row]:
    """All cases; the portals side by side."""
    with Sandbox(demo=True, seed=1) as sandbox:
        portals = {portal.key: portal for portal in sandbox}
        control(portals["dns-services"], "/settings", {"login_limit": 10_000}, "POST")
        control(portals["vps-org"], "/account", {"balance": 100_000.0}, "POST")

        def all_of(subject: Subject) -> list[Row]:
            return [tried(portals[subject.portal], case) for case in cases(subject)]

        with ThreadPoolExecutor(len(SUBJECTS)) as threads:
            return list(chain.from_iterable(threads.map(all_of, SUBJECTS)))


HEAD = ["fault", "asked", "portal", "caller gets", "told", "requests", "happened", "took"]


def table(rows: list[Row], *, times: bool = True) -> str:
    """The table of docs/faults.md; without times it is the same on every machine. Portals that behave alike share a line."""
    asked = list(dict.fromkeys(row.case.asked for row in rows))
    kinds = list(KINDS)
    alike: dict[tuple[str, ...], list[Row]] = {}
    for row in sorted(rows, key=lambda row: (kinds.index(row.case.kind), asked.index(row.case.asked))):
        alike.setdefault(cells(row), []).append(row)
    lines = [HEAD, ["---"] * len(HEAD)]
    for told, found in alike.items():
        portals = "both" if len(found) == len(SUBJECTS) else found[0].case.subject.name
        lines.append([*told[:2], portals, *told[2:], max(found, key=lambda row: row.seconds).time])
    return "\n".join(f"| {' | '.join(line if times else line[:-1])} |" for line in lines)


def cells(row: Row) -> tuple[str, ...]:
    """All but the portal and the time."""
    done = str(row.done) if row.case.changes else ""
    got = row.got if row.got == "data" else f"`{row.got}`"
    return (f"`{row.case.kind}`", row.case.asked, got, row.sentence, str(row.requests), done)


def written() -> str:
    """The table that docs/faults.md holds."""
    return DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip()


def main() -> int:
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{table(matrix())}\n\n{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
