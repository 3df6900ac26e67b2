"""Faults that a test or a demo can order: what networks, proxies and portals do to a client on a bad day.

A fault of a request happens before its handler runs (nothing changed upstream) unless it spoils the answer or says
`commit: true` (it happened, and the client can't know).
"""

import json
import random
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.messages import Request, Response, html

BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>"
MAINTENANCE = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body>We will be back soon.</body></html>"
MEGABYTE = 1024 * 1024


@dataclass(slots=True)
class Fault:
    kind: str
    method: str = ""
    path: str = ""
    probability: float = 1.0
    remaining: int | None = None
    commit: bool = False
    seconds: float = 1.0
    jitter: float = 0.0
    status: int = 500
    retry_after: int | None = 5
    location: str = "https://portal.example/maintenance"
    megabytes: int = 50
    keep: float = 0.5
    hits: int = field(default=0)

    def matches(self, request: Request) -> bool:
        if self.remaining is not None and self.remaining <= 0:
            return False
        if self.method and self.method.upper() != request.method:
            return False
        return not self.path or re.search(self.path, request.path) is not None


class Faults:
    def __init__(self, seed: int = 0) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._chance = random.Random(seed)  # noqa: S311  a dice for tests, not a secret

    def add(self, kind: str, **options: Any) -> Fault:
        """Raises ValueError for a kind or an option that does not exist."""
        if kind not in KINDS:
            raise ValueError(f"unknown fault '{kind}'; there are {', '.join(sorted(KINDS))}")
        try:
            fault = Fault(kind, **options)
            re.compile(fault.path)
        except (TypeError, re.error) as error:
            raise ValueError(str(error)) from error
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def pick(self, request: Request) -> list[Fault]:
        """The faults that hit this request: every latency that matches, and the first of the others."""
        chosen: list[Fault] = []
        with self._lock:
            for fault in self._faults:
                if chosen and chosen[-1].kind != "latency":
                    break
                if fault.matches(request) and self._chance.random() < fault.probability:
                    fault.hits += 1
                    if fault.remaining is not None:
                        fault.remaining -= 1
                    chosen.append(fault)
        return chosen


def run(faults: list[Fault], answer: Callable[[], Response], stopping: threading.Event) -> Response:
    for fault in faults:
        if fault.kind == "latency":
            stopping.wait(fault.seconds + random.uniform(0, fault.jitter))  # noqa: S311  a dice, not a secret
            continue
        if fault.commit or KINDS[fault.kind].spoils:
            return KINDS[fault.kind].apply(fault, answer(), stopping)
        return KINDS[fault.kind].apply(fault, Response(), stopping)
    return answer()


@dataclass(frozen=True, slots=True)
class Kind:
    apply: Callable[[Fault, Response, threading.Event], Response]
    # True: the handler runs first and its answer is spoilt
    spoils: bool = False


def _status(fault: Fault, _answer: Response, _stopping: threading.Event) -> Response:
    return Response(fault.status, b'{"error":["Internal error"]}')


def _bad_gateway(_fault: Fault, _answer: Response, _stopping: threading.Event) -> Response:
    return html(BAD_GATEWAY, 502)


def _retry_later(status: int) -> Callable[[Fault, Response, threading.Event], Response]:
    def apply(fault: Fault, _answer: Response, _stopping: threading.Event) -> Response:
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        return Response(status, b'{"error":["Try again later"]}', headers=headers)

    return apply


def _hang(fault: Fault, answer: Response, stopping: threading.Event) -> Response:
    stopping.wait(fault.seconds if fault.seconds > 1 else 300)
    answer.drop = True
    return answer


def _drop(_fault: Fault, answer: Response, _stopping: threading.Event) -> Response:
    answer.drop = True
    return answer


def _truncated(_fault: Fault, answer: Response, _stopping: threading.Event) -> Response:
    answer.send_only = len(answer.body) // 2
    return answer


