"""`/_sandbox/`: what a test or a person at the demo may do behind the portal's back.

It answers on loopback only and is no part of any documented API.
"""

from collections.abc import Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from sandbox.messages import Request, Response, UnreadableBody, html, plain_json
from sandbox.page import page
from sandbox.routing import Route, Router

if TYPE_CHECKING:
    from sandbox.portal import Portal

ROOT = "/_sandbox"


class Mistake(ValueError):
    """What was sent can't be done; the text says why."""


def answer(portal: "Portal", request: Request) -> Response:
    if not ip_address(request.client).is_loopback:
        return plain_json({"error": "the control endpoint answers only on this machine"}, 403)
    path = request.path.removeprefix(ROOT).rstrip("/") or "/"
    if request.method == "GET" and path == "/" and "text/html" in (request.headers.get("accept") or ""):
        return html(page(portal, ROOT, router(portal).routes))
    if request.method == "POST" and "json" not in (request.headers.get("content-type") or "json"):
        # a page in a browser can send a form across origins without asking, JSON it can't
        return plain_json({"error": "send JSON"}, 415)
    found = router(portal).find(request.method, path)
    if found is None:
        return plain_json({"error": f"no such control: {request.method} {request.path}"}, 404)
    route, request.params = found
    try:
        with portal.lock:
            value = route.handler(portal, request)
            portal.state.flush()
    except KeyError as error:
        return plain_json({"error": f"no such thing: {error.args[0]}"}, 404)
    except (ValueError, TypeError, UnreadableBody) as error:
        return plain_json({"error": str(error)}, 400)
    return plain_json(value)


def router(portal: "Portal") -> Router["Portal"]:
    common: dict[tuple[str, str], Callable[[Portal, Request], Any]] = {
        ("GET", "/"): summary,
        ("GET", "/requests"): latest_requests,
        ("GET", "/faults"): list_faults,
        ("POST", "/faults"): set_faults,
        ("DELETE", "/faults"): clear_faults,
        ("POST", "/settings"): change_settings,
        ("POST", "/clock"): move_clock,
        ("GET", "/state/{kind}"): records,
    }
    routes = [Route(method, path, handler, "control") for (method, path), handler in common.items()]
    for (method, path), handler in portal.commands().items():
        routes.append(Route(method, path, _without_portal(handler), "control"))
    return Router(routes)


def _without_portal(handler: Callable[[Request], Any]) -> Callable[["Portal", Request], Any]:
    def call(_portal: "Portal", request: Request) -> Any:
        return handler(request)

    call.__doc__ = handler.__doc__
    return call


def summary(portal: "Portal", _request: Request) -> dict[str, Any]:
    """What the stand-in holds, its settings and faults."""
    return {
        "portal": portal.key,
        "base_url": portal.base_url,
        "now": portal.clock.stamp(),
        "counts": portal.state.kinds(),
        "settings": portal.settings,
        "faults": portal.faults.listed(),
    }


def latest_requests(portal: "Portal", request: Request) -> dict[str, Any]:
    """The latest API requests, oldest first; `?limit=50`."""
    return {"requests": portal.logged(int(request.query.get("limit", 200)))}


def list_faults(portal: "Portal", _request: Request) -> dict[str, Any]:
    """The faults in force, with how often each has hit."""
    return {"faults": portal.faults.listed()}


def records(portal: "Portal", request: Request) -> dict[str, Any]:
    """Everything of one kind as the stand-in keeps it: domains, zones, invoices, orders, tickets, machines ..."""
    return {"records": portal.state.all(request.params["kind"])}


def set_faults(portal: "Portal", request: Request) -> dict[str, Any]:
    """Replaces the faults by those given: `{"faults": [{"kind": "latency", "seconds": 2, "path": "/domain"}]}`."""
    wanted = request.data().get("faults")
    if not isinstance(wanted, list):
        raise Mistake("faults: a list is expected")
    portal.faults.clear()
    for fault in wanted:
        if not isinstance(fault, dict) or "kind" not in fault:
            raise Mistake("a fault is an object with a kind")
        portal.faults.add(**fault)
    return {"faults": portal.faults.listed()}


def clear_faults(portal: "Portal", _request: Request) -> dict[str, Any]:
    """No faults any more."""
    portal.faults.clear()
    return {"faults": []}


def change_settings(portal: "Portal", request: Request) -> dict[str, Any]:
    """`{"auto_pay_from_credit": true}`: any of the settings shown above."""
    portal.set(**request.data())
    return {"settings": portal.settings}


def move_clock(portal: "Portal", request: Request) -> dict[str, Any]:
    """`{"days": 30, "hours": 2}`; the next request finds whatever fell due meanwhile done."""
    portal.advance(**request.data())
    return {"now": portal.clock.stamp()}
