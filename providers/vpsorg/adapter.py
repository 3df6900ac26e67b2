"""VPS.org as the engines see it: domains, DNS zones and virtual machines. Its API has no invoices, tickets or certificates."""

from __future__ import annotations

from providers import families
from providers.contract import BaseProvider, Connection, ProviderSpec
from providers.resources import Machine, MachineDetail, Page, Profile
from providers.vpsorg import parse
from providers.vpsorg.api import Api, Kind
from providers.vpsorg.domains import Domains
from providers.vpsorg.zones import Dns

_SCOPED = {
    "domains": ("domains.list", "domains.detail", "domains.renewal_price"),
    "dns": ("dns.list", "dns.detail"),
    "servers": ("services.list_machines", "services.machine"),
}
"""What a token's scope opens."""
_CHANGING = {
    "domains": ("domains.renew",),
    "dns": ("dns.add", "dns.change", "dns.remove"),
    "servers": ("services.reboot",),
}
"""What it opens beyond that to a token that may change things, where the API has its present form."""
_MACHINES = Kind("servers", "GET /servers/", parse.MACHINE_NAMES)


class _Services(families.Services):
    def __init__(self, api: Api) -> None:
        self._api = api

    def list_machines(self, page: str | None = None) -> Page[Machine]:
        return self._api.page(_MACHINES, page, self._api.client.list_servers, parse.machine)

    def machine(self, machine_id: str) -> MachineDetail:
        data = self._api.client.get_server(machine_id)
        return self._api.one("GET /servers/{uuid}/", data, parse.machine_detail, machine_id)

    def reboot(self, machine_id: str) -> None:
        """Changes: `POST /servers/{uuid}/power/` with `restart`."""
        operation = "POST /servers/{uuid}/power/"
        self._api.change("servers", operation, lambda: self._api.client.power_server(machine_id, "restart"))


class _ProfileFamily(families.ProfileFamily):
    def __init__(self, api: Api) -> None:
        self._api = api

    def profile(self) -> Profile:
        return self._api.profile()


class VpsOrgProvider(BaseProvider):
    """Threads may share it: it keeps nothing but what `connection.memory` keeps."""

    def __init__(self, connection: Connection, spec: ProviderSpec) -> None:
        self.spec = spec
        self._api = Api(connection)
        self.domains = Domains(self._api)
        self.dns = Dns(self._api)
        self.services = _Services(self._api)
        self.profile = _ProfileFamily(self._api)

    @property
    def capabilities(self) -> frozenset[str]:
        readable = (names for scope, names in _SCOPED.items() if not self._api.refused(scope))
        changeable = (names for scope, names in _CHANGING.items() if self._api.changes(scope))
        return frozenset({"profile.profile", *(name for names in (*readable, *changeable) for name in names)})

    def close(self) -> None:
        self._api.transport.close()
