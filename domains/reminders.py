"""What falls due of domains: the earlier of the registry's expiry and the provider's own due date."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from domains import words
from reminders.declare import Lapsing, registry
from sync.models import Kind, Resource


class DomainLapsing(Lapsing):
    what = "domains"
    kind = Kind.DOMAINS
    label = _("Domains")
    related = ("domain",)

    def staying(self) -> Q:
        return ~Q(domain__status__in=words.LEFT)

    def doubtful(self) -> Q:
        return Q(due_on=None) | Q(unreadable__overlap=list(words.DATES))

    def renewal(self, resource: Resource) -> str:
        return str(words.auto_renew(resource.domain, timezone.localdate())[1])

    def lapse_within(self, count: int, days: int) -> str:
        if days == 0:
            told = ngettext("%(n)d domain lapses today", "%(n)d domains lapse today", count)
        else:
            told = ngettext(
                "%(n)d domain lapses within %(days)d days", "%(n)d domains lapse within %(days)d days", count
            )
        return told % {"n": count, "days": days}

    def expired(self, count: int) -> str:
        return ngettext("%(n)d domain expired", "%(n)d domains expired", count) % {"n": count}


registry.add(DomainLapsing())
