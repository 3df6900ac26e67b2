"""The page at `/_sandbox/`: faults, settings and the clock of one stand-in, for who rehearses a portal's bad day."""

import json
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from sandbox.faults import KINDS
from sandbox.routing import Route

if TYPE_CHECKING:
    from sandbox.portal import Portal

STYLE = (
    "<style>body{font:15px/1.5 system-ui,sans-serif;max-width:76rem;margin:2rem auto;padding:0 1rem;color:#1d2733;background:#fff}"
    "table{border-collapse:collapse}td{padding:.25rem 1rem .25rem 0;border-top:1px solid #dde3ea;vertical-align:top}"
    "h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}ul{columns:3 10rem;padding-left:1.2rem}code{font-size:13px}"
    "form{display:flex;flex-wrap:wrap;gap:.5rem .75rem;align-items:end}label{display:grid;font-size:13px;color:#536070}"
    "input,select,button{font:inherit;padding:.3rem .5rem;border:1px solid #b6c0cb;border-radius:4px;background:#fff}"
    "input{width:9rem}input[type=checkbox]{width:auto}button{cursor:pointer;background:#eef2f5}"
    "td{overflow-wrap:anywhere}.rehearse{display:flex;flex-wrap:wrap;gap:.5rem}.rehearse+p{margin:.5rem 0 1.5rem}"
    ".said{color:#9b1c1c}.said:empty{display:none}.none{color:#536070}#well{margin:.75rem 0}</style>"
)
# Sends JSON, which a page of another origin can't; what is empty is not sent. The answer is the page, drawn anew.
SCRIPT = """
const said = document.querySelector(".said");
async function send(path, method, body) {
  const answer = await fetch("ROOT" + path, {method, headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)});
  if (answer.ok) location.reload();
  else said.textContent = (await answer.json()).error;
}
function read(form) {
  const told = {};
  for (const field of form.elements) {
    if (!field.name) continue;
    if (field.type === "checkbox") { if (field.checked) told[field.name] = true; }
    else if (field.value !== "") told[field.name] = field.type === "number" ? Number(field.value) : field.value;
  }
  return told;
}
function on(id, act) {
  const form = document.getElementById(id);
  if (form) form.addEventListener("submit", (event) => { event.preventDefault(); act(form); });
}
on("fault", async (form) => {
  const now = await (await fetch("ROOT/faults")).json();
  const kept = now.faults.map(({hits, ...fault}) => fault);
  send("/faults", "POST", {faults: [...kept, read(form)]});
});
for (const button of document.querySelectorAll("[data-fault]")) {
  button.addEventListener("click", () => send("/faults", "POST", {faults: [JSON.parse(button.dataset.fault)]}));
}
on("well", () => send("/faults", "DELETE", {}));
on("clock", (form) => send("/clock", "POST", read(form)));
on("settings", (form) => {
  const told = {};
  for (const field of form.elements) {
    if (!field.name || field.value === field.defaultValue) continue;
    try { told[field.name] = JSON.parse(field.value); } catch { told[field.name] = field.value; }
  }
  send("/settings", "POST", told);
});
"""
CLOCK = (
    "<form id=clock><label>Days<input type=number name=days step=any></label>"
    "<label>Hours<input type=number name=hours step=any></label><button>Move on</button></form>"
)
# what people rehearse first, each of it in place of whatever was wrong before
REHEARSALS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Take the portal down", {"kind": "unavailable", "retry_after": 5}),
    ("Answer slowly", {"kind": "latency", "seconds": 3, "jitter": 2}),
    ("Ask for fewer calls", {"kind": "rate-limited", "retry_after": 20}),
    ("Refuse every sign-in", {"kind": "expired-token"}),
    ("Give half of each list", {"kind": "partial-list"}),
    ("Lose the answers to changes", {"kind": "drop-after", "method": "POST"}),
)
# the options of a fault that people rehearse with; the others are for the control endpoint
OPTIONS = (
    ("method", "Only this method", "text", "GET"),
    ("path", "Only paths with", "text", "/domain"),
    ("probability", "Share of requests", "number", "1"),
    ("remaining", "How often", "number", "always"),
    ("seconds", "Seconds", "number", "1"),
    ("status", "Status", "number", "500"),
    ("retry_after", "Retry-After", "number", "5"),
)


