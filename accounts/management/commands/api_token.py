from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import audit, tokens
from accounts.models import ApiToken, User


class Command(BaseCommand):
    help = "Makes an API token for a person and prints it, this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--scope", choices=ApiToken.Scope.values, default=ApiToken.Scope.READ.value)
        parser.add_argument("--name", default="made on the command line")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"], is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody active signs in as {options['email']}.")
        token, text = tokens.make(user, scope=options["scope"], name=options["name"][:100])
        detail = {"scope": token.scope, "for": user.email}
        audit.record(None, audit.Event.TOKEN_MADE, subject=f"{token.prefix}…", detail=detail)
        self.stdout.write(text)
