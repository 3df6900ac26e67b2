from __future__ import annotations

import secrets
from typing import Any, Final

import environ
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts import people
from accounts.locks import LockSpace, advisory_lock
from accounts.models import User

_DEFAULT_EMAIL: Final = "admin@localhost.localdomain"


class Command(BaseCommand):
    help = (
        "Makes the first administrator from HOLDFAST_ADMIN_EMAIL and HOLDFAST_ADMIN_PASSWORD (or their _FILE twins), with a "
        "generated password when there is none. Does nothing when there is an administrator."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        with advisory_lock(LockSpace.FIRST_ADMINISTRATOR, 0, timeout=30):
            if User.objects.filter(is_superuser=True, is_active=True).exists():
                return
            read = environ.FileAwareEnv()  # type: ignore[no-untyped-call]  # ships no types
            email = str(read("HOLDFAST_ADMIN_EMAIL", default="")).strip().lower() or _DEFAULT_EMAIL
            given = str(read("HOLDFAST_ADMIN_PASSWORD", default="")).strip()
            password = given or secrets.token_urlsafe(12)
            self._check(email, password)
            people.make_first_administrator(email, password)
        self.stdout.write(f"administrator: {email}")
        if not given:
            self.stdout.write(f"password: {password}")

    def _check(self, email: str, password: str) -> None:
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"HOLDFAST_ADMIN_EMAIL is no e-mail address: {email!r}.") from None
        try:
            validate_password(password, User(email=email))
        except ValidationError as error:
            raise CommandError("HOLDFAST_ADMIN_PASSWORD does not do: " + " ".join(error.messages)) from None
