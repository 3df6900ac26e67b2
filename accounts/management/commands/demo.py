from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import environ
from django.core.management.base import BaseCommand, CommandError

from accounts import demo


class Command(BaseCommand):
    help = "The demo's accounts: connect (from HOLDFAST_SANDBOX_URLS or --file; may run again), pause or remove them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["connect", "pause", "remove"])
        parser.add_argument(
            "--file", type=Path, help="a file with the sandbox's JSON, instead of HOLDFAST_SANDBOX_URLS"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["what"] == "pause":
            self.stdout.write(f"{demo.pause()} demo accounts paused.")
        elif options["what"] == "remove":
            self.stdout.write(f"{demo.remove()} demo accounts removed, with everything that hung on them.")
        else:
            self._connect(options["file"])

    def _connect(self, file: Path | None) -> None:
        try:
            read = environ.FileAwareEnv()  # type: ignore[no-untyped-call]  # ships no types
            wanted = demo.load_urls(file, str(read("HOLDFAST_SANDBOX_URLS", default="")))
            sentences = demo.connect(wanted)
        except demo.DemoProblem as problem:
            raise CommandError(str(problem)) from None
        for sentence in sentences:
            self.stdout.write(sentence)
