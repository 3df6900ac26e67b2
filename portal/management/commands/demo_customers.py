from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from portal.tasks import assign_demo_customers


class Command(BaseCommand):
    help = "Gives the demo's things to demo customers once the first sync has brought them. FILE: the sandbox's customers.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        assign_demo_customers.delay(str(options["file"].absolute()))
