from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from web import shell as registry


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell` for templates/base.html. Lazy, so that a fragment, which shows no frame, pays nothing for it."""
    return {"shell": SimpleLazyObject(lambda: _gather(request))}


def _gather(request: HttpRequest) -> registry.Shell:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return registry.Shell()
    return registry.gather(request)
