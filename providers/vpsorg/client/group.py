"""What the groups of operations share: one place that fills paths and names operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from providers.transport import Params, Transport, path_segment

Verb = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class Group:
    """A group of operations.

    Every method answers the parsed JSON as upstream sends it, None for an answer without a body. It reads unless it
    says that it changes, and that is also which of `_read` and `_change` it calls. Any may raise the errors of
    `providers.errors`: 401 is AuthenticationFailed, 402 PaymentRequired, 403 PermissionDenied (a scope that the token
    lacks), 404 NotFound, 400 InvalidRequest with upstream's messages by field.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _read(
        self,
        verb: Verb,
        template: str,
        *,
        params: Params | None = None,
        body: Mapping[str, Any] | None = None,
        **ids: str,
    ) -> Any:
        path = fill(template, ids)
        return self._transport.read(verb, path, operation=f"{verb} {template}", params=params, json=body).data

    def _list(self, template: str, page: int | None, page_size: int | None, **filters: str | None) -> Any:
        return self._read("GET", template, params=given(page=page, page_size=page_size, **filters))

    def _change(self, verb: Verb, template: str, *, body: Mapping[str, Any] | None = None, **ids: str) -> Any:
        """An empty answer counts as done with status 204 alone: with 200 it may come from anything on the way."""
        return self._transport.change(verb, fill(template, ids), operation=f"{verb} {template}", json=body).data


def fill(template: str, ids: Mapping[str, str]) -> str:
    """`template` with its placeholders replaced, so that no id can lead to another path."""
    return template.format_map({name: path_segment(value) for name, value in ids.items()})


def given(**values: Any) -> dict[str, Any]:
    """What was given: None means 'not sent'."""
    return {name: value for name, value in values.items() if value is not None}
