"""The navigation, in the order of the day. An item whose page does not exist yet is left out by itself."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from web.links import in_scope
from web.shell import NavCount, Shell


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str | Promise
    url_name: str
    icon: str
    count_key: str = ""
    five: bool = False
    """Stands in the phone's bottom bar; the rest waits behind 'more'."""
    key: str = ""
    """`g` then this letter goes there."""
    setup: bool = False
    """Below the line: what is set up rather than watched."""


@dataclass(frozen=True, slots=True)
class NavLink:
    item: NavItem
    url: str
    current: bool
    count: NavCount | None


ITEMS: list[NavItem] = [
    NavItem(_("Overview"), "portal:overview", "home", five=True, key="o"),
    NavItem(_("Domains"), "domains:domain-list", "world", "domains", five=True, key="d"),
    NavItem(_("Services"), "services:service-list", "server-2", "services", key="s"),
    NavItem(_("Certificates"), "services:certificate-list", "certificate", "certificates", key="e"),
    NavItem(_("Billing"), "billing:invoice-list", "receipt-2", "billing", five=True, key="b"),
    NavItem(_("Support"), "support:ticket-list", "message-circle", "support", five=True, key="t"),
    NavItem(_("Calendar"), "portal:calendar", "calendar-event", "calendar", key="c"),
    NavItem(_("Actions"), "actions:action-list", "checklist", "actions", five=True, key="a"),
    NavItem(_("Accounts"), "accounts:account-list", "plug-connected", "accounts", key="u", setup=True),
    NavItem(_("Contacts"), "profiles:contact-list", "id", "contacts", key="n", setup=True),
    NavItem(_("Customers"), "accounts:customer-list", "users", "customers", key="m", setup=True),
    NavItem(_("Reminders"), "reminders:reminder-list", "bell", "reminders", key="r", setup=True),
    NavItem(_("Settings"), "portal:settings", "settings", key=",", setup=True),
]


def links(request: HttpRequest, shell: Shell) -> list[NavLink]:
    """The items that resolve, the one whose URL is the longest beginning of this page's path being the current one."""
    found: list[tuple[NavItem, str]] = []
    for item in ITEMS:
        try:
            found.append((item, reverse(item.url_name)))
        except NoReverseMatch:
            continue
    inside = [url for _item, url in found if request.path == url or (url != "/" and request.path.startswith(url))]
    current = max(inside, key=len, default="")
    return [
        NavLink(item, in_scope(request, url), url == current, shell.counts.get(item.count_key)) for item, url in found
    ]
