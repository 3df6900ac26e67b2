"""Services and the virtual machines that run in them or by themselves."""

from __future__ import annotations

from collections.abc import Mapping

from providers.families.missing import missing
from providers.offers import MachineOrder, Quote, UpgradeOptions, UpgradeRequest
from providers.resources import (
    Machine,
    MachineDetail,
    Order,
    Page,
    Service,
    ServiceAddress,
    ServiceDetail,
    SshKey,
    Template,
)
from providers.secret import Secret


class Machines:
    """Virtual machines. Upstream accepts a change of power; the machine takes its time."""

    def list_machines(self, page: str | None = None) -> Page[Machine]:
        """One page of the virtual machines of all services."""
        raise missing("services.list_machines")

    def machine(self, machine_id: str) -> MachineDetail:
        """One virtual machine."""
        raise missing("services.machine")

    def templates(self, machine_id: str) -> tuple[Template, ...]:
        """What a machine can be rebuilt from."""
        raise missing("services.templates")

    def ssh_keys(self) -> tuple[SshKey, ...]:
        """The public keys that a new machine can be given."""
        raise missing("services.ssh_keys")

    def reboot(self, machine_id: str) -> None:
        """Changes: restarts a machine."""
        raise missing("services.reboot")

    def start(self, machine_id: str) -> None:
        """Changes: switches a machine on."""
        raise missing("services.start")

    def stop(self, machine_id: str) -> None:
        """Changes: shuts a machine down."""
        raise missing("services.stop")

    def power_off(self, machine_id: str) -> None:
        """Changes: takes the power from a machine; what it had not written is lost."""
        raise missing("services.power_off")

    def suspend(self, machine_id: str) -> None:
        """Changes: suspends a machine; it keeps its state."""
        raise missing("services.suspend")

    def unsuspend(self, machine_id: str) -> None:
        """Changes: lets a suspended machine go on."""
        raise missing("services.unsuspend")

    def reset_password(self, machine_id: str) -> Secret:
        """Changes: gives a machine a new root password. Empty where the portal does not show it; `words` then say so."""
        raise missing("services.reset_password")

    def rebuild(self, machine_id: str, template_id: str) -> None:
        """Changes: installs a machine anew; everything on it is lost."""
        raise missing("services.rebuild")

    def create_machine(self, order: MachineOrder) -> MachineDetail:
        """Changes: orders a machine, which is charged. Its password, where one is shown, is shown this once."""
        raise missing("services.create_machine")

    def delete_machine(self, machine_id: str) -> None:
        """Changes: deletes a machine for good, with everything on it."""
        raise missing("services.delete_machine")

    def back_up(self, machine_id: str) -> None:
        """Changes: begins a backup."""
        raise missing("services.back_up")

    def snapshot(self, machine_id: str, label: str = "") -> None:
        """Changes: begins a snapshot."""
        raise missing("services.snapshot")

    def resize(self, machine_id: str, plan_id: str) -> None:
        """Changes: moves a machine to another plan, at another price; it may restart."""
        raise missing("services.resize")

    def add_ssh_key(self, name: str, public_key: str) -> SshKey:
        """Changes: keeps a public key for new machines."""
        raise missing("services.add_ssh_key")

    def remove_ssh_key(self, key_id: str) -> None:
        """Changes: forgets a public key; machines that have it keep it."""
        raise missing("services.remove_ssh_key")


class Services(Machines):
    def list(self, page: str | None = None) -> Page[Service]:
        """One page of the services."""
        raise missing("services.list")

    def detail(self, service_id: str) -> ServiceDetail:
        """One service with what its module can do."""
        raise missing("services.detail")

    def label(self, service_id: str) -> str:
        """The name that the account gave it, empty where it has none."""
        raise missing("services.label")

    def set_label(self, service_id: str, label: str) -> None:
        """Changes: names a service."""
        raise missing("services.set_label")

    def upgrade_options(self, service_id: str) -> UpgradeOptions:
        """What can be changed about a service, and for what price."""
        raise missing("services.upgrade_options")

    def upgrade_quote(self, service_id: str, request: UpgradeRequest) -> Quote:
        """What an upgrade would cost. Nothing is ordered."""
        raise missing("services.upgrade_quote")

    def upgrade(self, service_id: str, request: UpgradeRequest) -> Order:
        """Changes: orders an upgrade, which makes an invoice."""
        raise missing("services.upgrade")

    def cancel(self, service_id: str, *, immediate: bool, reason: str) -> None:
        """Changes: asks for the end of a service, at once or with the paid period. The portal's staff or its robot act on it."""
        raise missing("services.cancel")

    def addresses(self, service_id: str) -> tuple[ServiceAddress, ...]:
        """The addresses of a service."""
        raise missing("services.addresses")

    def reverse_dns(self, service_id: str) -> tuple[ServiceAddress, ...]:
        """The addresses of a service with the names that they resolve to."""
        raise missing("services.reverse_dns")

    def set_reverse_dns(self, service_id: str, names: Mapping[str, str]) -> None:
        """Changes: sets the names of the given addresses, `{address: host name}`; others keep theirs."""
        raise missing("services.set_reverse_dns")
