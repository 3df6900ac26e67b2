"""`{% load hf %}`: the signs and pieces of the page kit. docs/web.md shows each in use."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField
from django.http import HttpRequest
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from web import dates, links, money, nav, signs
from web.shell import Shell
from web.tones import Tone

register = template.Library()


@register.simple_tag
def icon(name: str, large: bool = False) -> SafeString:
    return signs.icon(name, large=large)


@register.simple_tag
def tone(value: Tone | str, label: object) -> SafeString:
    return signs.tone(value, label)


@register.simple_tag
def mark(value: Tone | str, label: object) -> SafeString:
    return signs.mark(value, label)


@register.simple_tag
def days(day: date | None, over: str = "expired", lead: str = "") -> SafeString:
    return signs.days(day, over=over, lead=lead)


@register.simple_tag(name="money")
def money_tag(amount: Decimal | None, currency: str | None) -> SafeString:
    return signs.sum_of(amount, currency)


@register.simple_tag
def provider(badge: Any, name: str = "", short: bool = False) -> SafeString:
    """`badge` has `letters`, `hue` and `name`; an account's own name may stand instead of the provider's."""
    return signs.provider(badge.letters, badge.hue, name or badge.name, short=short)


@register.simple_tag
def mono(value: object, copy: bool = True) -> SafeString:
    return signs.mono(value, copy=copy)


@register.simple_tag
def ago(when: datetime | None, never: str = "") -> SafeString:
    return signs.ago(when, never=never)


@register.simple_tag
def progress(done: int, total: int | None, label: object) -> SafeString:
    return signs.progress(done, total, label)


@register.simple_tag
def freshness(as_of: datetime | None, interval: timedelta | int | None = None, lead: str = "") -> SafeString:
    """When something was read: fine within two intervals (a timedelta or minutes), soon within six, then urgent."""
    if as_of is None:
        return signs.tone(Tone.UNKNOWN, gettext("never read"))
    step = interval if isinstance(interval, timedelta) else timedelta(minutes=interval or 60)
    age = datetime.now(UTC) - as_of
    value = Tone.FINE if age <= 2 * step else Tone.SOON if age <= 6 * step else Tone.URGENT
    return signs.tone(value, format_html("<span>{} {}</span>", lead or gettext("Read"), signs.ago(as_of)))


@register.filter
def figure(amount: Decimal | None, currency: str | None) -> str:
    """The number alone, where its code stands elsewhere (a column of one currency); empty when it is not known."""
    return money.figure(amount, currency) if amount is not None else ""


@register.filter
def exact_day(day: date | None) -> str:
    return dates.exact_day(day) if day else gettext("date unknown")


@register.filter
def exact_instant(when: datetime | None) -> str:
    return dates.exact_instant(when) if when else gettext("never")


@register.inclusion_tag("web/_empty.html")
def empty_state(
    title: object,
    text: object,
    action: object = "",
    url: str = "",
    icon_name: str = "box",
    level: int = 2,
    quiet: bool = False,
) -> dict[str, Any]:
    """Nothing here: what would be here, how to get it here, one button (`quiet`: not the filled one of the page)."""
    return {
        "title": title,
        "text": text,
        "action": action,
        "url": url,
        "icon": icon_name,
        "level": level,
        "quiet": quiet,
    }


@register.inclusion_tag("web/_lazy.html")
def lazy(url: str, label: object, lines: int = 3, trigger: str = "load") -> dict[str, Any]:
    """A part that another app serves: loaded after the page, with a skeleton meanwhile and a way to try again."""
    return {"url": url, "label": label, "lines": range(lines), "trigger": trigger}


@register.inclusion_tag("web/_field.html")
def field(bound: Any, hint: str = "") -> dict[str, Any]:
    """One form field with its label, hint and errors."""
    return {"field": bound, "hint": hint or bound.help_text}


@register.simple_tag(takes_context=True)
def nav_links(context: Context) -> list[nav.NavLink]:
    shell = context.get("shell") or Shell()
    return nav.links(context["request"], shell)


@register.simple_tag(takes_context=True)
def scoped(context: Context, url: str) -> str:
    """This URL with the scope of the page on screen."""
    request = context.get("request")
    return links.in_scope(request, url) if isinstance(request, HttpRequest) else url


@register.simple_tag(takes_context=True)
def params(context: Context, **changes: Any) -> str:
    """`?...` of this page with some parameters set or (None) removed."""
    return links.with_params(context["request"].GET, **changes)


@register.simple_tag
def url_if(name: str, *args: Any) -> str:
    """The URL of a page that may not exist in this installation: empty then."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.filter
def message_tone(message: Message) -> str:
    """The tone of a flash; Django's own levels count as ours."""
    own = (message.extra_tags or "").split()
    return (
        own[0] if own and own[0] in set(Tone) else {"error": "broken", "warning": "soon"}.get(message.level_tag, "fine")
    )


@register.filter
def in_error(fields: Iterable[BoundField]) -> list[BoundField]:
    """Those of these fields that were filled in wrongly."""
    return [bound for bound in fields if bound.errors]


@register.filter
def initials(name: str) -> str:
    """MK for Mette Kjær, A for alice@example.com."""
    words = [word for word in name.split("@", maxsplit=1)[0].replace(".", " ").split() if word]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"
