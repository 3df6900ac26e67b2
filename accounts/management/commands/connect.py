from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import connecting, tasks
from providers import registry

_WRONG_INPUT = 2
_LOGIN_FAILED = 1


def _known() -> str:
    return ", ".join(spec.key for spec in registry.specs())


class Command(BaseCommand):
    help = (
        "Connects a provider account. Reads the credential as JSON on standard input, tests it against the portal and prints "
        'the new account\'s id. Example: echo \'{"token": "..."}\' | manage.py connect vps-org "Our VPS"'
    )
    # The id must stand alone on standard output, also where a check has something to say.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("provider", help=f"one of: {_known()}")
        parser.add_argument("name", help="what the account is called in Holdfast")
        parser.add_argument("--base-url", default="", help="the API's address, when it is not the preset's")
        parser.add_argument("--auth", default="", help="basic, jwt or bearer; without it the preset's first")
        parser.add_argument("--demo", action="store_true", help="marks it as a demo account")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            spec = registry.spec(options["provider"])
        except KeyError:
            raise CommandError(
                f"There is no provider {options['provider']!r}. Known: {_known()}.",
                returncode=_WRONG_INPUT,
            ) from None
        try:
            name = connecting.clean_name(options["name"])
            login = connecting.Login.checked(spec, options["base_url"], options["auth"], self._credential())
            test = login.test()
            if not test.ok:
                raise CommandError(f"{test.sentence} {test.hint}".strip(), returncode=_LOGIN_FAILED)
            account = connecting.create_account(login, test, name=name, by=None, is_demo=options["demo"])
        except connecting.InputProblem as problem:
            raise CommandError(problem.sentence, returncode=_WRONG_INPUT) from None
        tasks.read_soon()
        self.stderr.write(f"{test.sentence} Connected as “{account.name}”.", self.style.NOTICE)
        self.stdout.write(str(account.pk))

    def _credential(self) -> dict[str, Any]:
        if sys.stdin.isatty():
            self.stderr.write("Type the credential as JSON, then Ctrl-D:", self.style.NOTICE)
        try:
            given = json.load(sys.stdin)
        except ValueError:
            given = None
        if not isinstance(given, dict):
            # Nothing of the input is repeated: it holds a secret.
            raise CommandError(
                'The credential is read as JSON on standard input: {"username": "...", "password": "..."} or {"token": "..."}.',
                returncode=_WRONG_INPUT,
            )
        return given
