"""/healthz says that this process answers, /readyz whether the whole desk works, /metrics counts for Prometheus."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from ipaddress import ip_address
from typing import Final

import redis.exceptions
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from portal import heartbeats
from web import visitor

STALE_AFTER_SECONDS: Final = 45.0


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    parts = {"database": _database(), **_broker_and_processes()}
    ready = all(ok for ok, _ in parts.values())
    body = {"ready": ready, "parts": {name: {"ok": ok, "says": says} for name, (ok, says) in parts.items()}}
    return JsonResponse(body, status=200 if ready else 503)


def _database() -> tuple[bool, str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return False, f"PostgreSQL does not answer ({type(error).__name__})."
    return True, "PostgreSQL answers."


def _broker_and_processes() -> dict[str, tuple[bool, str]]:
    try:
        ages = heartbeats.ages()
    except redis.exceptions.RedisError as error:
        unknown = "Unknown, because Redis does not answer."
        return {
            "broker": (False, f"Redis does not answer ({type(error).__name__})."),
            "worker": (False, unknown),
            "actions": (False, unknown),
            "beat": (False, unknown),
        }
    return {
        "broker": (True, "Redis answers."),
        "worker": _alive("worker for syncs", ages[heartbeats.WORKER]),
        "actions": _alive("worker for actions", ages[heartbeats.ACTIONS]),
        "beat": _alive("beat", ages[heartbeats.BEAT]),
    }


def _alive(name: str, age: float | None) -> tuple[bool, str]:
    if age is None:
        return False, f"The {name} has not reported yet."
    if age > STALE_AFTER_SECONDS:
        return False, f"The {name} last reported {age:.0f} seconds ago; it is expected every 10 seconds."
    return True, f"The {name} reported {age:.0f} seconds ago."


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not _may_read_metrics(request):
        return HttpResponse(
            "Metrics are for this machine, or for a bearer token (HOLDFAST_METRICS_TOKEN).\n",
            status=403,
            content_type="text/plain",
        )
    export: Callable[[HttpRequest], HttpResponse] = ExportToDjangoView
    return export(request)


def _may_read_metrics(request: HttpRequest) -> bool:
    token: str = settings.HOLDFAST_METRICS_TOKEN
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if token and scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode()):
        return True
    # A request that came through a proxy on this machine is not one of this machine.
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    address = visitor.address_of(request)
    return address is not None and ip_address(address).is_loopback
