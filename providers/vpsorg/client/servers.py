"""Virtual machines. Seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from providers.vpsorg.client.group import Group, given

PowerAction = Literal["start", "stop", "restart", "hard_stop"]


class Servers(Group):
    def list(self, *, page: int | None = None, page_size: int | None = None) -> Any:
        """GET /servers/: machines with `uuid`, `hostname`, `status`, addresses and the names of location, plan and
        system."""
        return self._list("/servers/", page, page_size)

    def create(
        self, *, hostname: str, location: int, plan: str, os_version: str, ssh_keys: Sequence[str] | None = None
    ) -> Any:
        """POST /servers/. Changes: makes a machine, charged to the balance.

        `location` is the integer id of a location, `plan` the uuid of a plan, `os_version` that of a version of an
        operating system, `ssh_keys` uuids of keys. Answers the machine; its root `password` is shown in this answer and
        never again. 400, 402.
        """
        body = given(
            hostname=hostname,
            location=location,
            plan=plan,
            os_version=os_version,
            ssh_keys=None if ssh_keys is None else [*ssh_keys],
        )
        return self._change("POST", "/servers/", body=body)

    def get(self, uuid: str) -> Any:
        """GET /servers/{uuid}/: one machine with nested `location`, `plan` (`ram`, `ram_unit`, `cpu`, `disk_space`),
        `operating_system` and `operating_system_version`. 404."""
        return self._read("GET", "/servers/{uuid}/", uuid=uuid)

    def delete(self, uuid: str) -> Any:
        """DELETE /servers/{uuid}/. Changes: deletes a machine for good. Answers 204. 404."""
        return self._change("DELETE", "/servers/{uuid}/", uuid=uuid)

    def power(self, uuid: str, action: PowerAction) -> Any:
        """POST /servers/{uuid}/power/ `{action}`. Changes: start, stop (shuts down), restart or hard_stop (takes the
        power). 400 in a state from which it can't be done, 404."""
        return self._change("POST", "/servers/{uuid}/power/", body={"action": action}, uuid=uuid)

    def backup(self, uuid: str) -> Any:
        """POST /servers/{uuid}/backup/, without a body. Changes: begins a backup. 404."""
        return self._change("POST", "/servers/{uuid}/backup/", uuid=uuid)

    def snapshot(self, uuid: str, *, label: str | None = None) -> Any:
        """POST /servers/{uuid}/snapshot/ `{label}`. Changes: begins a snapshot. 404."""
        return self._change("POST", "/servers/{uuid}/snapshot/", body=given(label=label), uuid=uuid)

    def resize(self, uuid: str, *, plan: str) -> Any:
        """POST /servers/{uuid}/resize/ `{plan}`. Changes: moves a machine to the plan with this uuid, at its price; may
        restart it. 400, 402, 404."""
        return self._change("POST", "/servers/{uuid}/resize/", body={"plan": plan}, uuid=uuid)
