from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from reminders.models import Rule
from sandbox.mail import MailCatcher


@pytest.fixture(autouse=True)
def _rule_of_the_migration(request: pytest.FixtureRequest) -> None:
    """An earlier test's flush takes what the migration made, and which tests come earlier is pytest's to decide."""
    if request.node.get_closest_marker("django_db") is not None:
        request.getfixturevalue("_django_db_helper")
        Rule.objects.get_or_create(what="domains")


@pytest.fixture
def mails(settings: Settings) -> Iterator[MailCatcher]:
    """A real mail server, and settings as EMAIL_URL would make them for it."""
    with MailCatcher() as catcher:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", catcher.smtp_port
        settings.HOLDFAST_MAIL_CONFIGURED = True
        settings.HOLDFAST_BASE_URL = "https://desk.example"
        settings.DEFAULT_FROM_EMAIL = "Holdfast <holdfast@desk.example>"
        yield catcher
