from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from sandbox.mail import MailCatcher


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
