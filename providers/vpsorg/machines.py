"""Virtual machines of VPS.org, the public keys they are given, and what they are made from."""

from __future__ import annotations

from typing import Final

from providers import families
from providers.errors import MalformedResponse
from providers.offers import Location, MachineOrder, Plan, System
from providers.resources import Machine, MachineDetail, Page, SshKey
from providers.vpsorg.api import Api, Kind
from providers.vpsorg.client.servers import PowerAction
from providers.vpsorg.lists import BadRowError, Form
from providers.vpsorg.operations import NEEDS
from providers.vpsorg.parse import catalogue
from providers.vpsorg.parse import machines as parse
from providers.vpsorg.parse.orders import host

_MACHINES: Final = Kind("servers", "GET /servers/", parse.MACHINE_NAMES)
_KEYS: Final = Kind("ssh_keys", "GET /ssh-keys/")
_PLANS: Final = Kind("servers", "GET /plans/", beside=True)
_LOCATIONS: Final = Kind("servers", "GET /locations/", beside=True)
_SYSTEMS: Final = Kind("servers", "GET /operating-systems/", beside=True)
_LONGEST_LABEL: Final = 200


class Services(families.Services):
    def __init__(self, api: Api) -> None:
        self._api = api
        self._servers = api.client.servers

    def list_machines(self, page: str | None = None) -> Page[Machine]:
        return self._api.page(_MACHINES, page, self._servers.list, parse.machine)

    def machine(self, machine_id: str) -> MachineDetail:
        return self._api.one("GET /servers/{uuid}/", self._servers.get(machine_id), parse.machine_detail, machine_id)

    def reboot(self, machine_id: str) -> None:
        """Changes: `POST /servers/{uuid}/power/` with `restart`."""
        self._power("services.reboot", machine_id, "restart")

    def start(self, machine_id: str) -> None:
        """Changes: `POST /servers/{uuid}/power/` with `start`."""
        self._power("services.start", machine_id, "start")

    def stop(self, machine_id: str) -> None:
        """Changes: `POST /servers/{uuid}/power/` with `stop`."""
        self._power("services.stop", machine_id, "stop")

    def power_off(self, machine_id: str) -> None:
        """Changes: `POST /servers/{uuid}/power/` with `hard_stop`."""
        self._power("services.power_off", machine_id, "hard_stop")

    def _power(self, capability: str, machine_id: str, action: PowerAction) -> None:
        self._api.call(NEEDS[capability], lambda: self._servers.power(machine_id, action))

    def create_machine(self, order: MachineOrder) -> MachineDetail:
        """Changes: `POST /servers/`, charged to the balance. The root password is in this one answer."""
        need = NEEDS["services.create_machine"]
        name = host(order.hostname)
        if name is None:
            self._api.refuse(
                need.operation, "hostname", "A machine is named by a host name with a domain, as web.example.com."
            )
        if not (order.location_id.isascii() and order.location_id.isdecimal() and len(order.location_id) < 10):
            self._api.refuse(need.operation, "location_id", "A location of this portal is named by a number.")
        data = self._api.call(
            need,
            lambda: self._servers.create(
                hostname=name,
                location=int(order.location_id),
                plan=order.plan_id,
                os_version=order.system_version_id,
                ssh_keys=order.ssh_key_ids or None,
            ),
        )
        form = Form.PRESENT if isinstance(data, dict) and data.get("uuid") else Form.DOCUMENTED
        try:
            return parse.machine_detail(data, form)
        except (BadRowError, MalformedResponse):
            told = "The portal took the order of a machine but did not say which one it made."
            raise self._api.unsure(need.operation, told) from None

    def delete_machine(self, machine_id: str) -> None:
        """Changes: `DELETE /servers/{uuid}/`."""
        self._api.call(NEEDS["services.delete_machine"], lambda: self._servers.delete(machine_id))

    def back_up(self, machine_id: str) -> None:
        """Changes: `POST /servers/{uuid}/backup/`."""
        self._api.call(NEEDS["services.back_up"], lambda: self._servers.backup(machine_id))

    def snapshot(self, machine_id: str, label: str = "") -> None:
        """Changes: `POST /servers/{uuid}/snapshot/`."""
        need = NEEDS["services.snapshot"]
        if len(label) > _LONGEST_LABEL:
            self._api.refuse(need.operation, "label", f"A label has at most {_LONGEST_LABEL} characters.")
        self._api.call(need, lambda: self._servers.snapshot(machine_id, label=label.strip() or None))

    def resize(self, machine_id: str, plan_id: str) -> None:
        """Changes: `POST /servers/{uuid}/resize/`."""
        self._api.call(NEEDS["services.resize"], lambda: self._servers.resize(machine_id, plan=plan_id))

    # --- public keys ---------------------------------------------------------------------------------------------------------

    def ssh_keys(self) -> tuple[SshKey, ...]:
        return self._api.whole(_KEYS, self._api.client.ssh_keys.list, catalogue.ssh_key)

    def add_ssh_key(self, name: str, public_key: str) -> SshKey:
        """Changes: `POST /ssh-keys/`."""
        need = NEEDS["services.add_ssh_key"]
        if not name.strip():
            self._api.refuse(need.operation, "name", "A key needs a name.")
        if "PRIVATE KEY" in public_key:  # pasted by mistake, and a secret
            self._api.refuse(
                need.operation, "public_key", "This is a private key. The portal gets the public one alone."
            )
        sent = " ".join(public_key.split())
        if not sent:
            self._api.refuse(need.operation, "public_key", "Give the public key, as it stands in a .pub file.")
        data = self._api.call(need, lambda: self._api.client.ssh_keys.create(name=name.strip(), public_key=sent))
        try:
            return catalogue.ssh_key(data)
        except BadRowError:
            told = "The portal took the key but did not say under which id it keeps it."
            raise self._api.unsure(need.operation, told) from None

    def remove_ssh_key(self, key_id: str) -> None:
        """Changes: `DELETE /ssh-keys/{uuid}/`."""
        self._api.call(NEEDS["services.remove_ssh_key"], lambda: self._api.client.ssh_keys.delete(key_id))


class Catalog(families.Catalog):
    def __init__(self, api: Api) -> None:
        self._api = api

    def plans(self) -> tuple[Plan, ...]:
        return self._api.whole(_PLANS, self._api.client.catalogue.plans, catalogue.plan)

    def locations(self) -> tuple[Location, ...]:
        return self._api.whole(_LOCATIONS, self._api.client.catalogue.locations, catalogue.location)

    def systems(self) -> tuple[System, ...]:
        return self._api.whole(_SYSTEMS, self._api.client.catalogue.operating_systems, catalogue.system)
