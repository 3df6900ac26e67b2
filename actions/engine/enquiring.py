"""Asks upstream what a person wanted to know, and keeps the answer sealed for a while."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import gateway, sealing
from accounts.errors import VaultError
from actions.counting import Speak, counted
from actions.declare import EnquiryKind, Refused, registry
from actions.limits import limits
from actions.models import Enquiry
from providers.errors import ProviderError
from sync.engine.clean import clean_text, plain

log = structlog.get_logger(__name__)


def answer(enquiry_id: int, *, speak: Speak = gateway.speaking_to) -> None:
    """Asks, if nobody else does. Never raises for the enquiry's own trouble: that is in the ledger."""
    enquiry = _take(enquiry_id)
    if enquiry is None:
        return
    bound = {"enquiry_id": enquiry.pk, "account_id": enquiry.account_id, "enquiry_kind": enquiry.kind}
    if enquiry.request_id:
        bound["request_id"] = enquiry.request_id
    with structlog.contextvars.bound_contextvars(**bound):
        kind = registry.enquiries.get(enquiry.kind)
        if kind is None or enquiry.resource is None:
            _fail(enquiry, _("This kind of question is no longer installed here."), "not_installed")
            return
        try:
            _ask(enquiry, kind, speak)
        except Refused as refused:
            _fail(enquiry, refused.sentence, refused.code)
        except ProviderError as error:
            _fail(enquiry, error.sentence, error.code)
        except VaultError as error:
            _fail(enquiry, str(error), "sealed")
        except Exception as error:  # written down; the log has the traceback
            log.exception("enquiry_crashed")
            _fail(enquiry, _("Holdfast itself failed at it (%(error)s).") % {"error": type(error).__name__}, "crashed")


def _take(enquiry_id: int) -> Enquiry | None:
    until = timezone.now() + timedelta(seconds=limits().enquiry_lease_seconds)
    waiting = Enquiry.objects.filter(pk=enquiry_id, state=Enquiry.State.QUEUED)
    if not waiting.update(state=Enquiry.State.RUNNING, generation=F("generation") + 1, lease_until=until):
        return None
    return Enquiry.objects.select_related("account", "resource__account").get(pk=enquiry_id)


def _ask(enquiry: Enquiry, kind: EnquiryKind, speak: Speak) -> None:
    assert enquiry.resource is not None  # noqa: S101  # looked at by the caller; mypy does not see it
    with counted(speak, enquiry.account, enquiry.kind) as provider:
        if not provider.can(kind.capability):
            raise Refused(_("The portal does not offer that in its API (any more)."), code="not_supported")
        told = plain(kind.ask(provider, enquiry.resource, enquiry.parameters))
    now = timezone.now()
    keep = min(kind.keep, timedelta(seconds=limits().answer_longest_seconds))
    _mine(
        enquiry,
        state=Enquiry.State.ANSWERED,
        sealed_answer=sealing.seal(enquiry.account, f"enquiry:{enquiry.pk}", {"answer": told}),
        answered_at=now,
        expires_at=now + keep,
    )


def _fail(enquiry: Enquiry, sentence: str, code: str) -> None:
    _mine(
        enquiry,
        state=Enquiry.State.FAILED,
        error=clean_text(sentence, 1000),
        error_code=code[:40],
        answered_at=timezone.now(),
    )


def _mine(enquiry: Enquiry, **columns: object) -> None:
    """Written only while the claim is this worker's."""
    held = Enquiry.objects.filter(pk=enquiry.pk, generation=enquiry.generation, state=Enquiry.State.RUNNING)
    if not held.update(lease_until=None, **columns):
        log.info("lease_lost")
