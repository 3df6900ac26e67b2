"""Who hears of what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from accounts.models import ProviderAccount, User
from accounts.roles import may_act, role_of
from reminders.clock import local_day, slot, zone_of
from reminders.models import DEFAULT_HOUR, Subscription


@dataclass(frozen=True, slots=True)
class Recipient:
    user: User
    hour: int
    zone: ZoneInfo
    accounts: frozenset[int]
    """Those whose things they are told about."""

    def today(self, now: datetime) -> date:
        return local_day(now, self.zone)

    def slot(self, now: datetime) -> date:
        return slot(now, self.hour, self.zone)


def subscription_of(user: User) -> Subscription:
    """What the person chose, or what holds until they choose; not saved."""
    found = Subscription.objects.filter(user=user).first()
    return found or Subscription(user=user, active=may_act(user), hour=DEFAULT_HOUR)


def recipients() -> list[Recipient]:
    """Everybody who gets digests. A few queries a person, however many things there are."""
    found = []
    for user in User.objects.filter(is_active=True).exclude(email="").order_by("pk"):
        recipient = recipient_of(user)
        if recipient is not None:
            found.append(recipient)
    return found


def recipient_of(user: User) -> Recipient | None:
    """None when the person gets no digest: switched off, deactivated, without a role."""
    if role_of(user) is None or not user.email:
        return None
    chosen = subscription_of(user)
    if not chosen.active:
        return None
    return Recipient(user, chosen.hour, zone_of(user.time_zone), told_about(user))


def told_about(user: User) -> frozenset[int]:
    """The accounts that the person may see. The demo's only while they see no real one, and not when it is switched off."""
    seen = ProviderAccount.objects.visible_to(user).countable()
    return frozenset(seen.exclude(is_demo=True, state=ProviderAccount.State.PAUSED).values_list("pk", flat=True))
