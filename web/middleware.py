import zoneinfo
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone
from django_structlog.middlewares import RequestMiddleware

from web import visitor
from web.htmx import came_from

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class LogMiddleware(RequestMiddleware):
    """Log lines name the address that counts elsewhere too, and not the one that a client may write into a header."""

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        structlog.contextvars.bind_contextvars(ip=visitor.address_of(request))


class TimeZoneMiddleware:
    """Shows instants in the person's own time zone (`user.time_zone`); after the authentication middleware."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = str(getattr(request.user, "time_zone", "") or "")
        try:
            zone = zoneinfo.ZoneInfo(name) if name else None
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            zone = None
        with timezone.override(zone):
            return self.get_response(request)


class SignInAgainMiddleware:
    """When a session ended, htmx would paste the sign-in form into a fragment: send the whole page there instead."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.headers.get("HX-Request") != "true" or response.status_code not in {301, 302, 303}:
            return response
        sign_in = resolve_url(settings.LOGIN_URL)
        if urlsplit(response.headers.get("Location", "")).path != urlsplit(sign_in).path:
            return response
        query = urlencode({"next": came_from(request) or "/"})
        return HttpResponse(status=204, headers={"HX-Redirect": f"{sign_in}?{query}"})
