"""What `--help` tells beyond the options: read off a stand-in that holds nothing, so that it can't grow old."""

import json
import textwrap
from typing import Any

from sandbox import control
from sandbox.faults import KINDS, Fault
from sandbox.portal import Portal
from sandbox.server import Sandbox

PORTS = {"cloudviet": 8101, "dns-services": 8102, "vps-org": 8103}
WIDTH = 110
FAULTS = {
    "latency": "answers after `seconds` and a chance of up to `jitter` more; the only kind that goes together with another",
    "status": "answers with `status` (500); nothing happened",
    "bad-gateway": "502 with a web page; nothing happened",
    "unavailable": "503 with Retry-After `retry_after`; nothing happened",
    "rate-limited": "429 with Retry-After `retry_after` (null for none); nothing happened",
    "expired-token": "401; nothing happened",
    "hang": "no answer for `seconds`, then a closed connection; nothing happened",
    "drop-before": "a closed connection; nothing happened",
    "drop-after": "a closed connection; IT HAPPENED",
    "truncated": "half of the body, then a closed connection; IT HAPPENED",
    "broken-json": "half of the JSON with a right length; IT HAPPENED",
    "wrong-types": "every value of another type than documented; IT HAPPENED",
    "partial-list": "only the part `keep` (0.5) of a list; IT HAPPENED",
    "duplicate-ids": "two rows with one id; IT HAPPENED",
    "foreign-next": "the next page is said to be at `location`; IT HAPPENED",
    "html": "200 with a web page; nothing happened",
    "empty": "200 without a body; nothing happened",
    "huge": "a body of `megabytes` (50); nothing happened",
    "redirect": "302 to `location`; nothing happened",
}
EXAMPLES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/faults", {"faults": [{"kind": "unavailable", "retry_after": 2}]}),
    ("/faults", {"faults": [{"kind": "drop-after", "method": "POST", "path": "/renew", "remaining": 1}]}),
    ("/clock", {"days": 30}),
    ("/settings", {"machine_seconds": 20}),
)
NO_OPTIONS = frozenset(("kind", "hits"))


def manual() -> str:
    sandbox = Sandbox(demo=False)
    parts = (_portals(sandbox), _controls(sandbox), _faults(), _settings(sandbox), AFTERWORD)
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _portals(sandbox: Sandbox) -> str:
    lines = ["portals, with their default ports and what signs in at them:"]
    for portal in sandbox:
        address = f"http://127.0.0.1:{PORTS[portal.key]}"
        lines += [
            f"  {portal.key:<13} API {address}{portal.api_root}, {portal.auth}: {_words(portal.credential)}",
            f"  {'':<13} page of switches {address}{control.ROOT}/",
        ]
    told = (
        "When all three answer, one line is printed: `sandbox ready: {...}` with base_url, auth and credential of each. The "
        "credentials open nothing but these stand-ins."
    )
    return "\n".join([*lines, *_wrapped(told, "  ")])


def _words(credential: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in credential.items())


def _controls(sandbox: Sandbox) -> str:
    address = f"http://127.0.0.1:{PORTS['cloudviet']}{control.ROOT}"
    lines = [
        "what can be done behind a portal's back, while it runs (from this machine only; POST wants JSON):",
        f"  curl {address}/",
        f"  curl {address}/requests?limit=20",
        *(f"  curl --json '{json.dumps(body)}' {address}{path}" for path, body in EXAMPLES),
        f"  curl -X DELETE {address}/faults",
        "",
    ]
    shared = _routes(sandbox.dns_services).items() & _routes(sandbox.vps_org).items()
    groups: dict[str, dict[str, str]] = {
        "at each portal": dict(shared),
        "at Cloudviet and DNS.services": _routes(sandbox.cloudviet),
        "at VPS.org": _routes(sandbox.vps_org),
    }
    for title, routes in groups.items():
        own = (
            routes
            if title == "at each portal"
            else {key: routes[key] for key in routes if (key, routes[key]) not in shared}
        )
        lines.append(f"  {title}")
        for route in sorted(own, key=lambda one: one.split(" ")[::-1]):
            lines.extend(_entry(route, own[route]))
    return "\n".join(lines)


def _routes(portal: Portal) -> dict[str, str]:
    """What each control does, by `METHOD /path`."""
    return {
        f"{route.method} {control.ROOT}{route.path}": " ".join((route.handler.__doc__ or "").split())
        for route in control.router(portal).routes
    }


def _faults() -> str:
    options = ", ".join(name for name in Fault.__dataclass_fields__ if name not in NO_OPTIONS)
    told = (
        f"A fault is an object with a `kind` and any of {options}. `method` and `path` (a regular expression) choose the "
        "requests, `probability` how many of them, `remaining` how many more times; `commit: true` carries the request out "
        "before the fault hides it. The first that matches is taken."
    )
    entries = [line for kind in KINDS for line in _entry(kind, FAULTS.get(kind, ""), 16)]
    return "\n".join(["faults:", *_wrapped(told, "  "), *entries])


def _settings(sandbox: Sandbox) -> str:
    """By portal, with the values that they have from the start."""
    lines = [f"settings (POST {control.ROOT}/settings; docs/sandbox.md says what each means):"]
    for portal in sandbox:
        told = {name: value for name, value in portal.default_settings.items() if name != "clock_offset"}
        lines += _entry(portal.key, json.dumps(told), 13)
    return "\n".join(lines)


def _entry(name: str, words: str, width: int = 44) -> list[str]:
    margin = " " * (width + 3)
    lines = _wrapped(words, margin) or [""]
    if len(name) > width:
        return [f"  {name}", *lines]
    return [f"  {name:<{width}} {lines[0].strip()}", *lines[1:]]


def _wrapped(text: str, margin: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=margin, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False
    )


AFTERWORD = """
two forms of VPS.org:
  The documentation page of VPS.org and its public clients differ. `{"api_form": "documented"}` to its settings makes the
  stand-in speak the page alone (integer ids, lists without pages, six operations), `"present"` what the clients speak (uuids,
  other spellings, everything else); `"both"`, the default, answers either.

data:
  Without --empty the accounts hold an agency's things, dated relative to the day of the first start. What was changed is in
  --data before the answer leaves; a folder that holds a state already is continued. docs/sandbox.md tells the rest.
"""