def _broken_json(_fault: Fault, answer: Response, _stopping: threading.Event) -> Response:
    answer.body = answer.body[: len(answer.body) // 2]
    return answer


def _html(_fault: Fault, _answer: Response, _stopping: threading.Event) -> Response:
    return html(MAINTENANCE)


def _empty(_fault: Fault, _answer: Response, _stopping: threading.Event) -> Response:
    return Response()


def _huge(fault: Fault, _answer: Response, _stopping: threading.Event) -> Response:
    return Response(stream=_spaces(fault.megabytes), stream_length=fault.megabytes * MEGABYTE)


def _spaces(megabytes: int) -> Iterator[bytes]:
    chunk = b" " * MEGABYTE
    for _ in range(megabytes):
        yield chunk


def _redirect(fault: Fault, _answer: Response, _stopping: threading.Event) -> Response:
    return Response(302, headers={"Location": fault.location})


def _expired_token(_fault: Fault, _answer: Response, _stopping: threading.Event) -> Response:
    return Response(401, b'{"error":["Expired token"],"detail":"Invalid or expired token."}')


def _wrong_types(_fault: Fault, answer: Response, _stopping: threading.Event) -> Response:
    return _rewritten(answer, _swap_types)


def _partial_list(fault: Fault, answer: Response, _stopping: threading.Event) -> Response:
    return _rewritten(answer, lambda value: _shorten(value, fault.keep))


def _duplicate_ids(_fault: Fault, answer: Response, _stopping: threading.Event) -> Response:
    return _rewritten(answer, _repeat_first)


def _rewritten(answer: Response, change: Callable[[Any], Any]) -> Response:
    try:
        value = json.loads(answer.body)
    except ValueError:
        return answer
    answer.body = json.dumps(change(value)).encode()
    return answer


def _swap_types(value: Any) -> Any:
    """Every leaf of another type than it was: text becomes a list, a number an object, a list a number."""
    if isinstance(value, dict):
        return {key: _swap_types(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return len(value)
    if isinstance(value, str):
        return [value]
    return {"value": value}


def _shorten(value: Any, keep: float) -> Any:
    """The same answer with only the first part of its list."""
    if isinstance(value, list):
        return value[: int(len(value) * keep)]
    if isinstance(value, dict):
        return {key: _shorten(inner, keep) if isinstance(inner, list) else inner for key, inner in value.items()}
    return value


def _repeat_first(value: Any) -> Any:
    """The same answer in which the second row bears the first row's id."""
    if isinstance(value, list) and len(value) > 1 and isinstance(value[0], dict) and isinstance(value[1], dict):
        identity = {key: value[0][key] for key in ("id", "uuid", "ticket_number") if key in value[0]}
        return [value[0], {**value[1], **identity}, *value[2:]]
    if isinstance(value, dict):
        return {key: _repeat_first(inner) if isinstance(inner, list) else inner for key, inner in value.items()}
    return value


def _foreign_next(fault: Fault, answer: Response, _stopping: threading.Event) -> Response:
    """The link to the next page leads to another host: a client that follows it gives its token away."""
    return _rewritten(answer, lambda value: {**value, "next": fault.location} if isinstance(value, dict) else value)


def _slow(_fault: Fault, answer: Response, _stopping: threading.Event) -> Response:
    return answer


KINDS: dict[str, Kind] = {
    "latency": Kind(_slow),
    "status": Kind(_status),
    "bad-gateway": Kind(_bad_gateway),
    "unavailable": Kind(_retry_later(503)),
    "rate-limited": Kind(_retry_later(429)),
    "hang": Kind(_hang),
    "drop-before": Kind(_drop),
    "drop-after": Kind(_drop, spoils=True),
    "truncated": Kind(_truncated, spoils=True),
    "broken-json": Kind(_broken_json, spoils=True),
    "wrong-types": Kind(_wrong_types, spoils=True),
    "html": Kind(_html),
    "empty": Kind(_empty),
    "huge": Kind(_huge),
    "redirect": Kind(_redirect),
    "partial-list": Kind(_partial_list, spoils=True),
    "duplicate-ids": Kind(_duplicate_ids, spoils=True),
    "foreign-next": Kind(_foreign_next, spoils=True),
    "expired-token": Kind(_expired_token),
}
