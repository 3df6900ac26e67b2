"""What a portal can do is found out by asking it; people can have that done anew."""

from __future__ import annotations

from django.utils import timezone

from accounts import gateway
from accounts.models import ProviderAccount, User
from sync.ask import ask
from sync.due import ensure_schedules
from sync.models import Run, Schedule


def ask_what_it_can(account: ProviderAccount, *, user: User) -> list[Run]:
    """Forgets what was learned of the portal; the next run asks it, and what it lacked is tried again. Returns that run; nothing is
    forgotten of an account that is not read."""
    if account.state != ProviderAccount.State.ACTIVE:
        return []
    schedules = ensure_schedules(account)
    gateway.forget_capabilities(account)
    lacking = Schedule.objects.filter(account=account, supported=False)
    lacking.update(next_due_at=timezone.now())
    # One kind is enough: whoever speaks to the portal hears what it can do.
    first = min((row for row in schedules if row.supported), key=lambda row: row.pk, default=None)
    return ask(account, [first.kind], user=user, full=False) if first is not None else []
