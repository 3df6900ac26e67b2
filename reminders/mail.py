"""Mail that leaves: whether there is a server at all, and what its refusals mean in words."""

from __future__ import annotations

import hashlib
import smtplib
import socket
import ssl
from email.utils import make_msgid, parseaddr
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

SMTP: Final = "django.core.mail.backends.smtp.EmailBackend"
_LONGEST_WORDS: Final = 200


class MailProblem(Exception):
    """A mail did not leave. The text is a sentence for staff and never holds the password."""


def configured() -> bool:
    """Whether mail can leave this machine at all: a console or dummy backend swallows it."""
    return bool(settings.HOLDFAST_MAIL_CONFIGURED) and settings.EMAIL_BACKEND == SMTP


def server() -> str:
    return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"


def one_line(text: object) -> str:
    """A name as it may stand in a header or a line of its own: line breaks, control and direction marks become blanks."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(text)).split())


def message_id(*identity: object) -> str:
    """The same for the same identity, so that a mail which leaves twice is folded into one by whoever receives it."""
    told = "\n".join(str(part) for part in (settings.HOLDFAST_BASE_URL, *identity))
    return f"<{hashlib.sha256(told.encode()).hexdigest()[:32]}@{_own_host()}>"


def send(to: str, subject: str, text: str, html: str = "", *, identity: str = "") -> None:
    """Hands one mail to the server. Raises MailProblem."""
    if not configured():
        raise MailProblem(_("No mail server is set up, so nothing was sent. Set EMAIL_URL and start again."))
    headers = {"Message-ID": identity or make_msgid(domain=_own_host()), "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(one_line(subject), text, to=[to], headers=headers)
    if html:
        message.attach_alternative(html, "text/html")
    try:
        message.send()
    except (OSError, ValueError) as error:
        raise MailProblem(sentence_of(error)) from error


def sentence_of(error: OSError | ValueError) -> str:
    """What went wrong and what to do; the SMTP library's errors are all OSErrors."""
    sentence = next(sentence for kind, sentence in _sentences() if isinstance(error, kind))
    return (sentence % {"server": server(), "words": _words(error)}).strip()


def _sentences() -> list[tuple[type[Exception], str]]:
    """The more special ones first."""
    not_taken = _("The mail server %(server)s did not take the mail. %(words)s")
    sender = _("The mail server %(server)s does not take mail from our sender. Check HOLDFAST_MAIL_FROM. %(words)s")
    tls = _(
        "No encrypted connection to the mail server %(server)s came about. Check its certificate, and whether EMAIL_URL "
        "should begin with smtp+tls:// or smtp+ssl://."
    )
    senseless = _("The mail could not be written: the sender or the address makes no sense. Check HOLDFAST_MAIL_FROM.")
    return [
        (smtplib.SMTPAuthenticationError, _("The mail server %(server)s refused the login given in EMAIL_URL.")),
        (smtplib.SMTPRecipientsRefused, _("The mail server %(server)s takes no mail for this address. %(words)s")),
        (smtplib.SMTPSenderRefused, sender),
        (smtplib.SMTPNotSupportedError, _("The mail server %(server)s lacks what EMAIL_URL asks for. %(words)s")),
        (smtplib.SMTPServerDisconnected, _("The mail server %(server)s hung up; the mail may have left all the same.")),
        (smtplib.SMTPException, not_taken),
        (ssl.SSLError, tls),
        (socket.gaierror, _("The name of the mail server %(server)s can't be found. Check EMAIL_URL.")),
        (TimeoutError, _("The mail server %(server)s did not answer in time.")),
        (ConnectionRefusedError, _("Nothing listens at the mail server's address %(server)s. Check EMAIL_URL.")),
        (OSError, _("The mail server %(server)s can't be reached.")),
        (ValueError, senseless),
    ]


def _words(error: Exception) -> str:
    """The server's own words. Never those after a login, which may repeat it."""
    told: object = ""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        told = next((f"{code} {_text(words)}" for code, words in error.recipients.values()), "")
    elif isinstance(error, smtplib.SMTPResponseException):
        told = f"{error.smtp_code} {_text(error.smtp_error)}"
    elif isinstance(error, smtplib.SMTPNotSupportedError):
        told = str(error)
    return _("It said: %(words)s") % {"words": one_line(told)[:_LONGEST_WORDS]} if told else ""


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def _own_host() -> str:
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return host if host.isascii() and host else "localhost"


def send_test(to: str) -> None:
    """Raises MailProblem."""
    where = settings.HOLDFAST_BASE_URL
    text = _("This is the test mail that was asked for at %(url)s. Reminders leave the same way.") % {"url": where}
    send(to, _("Test mail from Holdfast"), f"{text}\n")
