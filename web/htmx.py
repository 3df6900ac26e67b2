"""One URL, two answers: a whole page for the browser, its fragment for htmx."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from web.tones import Tone


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part. A history restore and a boosted link want the page."""
    headers = request.headers
    if headers.get("HX-Request") != "true":
        return False
    return headers.get("HX-History-Restore-Request") != "true" and headers.get("HX-Boosted") != "true"


def render_page(
    request: HttpRequest,
    page_template: str,
    fragment_template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page template must include exactly the fragment template. Sets `Vary`, and keeps fragments out of caches:
    the back button would otherwise show one as a page."""
    fragment = is_fragment(request)
    response = render(request, fragment_template if fragment else page_template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    if fragment:
        response["Cache-Control"] = "no-store"
    return response


def hx_redirect(request: HttpRequest, url: str) -> HttpResponse:
    """Go to another page: by header for htmx, by 303 for a plain form."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponse(status=303, headers={"Location": url})


def trigger(response: HttpResponse, event: str, detail: object = True) -> HttpResponse:
    """Have htmx send this event in the browser; several add up."""
    events: dict[str, object] = json.loads(response.headers.get("HX-Trigger", "{}"))
    events[event] = detail
    response["HX-Trigger"] = json.dumps(events)
    return response


def toast(
    response: HttpResponse,
    text: object,
    tone: Tone = Tone.FINE,
    link: tuple[object, str] | None = None,
) -> HttpResponse:
    """A short word about what just happened, on the page that stays; `link` is (label, url), to the action say."""
    detail = {"text": str(text), "tone": tone.value}
    if link:
        detail |= {"label": str(link[0]), "url": link[1]}
    return trigger(response, "hf:toast", detail)


def flash(request: HttpRequest, text: object, tone: Tone = Tone.FINE) -> None:
    """The same on the page that comes next, after a redirect."""
    messages.add_message(request, messages.INFO, str(text), extra_tags=tone.value)


def close_dialog(response: HttpResponse | None = None) -> HttpResponse:
    """Answer to a form in a dialog that went well: swap nothing, close it."""
    answer = response or HttpResponse(status=204)
    return trigger(answer, "hf:close-dialog")


def came_from(request: HttpRequest) -> str:
    """Path and query of the page that htmx asks from, empty when it is unknown or another site's."""
    parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    if parts.netloc != request.get_host():
        return ""
    # A browser that is sent to //host/x or /\host/x goes to that host.
    if parts.path.startswith("//") or "\\" in parts.path:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
