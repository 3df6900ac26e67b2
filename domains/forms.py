"""What is confirmed and written on the pages of domains and zones."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from actions.pages import KeyedForm
from web.forms import Form

MOST_YEARS: Final = 10


def years_choices() -> list[tuple[int, object]]:
    return [(years, ngettext_lazy("%d year", "%d years", years) % years) for years in range(1, MOST_YEARS + 1)]


class RenewForm(KeyedForm):
    """`price` and `currency` are what the page showed, the most that is paid. `expires_on` is the day that it showed: who presses
    after another's renewal took effect has not decided about the next one."""

    years = forms.TypedChoiceField(label=_("For"), choices=years_choices, coerce=int, initial=1)
    price = forms.DecimalField(widget=forms.HiddenInput, max_digits=18, decimal_places=4, min_value=0)
    currency = forms.CharField(widget=forms.HiddenInput, max_length=3, min_length=3)
    expires_on = forms.DateField(widget=forms.HiddenInput, input_formats=["%Y-%m-%d"])
    use_credit = forms.BooleanField(label=_("Pay it from the account's credit"), required=False)


class PickForm(KeyedForm):
    """The domains of the bulk bar."""

    pick = forms.CharField(widget=forms.MultipleHiddenInput)


TYPES: Final = ("A", "AAAA", "CNAME", "MX", "TXT", "SRV", "CAA", "NS", "ALIAS", "PTR", "TLSA", "SSHFP", "DS")


class RecordForm(Form):
    """One record as somebody writes it; what is wrong with it, `domains.dns.edits` says."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=255,
        help_text=_("Without the zone; @ or nothing for the zone itself."),
    )
    type = forms.ChoiceField(label=_("Type"))
    content = forms.CharField(label=_("Value"), strip=True, max_length=16_000, widget=forms.Textarea(attrs={"rows": 2}))
    priority = forms.IntegerField(
        label=_("Priority"),
        required=False,
        min_value=0,
        max_value=65535,
        help_text=_("For MX and SRV; the lowest is asked first."),
    )
    ttl = forms.IntegerField(
        label=_("TTL, in seconds"), required=False, min_value=1, max_value=2**31 - 1,
        help_text=_("How long caches may keep it; nothing for the portal's own."),
    )  # fmt: skip

    def __init__(self, *args: Any, sets_ttl: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = str(self.initial.get("type", ""))
        types = TYPES if given in TYPES or not given else (given, *TYPES)
        self.fields["type"].choices = [(each, each) for each in types]  # type: ignore[attr-defined]  # a ChoiceField
        for field in ("name", "content"):
            self.fields[field].widget.attrs |= {
                "class": "form-control mono",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        if not sets_ttl:
            self.fields["ttl"].disabled = True
            self.fields["ttl"].help_text = _("This portal sets the TTL of these records itself.")


class ApplyForm(KeyedForm):
    """What is sent with a plan: the zone that was seen, and why."""

    checksum = forms.CharField(widget=forms.HiddenInput, max_length=16)
    comment = forms.CharField(label=_("Why, for the history"), required=False, max_length=300)
    override = forms.BooleanField(required=False)
