"""URLs that carry the state of a page: filters, sort, page, scope."""

from collections.abc import Iterable
from urllib.parse import quote, urlsplit, urlunsplit

from django.http import HttpRequest, QueryDict

SCOPE = "scope"
PAGE = "page"
_SAFE = "/:"
Value = str | int | Iterable[str] | None


def with_params(query: QueryDict, **changes: Value) -> str:
    """`?...` of this query with some parameters set (or removed: None), empty ones dropped, never with an old page."""
    # Menus have hundreds of these, so no copy of the query is made for each.
    pairs = [(name, value) for name, values in query.lists() if name not in changes for value in values]
    for name, wanted in changes.items():
        if wanted is not None:
            pairs += [(name, str(value)) for value in ((wanted,) if isinstance(wanted, (str, int)) else wanted)]
    return "?" + "&".join(
        f"{quote(name, _SAFE)}={quote(value, _SAFE)}" for name, value in pairs if value and name != PAGE
    )


def in_scope(request: HttpRequest, url: str) -> str:
    """This URL of ours with the scope of the page on screen, so that it is kept while browsing."""
    scope = request.GET.get(SCOPE, "")
    parts = urlsplit(url)
    if not scope or parts.netloc or not parts.path.startswith("/"):
        return url
    query = QueryDict(parts.query, mutable=True)
    query.setdefault(SCOPE, scope)
    return urlunsplit(parts._replace(query=query.urlencode(safe="/:")))
