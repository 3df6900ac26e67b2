"""`{% load domain_signs %}`: the facts of a domain as its page shows them."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from actions.models import Action
from actions.words import status_of, tone_of
from domains import words
from domains.models import Domain, Zone
from web import dates, hosts, money, signs
from web.money import Totals
from web.tones import Tone

register = template.Library()

register.simple_tag(hosts.host, name="host")
register.simple_tag(hosts.copied_host, name="copied_host")


register.filter("in_own_script", hosts.unicode_host)


@register.filter
def spoken(totals: Totals) -> str:
    """'155.88 USD and 1,299,000 VND': sums of different currencies stand side by side."""
    told = [money.plain(amount, currency) for currency, amount in totals.items()]
    if len(told) < 2:
        return "".join(told)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(told[:-1]), "last": told[-1]}


@register.simple_tag
def action_tone(action: Action) -> SafeString:
    """How an action stands: mark and word."""
    return signs.tone(tone_of(action), status_of(action))


@register.simple_tag
def day_fact(domain: Domain, column: str) -> SafeString:
    """A day in full. What upstream last sent may make no sense: hatched, with the last good day where there was one."""
    day: date | None = getattr(domain, column)
    doubted = column in domain.resource.unreadable
    if day is None and not doubted:
        return not_said()
    known = (
        format_html('<time datetime="{}">{}</time>', day.isoformat(), dates.exact_day(day)) if day else signs.NOTHING
    )
    if not doubted:
        return known
    doubt = signs.tone(Tone.UNKNOWN, gettext("unreadable now, last read as") if day else gettext("unreadable"))
    return format_html("{} {}", doubt, known)


@register.simple_tag
def lapse_fact(domain: Domain, column: str) -> SafeString:
    """The same with its days left, for a day on which the domain lapses."""
    day, fact = getattr(domain, column), day_fact(domain, column)
    return fact if day is None or words.has_left(domain) else format_html("{} {}", fact, signs.days(day))


@register.simple_tag
def hosted(zone: Zone) -> SafeString:
    return signs.tone(zone.resource.tone, words.hosted(zone))


@register.simple_tag
def renewal_fact(domain: Domain) -> SafeString:
    tone, said = words.auto_renew(domain, timezone.localdate())
    return signs.tone(tone, said) if tone else not_said()


@register.simple_tag
def switch(value: bool | None) -> SafeString:  # a template reads it
    """Something that is on or off upstream, or of which upstream says nothing."""
    if value is None:
        return not_said()
    return signs.tone(Tone.FINE, gettext("On")) if value else format_html("{}", gettext("Off"))


def not_said() -> SafeString:
    return format_html('<span class="faint">{}</span>', gettext("not said"))
