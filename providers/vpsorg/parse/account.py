"""Whose token it is and what it may do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from providers.errors import MalformedResponse
from providers.fields import Fields
from providers.resources import Profile
from providers.values import is_nothing, to_words
from providers.vpsorg.parse.row import currency

_SCOPE = re.compile(r"[\w*.-]{1,40}:[\w*.:-]{1,40}", re.ASCII)
_MOST_SCOPES = 100


def profile(data: Any) -> Profile:
    """Whose token this is. The fields' names are not documented, so what common ones say is taken. Raises
    MalformedResponse."""
    if not isinstance(data, Mapping):
        raise MalformedResponse("The portal's answer about the account is no object.")
    inner = next((data[key] for key in ("account", "user") if isinstance(data.get(key), Mapping)), data)
    fields = Fields(inner)
    whole = " ".join(part for part in (fields.line("name", "first_name"), fields.line("name", "last_name")) if part)
    email = fields.line("email") or ""
    return Profile(
        id=fields.id("id", "uuid", "id") or email,
        email=email,
        name=whole or fields.line("name", "name", "full_name", "username") or "",
        company=fields.line("company", "company", "company_name") or "",
        country=fields.line("country", "country_code", "country") or "",
        currency=currency(fields),
        scopes=scopes(data),
        first_name=fields.line("first_name"),
        last_name=fields.line("last_name"),
        phone=fields.line("phone"),
    )


def scopes(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The token's scopes (`domains:read`, `*:*`), wherever the answer keeps them; () when it names none."""
    places: list[Any] = []
    for holder in (data, data.get("token"), data.get("api_token")):
        if isinstance(holder, Mapping):
            places += [holder.get("scopes"), holder.get("permissions")]
    for place in places:
        found = sorted({word for word in _scope_words(place) if _SCOPE.fullmatch(word)})[:_MOST_SCOPES]
        if found:
            return tuple(found)
    return ()


def _scope_words(place: Any) -> Iterable[str]:
    if isinstance(place, Mapping):
        # by family, as lists of verbs, or by scope, as yes and no
        for key, value in place.items():
            if ":" in str(key) and value is True:
                yield str(key)
            for word in value if isinstance(value, list) else [value]:
                if isinstance(word, str):
                    yield f"{key}:{word}"
        return
    if is_nothing(place) or not isinstance(place, str | list):
        return
    words = place if isinstance(place, list) else to_words(place, str) or ()
    yield from (word.strip().lower() for word in words if isinstance(word, str))
