"""Testing a login before it is kept, within a bounded time, with a result in words for the page, the command and the API."""

from __future__ import annotations

import contextvars
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from accounts import gateway, metrics
from accounts.stores import NoLimiter, PassingMemory, PassingTokens
from providers.contract import Connection, ProviderSpec
from providers.errors import (
    AuthenticationFailed,
    MalformedResponse,
    NotFound,
    NotSupported,
    PermissionDenied,
    ProviderError,
    RateLimited,
    Unavailable,
)
from providers.resources import Profile

log = structlog.get_logger(__name__)

PATIENCE: Final = 25.0
"""Seconds that a person waits at most."""


@dataclass(frozen=True, slots=True)
class ConnectionTest:
    """What came of trying a login. `code` is ok, wrong_credential, no_such_host, refused, private_address, not_an_api, tls,
    rate_limited, timeout, permission, server_error or other. `sentence` says what happened, `hint` what to do."""

    ok: bool
    code: str
    sentence: str
    hint: str = ""
    profile: Profile | None = None
    capabilities: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    upstream_words: str = ""
    tokens: Mapping[str, Any] | None = field(default=None, repr=False)
    """The access tokens of the sign-in that went well, so that the account need not sign in a second time."""


def try_login(
    spec: ProviderSpec, base_url: str, auth: str, credential: Mapping[str, str], *, patience: float = PATIENCE
) -> ConnectionTest:
    """Signs in and reads whose login it is. Changes nothing and never raises a ProviderError."""
    tokens = PassingTokens()
    connection = Connection(
        account_name="",
        base_url=base_url,
        auth=auth,
        credential=credential,
        time_zone=spec.time_zone,
        tokens=tokens,
        memory=PassingMemory(),
        limiter=NoLimiter(),
        allowed_upstreams=tuple(settings.HOLDFAST_ALLOWED_UPSTREAMS),
        on_call=lambda call: metrics.count("test", call),
        headers=gateway.request_headers(),
    )

    def ask() -> ConnectionTest:
        provider = spec.connect(connection)
        try:
            profile = provider.test()
            return ConnectionTest(
                ok=True,
                code="ok",
                sentence=_("Signed in as %(who)s.") % {"who": profile.email or profile.name or profile.id},
                profile=profile,
                capabilities=tuple(sorted(provider.capabilities)),
                notes=provider.notes,
                tokens=tokens.load(),
            )
        except ProviderError as error:
            return explain(error)
        finally:
            provider.close()

    return _within(patience, ask)


def _within(seconds: float, ask: Callable[[], ConnectionTest]) -> ConnectionTest:
    """The transport bounds each call; a sign-in may take several. What is late ends by itself in its daemon thread."""
    answers: queue.SimpleQueue[ConnectionTest | Exception] = queue.SimpleQueue()
    context = contextvars.copy_context()

    def work() -> None:
        try:
            answers.put(context.run(ask))
        except Exception as error:  # noqa: BLE001  # raised again in the thread that waits
            answers.put(error)

    threading.Thread(target=work, name="holdfast-connection-test", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        return explain(Unavailable("", cause="timeout"))
    if isinstance(answer, Exception):
        raise answer
    return answer


def explain(error: ProviderError) -> ConnectionTest:
    """The result of a test that failed."""
    code = _code_of(error)
    sentence, hint = _words(code)
    if isinstance(error, RateLimited):
        sentence = _("The portal asks us to wait %(seconds)d seconds: too many calls or sign-ins.") % {
            "seconds": max(1, round(error.retry_after))
        }
    return ConnectionTest(
        ok=False,
        code=code,
        sentence=sentence or error.sentence,
        hint=hint,
        upstream_words=error.upstream_words,
    )


_BY_CAUSE: Final = {
    "name": "no_such_host",
    "refused": "refused",
    "tls": "tls",
    "timeout": "timeout",
    "private_address": "private_address",
    "server_error": "server_error",
}
_BY_CLASS: Final[tuple[tuple[type[ProviderError], str], ...]] = (
    (AuthenticationFailed, "wrong_credential"),
    (PermissionDenied, "permission"),
    (RateLimited, "rate_limited"),
    (MalformedResponse, "not_an_api"),
    (NotFound, "not_an_api"),
    (NotSupported, "not_an_api"),
)


def _code_of(error: ProviderError) -> str:
    if isinstance(error, Unavailable):
        return _BY_CAUSE.get(error.cause, "other")
    return next((code for kind, code in _BY_CLASS if isinstance(error, kind)), "other")


def _words(code: str) -> tuple[str, str]:
    """What happened and what to do next; empty where only the error itself can tell."""
    return {
        "wrong_credential": (
            _("The portal refused this login."),
            _("Check that it works in the portal itself. Several wrong attempts may lock it there for a while."),
        ),
        "permission": (
            _("The login is good, but it may not read the account's profile."),
            _("In the portal, give this login or token access to the API."),
        ),
        "no_such_host": (_("There is no host of this name."), _("Check the API address for a typing mistake.")),
        "refused": (
            _("The host exists, but nothing answers at this port."),
            _("Check the API address and its port; a firewall in between does the same."),
        ),
        "private_address": (
            _("The API address leads into a private network, so nothing was sent."),
            _("If that is meant, an operator lists it in HOLDFAST_ALLOWED_UPSTREAMS and restarts Holdfast."),
        ),
        "not_an_api": (
            _("Something answers there, but it is not the portal's API."),
            _("The address of the API often ends in /api; the address of the web pages does not work."),
        ),
        "tls": (
            _("No secure connection could be made: the host's certificate is not valid for this address."),
            _("Check the API address; if it is right, the portal's operator has to renew or mend the certificate."),
        ),
        "rate_limited": ("", _("Wait that long before you test again; nothing was stored.")),
        "timeout": (
            _("The portal did not answer in time."),
            _("It may be busy or down. Nothing was stored; try again in a few minutes."),
        ),
        "server_error": (
            _("The portal answered that it has a fault of its own."),
            _("Nothing was stored; try again in a few minutes."),
        ),
    }.get(code, ("", _("Nothing was stored.")))
