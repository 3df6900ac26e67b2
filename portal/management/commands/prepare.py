"""Everything a start needs from Django, in one process, because starting Django is what takes the time."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal import heartbeats


class Command(BaseCommand):
    help = "Brings database and static files up to date and makes the first administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--static-only", action="store_true", help="only collect the static files (for an image)")
        demo = parser.add_mutually_exclusive_group()
        demo.add_argument("--demo", type=Path, metavar="DIR", help="the sandbox's folder: connect its accounts")
        demo.add_argument(
            "--pause-demo", action="store_true", help="stop reading the sandbox's accounts, if there are any"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["static_only"]:
            self._collect_static()
            return
        # What the steps say goes to the log; standard output carries the administrator's sign-in alone.
        call_command("migrate", interactive=False, stdout=sys.stderr)
        self._collect_static()
        heartbeats.forget()
        call_command("ensure_admin", stdout=self.stdout)
        if options["demo"]:
            call_command("demo", "connect", stdout=sys.stderr)
            call_command("demo_customers", options["demo"] / "customers.json", stdout=sys.stderr)
        elif options["pause_demo"]:
            call_command("demo", "pause", stdout=sys.stderr)

    def _collect_static(self) -> None:
        stamp = Path(settings.STATIC_ROOT) / ".collected"
        state = _static_state()
        if stamp.exists() and stamp.read_text() == state:
            return
        call_command("collectstatic", interactive=False, clear=True, stdout=sys.stderr)
        stamp.write_text(state)


def _static_state() -> str:
    """Changes with every file of ours and every version of a library."""
    digest = sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for package in sorted(f"{found.name}=={found.version}" for found in distributions()):
        digest.update(package.encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            seen = Path(storage.path(name)).stat()
            digest.update(f"{name}:{seen.st_size}:{int(seen.st_mtime)}\n".encode())
    return digest.hexdigest()
