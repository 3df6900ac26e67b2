"""VPS.org as the engines see it: domains, DNS zones and virtual machines. Its API has no invoices, tickets or certificates."""

from __future__ import annotations

from providers import contract
from providers.contract import Connection, ProviderSpec
from providers.errors import NotSupported
from providers.resources import Contact, ContactDetail, Machine, MachineDetail, Page, Profile, Service, ServiceDetail
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


class _Services:
    def __init__(self, api: Api) -> None:
        self._api = api

    def list(self, page: str | None = None) -> Page[Service]:
        raise _missing("services.list")

    def detail(self, service_id: str) -> ServiceDetail:
        raise _missing("services.detail")

    def list_machines(self, page: str | None = None) -> Page[Machine]:
        return self._api.page(_MACHINES, page, self._api.client.list_servers, parse.machine)

    def machine(self, machine_id: str) -> MachineDetail:
        data = self._api.client.get_server(machine_id)
        return self._api.one("GET /servers/{uuid}/", data, parse.machine_detail, machine_id)

    def reboot(self, machine_id: str) -> None:
        """Changes: `POST /servers/{uuid}/power/` with `restart`."""
        operation = "POST /servers/{uuid}/power/"
        self._api.change("servers", operation, lambda: self._api.client.power_server(machine_id, "restart"))


class _ProfileFamily:
    def __init__(self, api: Api) -> None:
        self._api = api

    def profile(self) -> Profile:
        return self._api.profile()

    def list_contacts(self, page: str | None = None) -> Page[Contact]:
        raise _missing("profile.list_contacts")

    def contact(self, contact_id: str) -> ContactDetail:
        raise _missing("profile.contact")


class VpsOrgProvider:
    """Threads may share it: it keeps nothing but what `connection.memory` keeps."""

    def __init__(self, connection: Connection, spec: ProviderSpec) -> None:
        self.spec = spec
        self._api = Api(connection)
        self.domains: contract.Domains | None = Domains(self._api)
        self.dns: contract.Dns | None = Dns(self._api)
        self.billing: contract.Billing | None = None
        self.support: contract.Support | None = None
        self.services: contract.Services | None = _Services(self._api)
        self.certificates: contract.Certificates | None = None
        self.profile: contract.ProfileFamily | None = _ProfileFamily(self._api)

    @property
    def capabilities(self) -> frozenset[str]:
        readable = (names for scope, names in _SCOPED.items() if not self._api.refused(scope))
        changeable = (names for scope, names in _CHANGING.items() if self._api.changes(scope))
        return frozenset({"profile.profile", *(name for names in (*readable, *changeable) for name in names)})

    def can(self, capability: str) -> bool:
        return capability in self.capabilities

    def require(self, capability: str) -> None:
        """Raises NotSupported, in words for staff, when `capability` is not offered."""
        if not self.can(capability):
            raise _missing(capability)

    def test(self) -> Profile:
        return self._api.profile()

    def close(self) -> None:
        self._api.transport.close()


def _missing(capability: str) -> NotSupported:
    return NotSupported("This portal does not offer that in its API.", operation=capability)
