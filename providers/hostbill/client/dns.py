"""DNS services: zones of the account and their records. Zone ids are only unique within a service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.hostbill.client.group import Group


class Dns(Group):
    def list_dns(self) -> Any:
        """`GET /dns`: all zones with the service that holds each. Reads. Both portals.

        Answers `{"service_ids": [...], "zones": [{"domain_id", "name", "service_id"}]}`; `domain_id` is the zone's id.
        """
        return self._read("GET", "/dns")

    def list_dns_for_service(self, service_id: str) -> Any:
        """`GET /service/{service_id}/dns`: the zones of one service. Reads. Both portals.

        The page shows only `{"error": ["invalid method"]}`; use `list_dns` and filter.
        """
        return self._read("GET", "/service/{service_id}/dns", service_id=service_id)

    def dns_zone_details(self, service_id: str, zone_id: str) -> Any:
        """`GET /service/{service_id}/dns/{zone_id}`: one zone with its records. Reads. Both portals.

        Answers `{"service_id", "name", "records"}`; DNS.services sends `records` as an object, the page shows a list.
        """
        return self._read("GET", "/service/{service_id}/dns/{zone_id}", service_id=service_id, zone_id=zone_id)

    def add_dns_zone(self, service_id: str, name: str) -> Any:
        """`POST /service/{service_id}/dns`: makes a zone. Changes. Both portals. Answers `{"info": [...]}`, without an id."""
        return self._change("POST", "/service/{service_id}/dns", body={"name": name}, service_id=service_id)

    def remove_dns_zone(self, service_id: str, zone_id: str) -> Any:
        """`DELETE /service/{service_id}/dns/{zone_id}`: deletes a zone with its records. Changes. Both portals."""
        return self._change("DELETE", "/service/{service_id}/dns/{zone_id}", service_id=service_id, zone_id=zone_id)

    def add_dns_record(self, service_id: str, zone_id: str, record: Mapping[str, Any]) -> Any:
        """`POST /service/{service_id}/dns/{zone_id}/records`: makes a record. Changes. Both portals.

        `record`: name (relative to the zone), ttl (seconds), priority, type, content (for SRV a list of weight, port, target).
        Answers `{"record": {...}, "info": [...]}`, without an id: read the zone again to find it.
        """
        template = "/service/{service_id}/dns/{zone_id}/records"
        return self._change("POST", template, body=record, service_id=service_id, zone_id=zone_id)

    def edit_dns_record(self, service_id: str, zone_id: str, record_id: str, record: Mapping[str, Any]) -> Any:
        """`PUT /service/{service_id}/dns/{zone_id}/records/{record_id}`: changes a record. Changes. Both portals.

        `record` as in `add_dns_record`. Answers `{"record": {...}, "info": [...]}`.
        """
        template = "/service/{service_id}/dns/{zone_id}/records/{record_id}"
        return self._change("PUT", template, body=record, service_id=service_id, zone_id=zone_id, record_id=record_id)

    def remove_dns_record(self, service_id: str, zone_id: str, record_id: str) -> Any:
        """`DELETE /service/{service_id}/dns/{zone_id}/records/{record_id}`: deletes a record. Changes. Both portals.

        Answers `{"success": true}`.
        """
        template = "/service/{service_id}/dns/{zone_id}/records/{record_id}"
        return self._change("DELETE", template, service_id=service_id, zone_id=zone_id, record_id=record_id)
