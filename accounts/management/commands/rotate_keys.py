from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import audit, vault


class Command(BaseCommand):
    help = "Seals every secret in the database anew under the first key of HOLDFAST_VAULT_KEYS. May run while Holdfast works."

    def handle(self, *_args: Any, **_options: Any) -> None:
        done = vault.rotate()
        audit.record(
            None, audit.Event.KEYS_ROTATED, detail={"sealed_anew": done.sealed_anew, "unreadable": done.unreadable}
        )
        self.stdout.write(f"{done.sealed_anew} secrets sealed anew under the first key.")
        if done.moved:
            self.stdout.write(f"{done.moved} were replaced in the meantime, under the first key already.")
        if done.unreadable:
            raise CommandError(
                f"{done.unreadable} can't be opened with any of the keys and were left as they are. "
                "Keep the old keys until you have put the missing one back and run this again."
            )