def page(portal: "Portal", root: str, routes: Sequence["Route[Portal]"]) -> str:
    parts = (
        f"<h1>Stand-in for {escape(portal.key)}</h1>",
        f"<p>API at <code>{escape(portal.base_url)}</code>. Its clock says {escape(portal.clock.stamp())}.</p>",
        "<p class=said role=alert></p><h2>Faults</h2>",
        _rehearsals(),
        _faults(portal),
        "<h2>Settings</h2>",
        _settings(portal),
        "<h2>Clock</h2>",
        CLOCK,
        f"<h2>Holds</h2><ul>{''.join(f'<li>{escape(kind)}: {count}</li>' for kind, count in portal.state.kinds().items())}</ul>",
        "<h2>Latest requests</h2>",
        _latest(portal),
        "<h2>Controls</h2>",
        _controls(root, routes),
    )
    head = (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>Sandbox: {escape(portal.key)}</title>"
    )
    return f"{head}{STYLE}{''.join(parts)}<script>{SCRIPT.replace('ROOT', root)}</script></html>"


def _rehearsals() -> str:
    buttons = "".join(
        f'<button data-fault="{escape(json.dumps(fault))}">{escape(label)}</button>' for label, fault in REHEARSALS
    )
    told = "It holds from the next call on, until all faults are ended. On the desk, 'Read everything now' shows what comes of it."
    return f"<div class=rehearse>{buttons}</div><p class=none>{told}</p>"


def _faults(portal: "Portal") -> str:
    kinds = "".join(f"<option>{escape(kind)}</option>" for kind in KINDS)
    fields = "".join(
        f'<label>{label}<input type={kind} name={name} placeholder="{hint}"{" step=any" if kind == "number" else ""}></label>'
        for name, label, kind, hint in OPTIONS
    )
    form = (
        f"<form id=fault><label>Kind<select name=kind>{kinds}</select></label>{fields}"
        "<label>Happens all the same<input type=checkbox name=commit></label><button>Add the fault</button></form>"
    )
    listed = portal.faults.listed()
    if not listed:
        return f"<p class=none>None: the portal is well.</p>{form}"
    rows = "".join(f"<tr><td>{escape(_told(fault))}</td><td>hit {fault['hits']}</td></tr>" for fault in listed)
    return f"<table>{rows}</table><form id=well><button>End all faults</button></form>{form}"


def _told(fault: dict[str, Any]) -> str:
    where = " ".join(part for part in (fault["method"], fault["path"]) if part)
    left = "" if fault["remaining"] is None else f", {fault['remaining']} left"
    return f"{fault['kind']}{f' on {where}' if where else ''}{left}"


def _settings(portal: "Portal") -> str:
    fields = "".join(
        f'<label>{escape(name)}<input name={escape(name)} value="{escape(json.dumps(value))}"></label>'
        for name, value in portal.settings.items()
        if name != "clock_offset"
    )
    return f"<form id=settings>{fields}<button>Keep</button></form>"


def _latest(portal: "Portal") -> str:
    rows = "".join(
        f"<tr><td>{escape(entry['at'])}</td><td><code>{escape(entry['method'])} {escape(entry['path'])}</code></td>"
        f"<td>{entry['status']}</td><td>{escape(entry['fault'])}</td></tr>"
        for entry in reversed(portal.logged(40))
    )
    return f"<table>{rows}</table>"


def _controls(root: str, routes: Sequence["Route[Portal]"]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(route.method)} {root}{escape(route.path)}</code></td>"
        f"<td>{escape((route.handler.__doc__ or '').strip().partition(chr(10))[0])}</td></tr>"
        for route in routes
    )
    return f"<table>{rows}</table>"
