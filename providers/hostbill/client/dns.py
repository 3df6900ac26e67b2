"""DNS services: zones of the account and their records. Zone ids are only unique within a service."""

from __future__ import annotations

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
