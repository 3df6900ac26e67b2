"""What can be decided about a virtual machine: to reboot it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actions.declare import ActionKind, Expectation, Finding, Refused, Sending, Step, Verdict, registry
from actions.models import Action, Stage, State
from providers.contract import Provider
from providers.resources import MachineDetail, MachineStatus
from services.queries import lacking
from services.words import MACHINE
from sync.declare import family
from sync.models import Resource

LOOK_AGAIN = timedelta(seconds=15)


class MachineReboot(ActionKind):
    """Never sent twice: no portal tells when a machine was started, so a lost answer can't be settled by looking."""

    name = "machine.reboot"
    label = gettext_lazy("Reboot a virtual machine")
    capability = "services.reboot"

    def lacks(self, resource: Resource) -> str:
        service = lacking(resource, self.capability)
        if not service:
            return ""
        return _(
            "The module of its service %(service)s has no reboot, so it can only be done in the portal itself."
        ) % {"service": service}

    def clean(self, resource: Resource, parameters: Mapping[str, Any]) -> dict[str, Any]:
        if parameters:
            raise Refused(_("A reboot takes no parameters."), code="invalid")
        return {}

    def summary(self, resource: Resource, parameters: Mapping[str, Any]) -> str:
        return _("Reboot %(name)s") % {"name": resource.name}

    def guard(self, resource: Resource, parameters: Mapping[str, Any]) -> str:
        """Two people who press at once file one reboot; the next one is free as soon as this one is settled."""
        settled = Action.objects.filter(kind=self.name, resource=resource, state=State.SUCCEEDED).count()
        return f"after {settled}"

    def check(self, provider: Provider, sending: Sending) -> None:
        machine = _machine(provider, sending)
        if machine.status in (MachineStatus.STOPPED, MachineStatus.SUSPENDED):
            raise Refused(
                _("%(name)s is %(status)s, so there is nothing to reboot. Nothing was sent.")
                % {"name": machine.name, "status": str(MACHINE[machine.status]).lower()}
            )

    def send(self, provider: Provider, sending: Sending) -> Mapping[str, Any]:
        family(provider.services).reboot(_id(sending))
        return {}

    def reconcile(self, provider: Provider, sending: Sending) -> Finding:
        status = MACHINE[_machine(provider, sending).status]
        return Finding(
            Verdict.CANT_TELL,
            _("The machine is %(status)s now; whether it restarted, its portal does not tell. Look at its uptime.")
            % {"status": str(status).lower()},
        )

    def follow(self, provider: Provider, sending: Sending, result: Mapping[str, Any]) -> Step:
        """Done when it runs again."""
        machine = _machine(provider, sending)
        if machine.status is MachineStatus.RUNNING:
            return Step(Stage.DONE, _("%(name)s runs.") % {"name": machine.name})
        words = _("%(name)s is %(status)s.") % {"name": machine.name, "status": str(MACHINE[machine.status]).lower()}
        return Step(Stage.NONE, words, again=LOOK_AGAIN)

    def expectations(self, sending: Sending) -> Sequence[Expectation]:
        if sending.resource is None:
            return ()
        return [Expectation(sending.resource, field) for field in ("status", "upstream_status")]


def _id(sending: Sending) -> str:
    if sending.resource is None:
        raise Refused(_("The machine is gone from the mirror; nothing was sent."))
    return sending.resource.upstream_id


def _machine(provider: Provider, sending: Sending) -> MachineDetail:
    return family(provider.services).machine(_id(sending))


registry.add(MachineReboot())
