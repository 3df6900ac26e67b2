"""How a request to VPS.org is signed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from providers.contract import Connection
from providers.errors import SignInRefused
from providers.transport import Transport

_TOKEN = re.compile(r"[\x21-\x7e]{1,4000}")


class ApiToken:
    """Signs with the API token made in the account. There is nothing to renew: a refused token stays refused."""

    def __init__(self, connection: Connection) -> None:
        self._token = connection.credential.get("token", "").strip()

    def headers(self, transport: Transport) -> dict[str, str]:
        if not _TOKEN.fullmatch(self._token):
            raise SignInRefused("The API token is empty or holds characters that no token has. Paste it again.")
        return {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}

    def renew(self, transport: Transport, rejected: Mapping[str, str]) -> bool:
        return False
