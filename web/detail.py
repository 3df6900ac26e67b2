"""The page of one thing: title line, tabs with URLs, content. One URL a tab, each answers page or fragment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from web.htmx import render_page
from web.signs import ProviderBadge
from web.tones import Tone

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do with the thing: a link, with `dialog` opened in the dialog, with `post` a form of one button.

    `label` names the effect ('Renew example.com for 1 year, 12.99 USD'). `danger` stands last in the menu.
    """

    label: Words
    url: str
    icon: str = ""
    dialog: bool = False
    post: bool = False
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something is older than it should be or may not be trusted, as a sentence, and the way out of it.

    `stays`: the action is answered by a toast, so the reader stays on the page.
    """

    tone: Tone
    text: Words
    action: Action | None = None
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Age:
    """How old what a page shows is: 'as of 3 minutes ago', and why it is no younger. `detail` is told on hover."""

    as_of: datetime | None
    tone: Tone
    detail: str = ""
    troubles: Sequence[Trouble] = ()
    late_at: datetime | None = None
    """When a page that stands open shows by itself that this is older than it should be."""


@dataclass(frozen=True, slots=True)
class TitleLine:
    """Name, status, days, provider, customer, age of the data, one primary action, the rest in a menu."""

    name: str
    mono: bool = False
    status: tuple[Tone | str, Words] | None = None
    days: str = ""
    """A chip from web.signs.days()."""
    badge: ProviderBadge | None = None
    account_name: str = ""
    account_url: str = ""
    customer: Words = ""
    customer_url: str = ""
    facts: Sequence[Words] = ()
    read_at: datetime | None = None
    read_every: timedelta | None = None
    age: Age | None = None
    """Instead of `read_at`, with the reason and the way out."""
    back: tuple[Words, str] | None = None
    """(label, url) of the list it belongs to."""
    primary: Action | None = None
    menu: Sequence[Action] = ()

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Part:
    """A tab that another app serves whole: the body `PART`, with this as `part` in its context."""

    url: str
    label: Words
    lines: int = 6


PART = "web/_part.html"


@dataclass(frozen=True, slots=True)
class Tab:
    slug: str
    label: Words
    url: str
    count: int | None = None


def render_detail(
    request: HttpRequest,
    *,
    title: TitleLine,
    body: str,
    tabs: Sequence[Tab] = (),
    current: str = "",
    context: dict[str, Any] | None = None,
    page_template: str = "web/detail_page.html",
) -> HttpResponse:
    """The page, or for htmx the tabs with the body of the `current` one. `body` is a fragment template of the app."""
    return render_page(
        request,
        page_template,
        "web/_detail.html",
        {**(context or {}), "title": title, "tabs": tabs, "current": current, "body": body},
    )
