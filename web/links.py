"""URLs that carry the state of a page: filters, sort, page, scope."""

from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest, QueryDict

SCOPE = "scope"
Value = str | int | Iterable[str] | None


def with_params(query: QueryDict, **changes: Value) -> str:
    """`?...` of this query with some parameters set (or removed: None), empty ones dropped, never with an old page."""
    wanted = query.copy()
    wanted.pop("page", None)
    for name, value in changes.items():
        wanted.pop(name, None)
        if value is None or value == "":
            continue
        wanted.setlist(name, [str(value)] if isinstance(value, (str, int)) else list(value))
    for name in list(wanted):
        wanted.setlist(name, [value for value in wanted.getlist(name) if value != ""])
        if not wanted.getlist(name):
            del wanted[name]
    return f"?{wanted.urlencode(safe='/:')}" if wanted else "?"


def in_scope(request: HttpRequest, url: str) -> str:
    """This URL of ours with the scope of the page on screen, so that it is kept while browsing."""
    scope = request.GET.get(SCOPE, "")
    parts = urlsplit(url)
    if not scope or parts.netloc or not parts.path.startswith("/"):
        return url
    query = QueryDict(parts.query, mutable=True)
    query.setdefault(SCOPE, scope)
    return urlunsplit(parts._replace(query=query.urlencode(safe="/:")))
