"""What machines are made from. Seen; the scope `servers:read` opens all three."""

from __future__ import annotations

from typing import Any

from providers.vpsorg.client.group import Group


class Catalogue(Group):
    def plans(self, *, page: int | None = None, page_size: int | None = None) -> Any:
        """GET /plans/: sizes with `uuid`, `cpu`, `cpu_type_name`, `ram`, `ram_unit`, `disk_space` and `transfer` (GB),
        `monthly_price` or `price`, `hourly_price` (US dollars)."""
        return self._list("/plans/", page, page_size)

    def locations(self, *, page: int | None = None, page_size: int | None = None) -> Any:
        """GET /locations/: `id` (an integer, alone in the present form), `name`, `country_name`, `country_code`,
        `is_active`."""
        return self._list("/locations/", page, page_size)

    def operating_systems(self, *, page: int | None = None, page_size: int | None = None) -> Any:
        """GET /operating-systems/: `uuid`, `name`, `versions[]` (`uuid`, `name`)."""
        return self._list("/operating-systems/", page, page_size)
