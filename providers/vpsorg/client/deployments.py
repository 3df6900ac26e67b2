"""Deployments of code to machines. Seen at one public client; no family of the contract has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.vpsorg.client.group import Group, given


class Deployments(Group):
    def list_configs(self, *, page: int | None = None, page_size: int | None = None) -> Any:
        """GET /deploy-configs/: what is deployed where."""
        return self._list("/deploy-configs/", page, page_size)

    def create_config(self, fields: Mapping[str, Any]) -> Any:
        """POST /deploy-configs/. Changes: makes a configuration; its fields are documented nowhere and go as they are.
        400."""
        return self._change("POST", "/deploy-configs/", body=fields)

    def get_config(self, uuid: str) -> Any:
        """GET /deploy-configs/{uuid}/. 404."""
        return self._read("GET", "/deploy-configs/{uuid}/", uuid=uuid)

    def update_config(self, uuid: str, fields: Mapping[str, Any]) -> Any:
        """PUT /deploy-configs/{uuid}/. Changes the configuration to these fields. 400, 404."""
        return self._change("PUT", "/deploy-configs/{uuid}/", body=fields, uuid=uuid)

    def deploy(self, uuid: str, *, git_commit: str | None = None) -> Any:
        """POST /deploy-configs/{uuid}/deploy/ `{git_commit}`. Changes: begins a deployment of that commit and answers
        it. 404."""
        return self._change("POST", "/deploy-configs/{uuid}/deploy/", body=given(git_commit=git_commit), uuid=uuid)

    def environment(self, uuid: str) -> Any:
        """GET /deploy-configs/{uuid}/env/: the variables, which hold secrets. 404."""
        return self._read("GET", "/deploy-configs/{uuid}/env/", uuid=uuid)

    def set_environment(self, uuid: str, variables: Mapping[str, str]) -> Any:
        """POST /deploy-configs/{uuid}/env/ `{vars}`. Changes: sets the given variables. 400, 404."""
        return self._change("POST", "/deploy-configs/{uuid}/env/", body={"vars": dict(variables)}, uuid=uuid)

    def remove_variable(self, uuid: str, key: str) -> Any:
        """DELETE /deploy-configs/{uuid}/env/{key}/. Changes: removes one variable. 404."""
        return self._change("DELETE", "/deploy-configs/{uuid}/env/{key}/", uuid=uuid, key=key)

    def list(self, *, page: int | None = None, page_size: int | None = None) -> Any:
        """GET /deployments/: `status` is pending, running, completed, failed or cancelled."""
        return self._list("/deployments/", page, page_size)

    def get(self, uuid: str) -> Any:
        """GET /deployments/{uuid}/. 404."""
        return self._read("GET", "/deployments/{uuid}/", uuid=uuid)

    def cancel(self, uuid: str) -> Any:
        """POST /deployments/{uuid}/cancel/, without a body. Changes: stops a deployment that has not ended. 400,
        404."""
        return self._change("POST", "/deployments/{uuid}/cancel/", uuid=uuid)

    def logs(self, uuid: str) -> Any:
        """GET /deployments/{uuid}/logs/. 404."""
        return self._read("GET", "/deployments/{uuid}/logs/", uuid=uuid)
