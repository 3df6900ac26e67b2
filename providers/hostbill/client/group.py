"""What the operation groups share: one place that fills paths and names operations as the documents do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from providers.errors import ProviderError
from providers.hostbill.answers import ENVELOPE
from providers.hostbill.refusals import judge, reconsidered
from providers.transport import Answer, Params, Transport, path_segment

LONGEST_REFUSAL = 4_000
Verb = Literal["GET", "POST", "PUT", "DELETE"]


class Group:
    """A group of documented operations.

    Every method answers the decoded JSON as upstream sent it, already judged by `providers.hostbill.refusals`; whether it reads or
    changes is said by which of `_read` and `_change` it calls. Raises the errors of `providers.errors`.
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
        signs_in: bool = False,
        **ids: str,
    ) -> Any:
        """`signs_in` marks the calls that get a token: sent without one, and once, since portals count them."""
        operation, path = f"{verb} {template}", fill(template, ids)
        try:
            answer: Answer = self._transport.read(
                verb, path, operation=operation, params=params, json=body, signed=not signs_in, retry=not signs_in
            )
        except ProviderError as error:
            raise reconsidered(error) from None
        return answer.data

    def _read_bytes(self, verb: Verb, template: str, *, params: Params | None = None, **ids: str) -> bytes:
        operation, path = f"{verb} {template}", fill(template, ids)
        try:
            return self._transport.read(verb, path, operation=operation, params=params, expect="bytes").content
        except ProviderError as error:
            raise reconsidered(error) from None

    def _read_file(self, verb: Verb, template: str, *, params: Params | None = None, **ids: str) -> Answer:
        """A file with the headers that it came with. A refusal is known as one even where it is not announced as JSON."""
        operation, path = f"{verb} {template}", fill(template, ids)
        try:
            answer: Answer = self._transport.read(verb, path, operation=operation, params=params, expect="bytes")
        except ProviderError as error:
            raise reconsidered(error) from None
        try:
            judge(said_instead(answer.content), answer.status, operation, changes=False)
        except ProviderError as error:
            error.upstream_words = self._transport.words({"error": error.upstream_words})
            raise
        return answer

    def _change(
        self,
        verb: Verb,
        template: str,
        *,
        body: Mapping[str, Any] | None = None,
        signed: bool = True,
        **ids: str,
    ) -> Any:
        operation, path = f"{verb} {template}", fill(template, ids)
        try:
            return self._transport.change(verb, path, operation=operation, json=body, signed=signed).data
        except ProviderError as error:
            raise reconsidered(error, changes=True) from None


def said_instead(content: bytes) -> Any:
    """The JSON object of an error that came in place of a file; None for a file."""
    if len(content) > LONGEST_REFUSAL or not content.lstrip().startswith(b"{"):
        return None
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return None  # a file that only looks like it
    return data if isinstance(data, dict) and set(data) <= ENVELOPE else None


def fill(template: str, ids: Mapping[str, str]) -> str:
    """`template` with its placeholders replaced, so that no id can lead to another path."""
    return template.format_map({name: path_segment(str(value)) for name, value in ids.items()})


def given(**values: Any) -> dict[str, Any]:
    """The parameters that were given: None means 'not sent'."""
    return {name: value for name, value in values.items() if value is not None}
