"""Public keys for new machines. Seen."""

from __future__ import annotations

from typing import Any

from providers.vpsorg.client.group import Group


class SshKeys(Group):
    def list(self, *, page: int | None = None, page_size: int | None = None) -> Any:
        """GET /ssh-keys/: `uuid`, `name`, `fingerprint`, `created_at`, `last_used_at`."""
        return self._list("/ssh-keys/", page, page_size)

    def create(self, *, name: str, public_key: str) -> Any:
        """POST /ssh-keys/ with `public_key` as in authorized_keys. Changes: keeps a key. Answers it. 400."""
        return self._change("POST", "/ssh-keys/", body={"name": name, "public_key": public_key})

    def delete(self, uuid: str) -> Any:
        """DELETE /ssh-keys/{uuid}/. Changes: forgets a key; machines that have it keep it. Answers 204. 404."""
        return self._change("DELETE", "/ssh-keys/{uuid}/", uuid=uuid)
