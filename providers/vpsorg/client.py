"""VPS.org's API v1: one method per operation. Answers are the parsed JSON as upstream sends it.

Sources: the domain API's documentation page, and what public clients send (`upstream/REFERENCE.md`, "Seen on the wire"). Paths are
below `/api/v1` and end in a slash. A method reads unless it says that it changes; any may raise the errors of `providers.errors`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from providers.contract import Connection
from providers.errors import AuthenticationFailed
from providers.transport import Params, Transport, path_segment

_TOKEN = re.compile(r"[\x21-\x7e]{1,4000}")


class ApiToken:
    """Signs with the API token made in the account. There is nothing to renew: a refused token stays refused."""

    def __init__(self, connection: Connection) -> None:
        self._token = connection.credential.get("token", "").strip()

    def headers(self, transport: Transport) -> dict[str, str]:
        if not _TOKEN.fullmatch(self._token):
            raise AuthenticationFailed("The API token is empty or holds characters that no token has. Paste it again.")
        return {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}

    def renew(self, transport: Transport, rejected: Mapping[str, str]) -> bool:
        return False


class VpsOrgClient:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def account(self) -> Any:
        """GET /account/me/: the account and the token's permissions. Documented in public; the field names are not."""
        return self._get("/account/me/", "GET /account/me/")

    def list_domains(
        self,
        *,
        page: int | None = None,
        page_size: int | None = None,
        status: str | None = None,
        search: str | None = None,
    ) -> Any:
        """GET /domains/: `{"count", "results"}`, in the present form with `next` and `previous`. `status` is active, pending,
        expired or locked; `search` looks into the names."""
        return self._list("/domains/", page, page_size, status=status, search=search)

    def get_domain(self, domain_id: str) -> Any:
        """GET /domains/{domain_id}/: one domain with registrar and WHOIS data. 404 when the account has no such domain."""
        return self._get(f"/domains/{path_segment(domain_id)}/", "GET /domains/{domain_id}/")

    def list_dns_zones(
        self, *, page: int | None = None, page_size: int | None = None, domain: str | None = None
    ) -> Any:
        """GET /dns-zones/: zones without their records, all or the one of `domain`."""
        return self._list("/dns-zones/", page, page_size, domain=domain)

    def get_dns_zone(self, zone_id: str) -> Any:
        """GET /dns-zones/{uuid}/: one zone with `records`."""
        return self._get(f"/dns-zones/{path_segment(zone_id)}/", "GET /dns-zones/{uuid}/")

    def list_servers(self, *, page: int | None = None, page_size: int | None = None) -> Any:
        """GET /servers/: virtual machines with the names of location, plan and system."""
        return self._list("/servers/", page, page_size)

    def get_server(self, server_id: str) -> Any:
        """GET /servers/{uuid}/: one virtual machine with nested plan, location and system; `password` only once after creation."""
        return self._get(f"/servers/{path_segment(server_id)}/", "GET /servers/{uuid}/")

    def renew_domain(self, domain_id: str, years: int) -> Any:
        """POST /domains/{uuid}/renew/ `{years}`. Changes: charges the balance. Sent by public clients, the answer's shape is not
        documented. 402 when the balance does not cover it."""
        path = f"/domains/{path_segment(domain_id)}/renew/"
        return self._change("POST", path, "POST /domains/{uuid}/renew/", {"years": years})

    def create_dns_record(self, zone_id: str, fields: Mapping[str, Any]) -> Any:
        """POST /dns-zones/{uuid}/records/ with `record_type`, `name` (`@` for the apex), `value`, `ttl`, `priority`. Changes."""
        path = f"/dns-zones/{path_segment(zone_id)}/records/"
        return self._change("POST", path, "POST /dns-zones/{uuid}/records/", fields)

    def update_dns_record(self, record_id: str, fields: Mapping[str, Any]) -> Any:
        """PATCH /dns-records/{uuid}/ with any of a record's fields. Changes."""
        path = f"/dns-records/{path_segment(record_id)}/"
        return self._change("PATCH", path, "PATCH /dns-records/{uuid}/", fields)

    def delete_dns_record(self, record_id: str) -> Any:
        """DELETE /dns-records/{uuid}/. Changes; answers 204."""
        return self._change("DELETE", f"/dns-records/{path_segment(record_id)}/", "DELETE /dns-records/{uuid}/", None)

    def power_server(self, server_id: str, action: str) -> Any:
        """POST /servers/{uuid}/power/ `{action}`: start, stop, restart or hard_stop. Changes."""
        path = f"/servers/{path_segment(server_id)}/power/"
        return self._change("POST", path, "POST /servers/{uuid}/power/", {"action": action})

    def _change(self, method: str, path: str, operation: str, body: Mapping[str, Any] | None) -> Any:
        """An empty answer counts as done with status 204 alone: with 200 it may come from anything on the way."""
        return self._transport.change(method, path, operation=operation, json=body).data

    def _list(self, path: str, page: int | None, page_size: int | None, **filters: str | None) -> Any:
        params: Params = {"page": page, "page_size": page_size, **filters}
        asked = {name: value for name, value in params.items() if value is not None}
        return self._transport.read("GET", path, operation=f"GET {path}", params=asked).data

    def _get(self, path: str, operation: str) -> Any:
        return self._transport.read("GET", path, operation=operation).data
