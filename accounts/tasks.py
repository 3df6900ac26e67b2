from __future__ import annotations

from functools import partial
from typing import Final

import structlog
from celery import current_app, shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from accounts import leaving, states
from accounts.models import LeftLogin, ProviderAccount

log = structlog.get_logger(__name__)

_SLICE_SECONDS: Final = 100.0
_LOOK: Final = "sync.tasks.tick"
"""By name, because the engine that reads accounts stands above this room."""


@shared_task
def finish_deleting(account_id: int) -> None:
    if not states.finish_deleting(account_id, seconds=_SLICE_SECONDS):
        _file(account_id)


@shared_task
def sign_out() -> None:
    leaving.leave_all()


@shared_task
def sweep_deletions() -> None:
    """Takes up what a lost task left half deleted, or signed in."""
    if LeftLogin.objects.exists():
        _sign_out()
    for account_id in ProviderAccount.objects.filter(state=ProviderAccount.State.DELETING).values_list("pk", flat=True):
        _file(account_id)


def read_soon() -> None:
    """Has what is due read now, once the account is committed, and not with the next beat up to a minute later."""
    transaction.on_commit(_look)


def _look() -> None:
    try:
        current_app.send_task(_LOOK, retry=False)
    except OperationalError as error:
        log.warning("look_not_filed", error=str(error))  # the next beat looks


def delete_later(account_id: int) -> None:
    """Files the deletion of an account for which it has begun, and the sign-out at its portal, once that is committed."""
    transaction.on_commit(partial(_file, account_id))
    sign_out_soon()


def sign_out_soon() -> None:
    """Files the sign-out of logins that were replaced or whose account is deleted, once that is committed."""
    transaction.on_commit(_sign_out)


def _sign_out() -> None:
    try:
        sign_out.delay()
    except OperationalError as error:
        log.warning("sign_out_not_filed", error=str(error))  # the sweep files it again


def _file(account_id: int) -> None:
    try:
        finish_deleting.delay(account_id)
    except OperationalError as error:
        log.warning("deletion_not_filed", account_id=account_id, error=str(error))  # the sweep files it again
