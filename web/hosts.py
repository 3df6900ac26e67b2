"""Host names: kept in punycode, as DNS has them; shown in their own script."""

import idna
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from web import signs


def unicode_host(name: str) -> str:
    """The name as people write it. A label that is no valid IDNA 2008 name (or none at all) stays as it stands: what
    upstream sends may be made to deceive the eye."""
    return ".".join(_unicode_label(label) for label in name.split("."))


def _unicode_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return idna.decode(label)
    except UnicodeError:
        return label


def host(name: str) -> SafeString:
    """Unicode on the page, punycode on hover where the two differ."""
    shown = unicode_host(name)
    if shown == name:
        return format_html('<span class="mono">{}</span>', name)
    return format_html('<span class="mono" title="{}">{}</span>', name, shown)


def copied_host(name: str) -> SafeString:
    """The same with a button that copies the punycode: what every other tool takes."""
    return format_html(
        '<span class="hf-mono">{}<button class="hf-copy" type="button" data-hf-copy="{}" aria-label="{}" title="{}">{}'
        "</button></span>",
        host(name),
        name,
        gettext("Copy %(value)s") % {"value": name},
        gettext("Copy"),
        signs.icon("copy"),
    )
