from __future__ import annotations

from typing import Final

from celery import shared_task

from accounts import states
from accounts.models import ProviderAccount

_SLICE_SECONDS: Final = 100.0


@shared_task
def finish_deleting(account_id: int) -> None:
    if not states.finish_deleting(account_id, seconds=_SLICE_SECONDS):
        finish_deleting.delay(account_id)


@shared_task
def sweep_deletions() -> None:
    """Takes up what a lost task left half deleted."""
    for account_id in ProviderAccount.objects.filter(state=ProviderAccount.State.DELETING).values_list("pk", flat=True):
        finish_deleting.delay(account_id)
