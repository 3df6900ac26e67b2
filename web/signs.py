"""The markup of the small signs that pages, tables and fragments share: one function a sign, each returns safe HTML.

Templates reach them through `{% load hf %}`; columns call them directly.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from web import dates, money
from web.icons import KNOWN
from web.tones import Tone

HUES = frozenset({"cv", "ds", "vo", "other"})
NOTHING = mark_safe("")


@dataclass(frozen=True, slots=True)
class ProviderBadge:
    """Two letters and a steady hue (`cv`, `ds`, `vo` or `other`), so that a row tells at a glance whose it is."""

    letters: str
    hue: str
    name: str


def icon(name: str, *, large: bool = False) -> SafeString:
    """A decorative icon: hidden from screen readers, so the control around it needs words of its own."""
    if name not in KNOWN:
        raise ValueError(f"No icon named {name!r}: add it to web/icons.py and cut the sprite again.")
    return format_html(
        '<svg class="hf-i{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        " hf-i-lg" if large else "",
        static("icons.svg"),
        name,
    )


def hidden(words: object) -> SafeString:
    """Words for screen readers only."""
    return format_html('<span class="hf-hide">{}</span>', words)


def tone(value: Tone | str, label: object) -> SafeString:
    """Status = a mark whose shape differs as well as its hue, and a word."""
    return format_html('<span class="hf-tone {}">{}</span>', Tone(value).value, label)


def mark(value: Tone | str, label: object) -> SafeString:
    """The mark alone, where the words stand elsewhere."""
    return format_html('<span class="hf-mark {}" role="img" aria-label="{}"></span>', Tone(value).value, label)


def days(day: date | None, *, over: str = "expired", lead: str = "", beside: bool = False) -> SafeString:
    """A days-left chip. `lead` stands before the words of a day to come ('lapses'); `beside` adds the short date."""
    left = dates.days_left(day, over=over)
    tone_class = f" {left.tone.value}" if left.tone else ""
    ahead = day is not None and left.tone is not Tone.BROKEN
    words = f"{lead} {left.words}" if lead and ahead else left.words
    if day is None:
        return format_html('<span class="hf-days{}" title="{}">{}</span>', tone_class, left.exact, words)
    chip = format_html(
        '<time class="hf-days{}" datetime="{}" title="{}">{}{}</time>',
        tone_class,
        day.isoformat(),
        left.exact,
        words,
        hidden(f", {left.exact}"),
    )
    if not beside:
        return chip
    return format_html('{}<span class="hf-when" aria-hidden="true">{}</span>', chip, dates.short_day(day))


def sum_of(amount: Decimal | None, currency: str | None) -> SafeString:
    """The figure with its code after it; an unnamed currency and an unknown amount are said as such."""
    if amount is None:
        return format_html('<span class="faint">{}</span>', gettext("not said"))
    code: object = currency or format_html(
        '<abbr title="{}">{}</abbr>', gettext("The provider names no currency"), gettext("no currency")
    )
    return format_html('{}<span class="hf-code">{}</span>', money.figure(amount, currency), code)


def provider(letters: str, hue: str, name: str, *, short: bool = False) -> SafeString:
    return format_html(
        '<span class="hf-prov {}" title="{}"><b aria-hidden="true">{}</b><span{}>{}</span></span>',
        hue if hue in HUES else "other",
        name,
        letters,
        mark_safe(' class="hf-hide"') if short else NOTHING,
        name,
    )


def mono(value: object, *, copy: bool = True) -> SafeString:
    """A host name, record, address or number to be read letter by letter, with a button that copies it."""
    if value is None or value == "":
        return format_html('<span class="faint">{}</span>', gettext("not said"))
    text = format_html('<span class="mono">{}</span>', value)
    if not copy:
        return text
    return format_html(
        '<span class="hf-mono">{}<button class="hf-copy" type="button" data-hf-copy="{}" aria-label="{}" title="{}">{}'
        "</button></span>",
        text,
        value,
        gettext("Copy %(value)s") % {"value": value},
        gettext("Copy"),
        icon("copy"),
    )


def ago(when: datetime | None, *, never: str = "") -> SafeString:
    """A relative time that stays right while the page is open, the absolute one on hover."""
    if when is None:
        return format_html('<span class="faint">{}</span>', never or gettext("never"))
    return format_html(
        '<time datetime="{}" title="{}" data-hf-ago>{}</time>',
        when.isoformat(timespec="seconds"),
        dates.exact_instant(when),
        dates.relative(when),
    )


def progress(done: int, total: int | None, label: object) -> SafeString:
    """A bar with its counts; without a total it moves without promising an end."""
    if total:
        counts = gettext("%(done)d of %(total)d") % {"done": done, "total": total}
        bar = format_html('<progress max="{}" value="{}" aria-label="{}"></progress>', total, min(done, total), label)
    else:
        counts = str(done) if done else ""
        bar = format_html('<progress aria-label="{}"></progress>', label)
    return format_html('<span class="hf-progress"><span>{}</span>{}<span>{}</span></span>', label, bar, counts)
