"""The account. Seen; the path is documented in public, the fields of its answer are not."""

from __future__ import annotations

from typing import Any

from providers.vpsorg.client.group import Group


class Account(Group):
    def me(self) -> Any:
        """GET /account/me/: the account and what the token may do. Needs no scope of its own."""
        return self._read("GET", "/account/me/")
