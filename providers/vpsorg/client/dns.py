"""DNS zones and records. Seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.vpsorg.client.group import Group


class Dns(Group):
    def list_zones(self, *, page: int | None = None, page_size: int | None = None, domain: str | None = None) -> Any:
        """GET /dns-zones/: zones without their records (`uuid`, `domain`, `record_count`, `created_at`), all or the one
        of `domain`."""
        return self._list("/dns-zones/", page, page_size, domain=domain)

    def create_zone(self, domain: str) -> Any:
        """POST /dns-zones/ `{domain}`. Changes: makes a zone. 400 where there is one already."""
        return self._change("POST", "/dns-zones/", body={"domain": domain})

    def get_zone(self, uuid: str) -> Any:
        """GET /dns-zones/{uuid}/: one zone with `records[]` (`uuid`, `record_type`, `name`, `value`, `ttl`,
        `priority`). 404."""
        return self._read("GET", "/dns-zones/{uuid}/", uuid=uuid)

    def delete_zone(self, uuid: str) -> Any:
        """DELETE /dns-zones/{uuid}/. Changes: deletes a zone with all its records. Answers 204. 404."""
        return self._change("DELETE", "/dns-zones/{uuid}/", uuid=uuid)

    def create_record(self, uuid: str, fields: Mapping[str, Any]) -> Any:
        """POST /dns-zones/{uuid}/records/. Changes: adds a record to the zone `uuid`.

        `fields`: `record_type` (A, AAAA, CNAME, MX, TXT, NS, SRV, CAA), `name` (`@` for the apex), `value`, `ttl` in
        seconds (public clients send 3600 unless told), `priority` for MX and SRV. 400, 404.
        """
        return self._change("POST", "/dns-zones/{uuid}/records/", body=fields, uuid=uuid)

    def update_record(self, uuid: str, fields: Mapping[str, Any]) -> Any:
        """PATCH /dns-records/{uuid}/ with any of the fields of `create_record`. Changes the record `uuid`. 400, 404."""
        return self._change("PATCH", "/dns-records/{uuid}/", body=fields, uuid=uuid)

    def delete_record(self, uuid: str) -> Any:
        """DELETE /dns-records/{uuid}/. Changes: deletes the record `uuid`. Answers 204. 404."""
        return self._change("DELETE", "/dns-records/{uuid}/", uuid=uuid)
