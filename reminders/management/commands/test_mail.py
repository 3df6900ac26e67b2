from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from reminders import mail


class Command(BaseCommand):
    help = "Sends a test mail, the way reminders leave."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            validate_email(options["address"])
            mail.send_test(options["address"])
        except ValidationError:
            raise CommandError(f"{options['address']} is no e-mail address.") from None
        except mail.MailProblem as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"The mail server {mail.server()} took the test mail for {options['address']}.")
