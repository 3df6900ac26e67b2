from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from reminders.models import Rule, Subscription
from web.forms import Form

MOST: Final = 20
FARTHEST: Final = 365


class DistancesField(forms.CharField):
    """'60, 30, 7, 0, -1': days before the day, negative after; kept from far to near, each once."""

    def clean(self, value: Any) -> list[int]:
        text = str(super().clean(value)).replace("−", "-")
        parts = [part for part in re.split(r"[,;\s]+", text) if part]
        if any(not re.fullmatch(r"-?[0-9]{1,4}", part) for part in parts):
            raise forms.ValidationError(
                _("Write whole numbers of days with commas between them, such as 30, 7, 0, -1.")
            )
        found = sorted({int(part) for part in parts}, reverse=True)
        if len(found) > MOST:
            raise forms.ValidationError(_("At most %(most)d distances.") % {"most": MOST})
        if any(abs(days) > FARTHEST for days in found):
            raise forms.ValidationError(_("At most %(days)d days before or after.") % {"days": FARTHEST})
        return found


class RuleForm(Form):
    active = forms.BooleanField(label=_("Remind of domains"), required=False)
    distances = DistancesField(
        label=_("Days before the day they lapse"),
        max_length=200,
        help_text=_(
            "0 is the day itself, -1 the day after. A distance that was missed is not made up for: the nearest counts."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "mono"}),
    )

    def __init__(self, *args: Any, rule: Rule, **options: Any) -> None:
        told = {"active": rule.active, "distances": ", ".join(str(days) for days in rule.distances)}
        super().__init__(*args, initial=told, **options)


class SubscriptionForm(Form):
    active = forms.BooleanField(label=_("Mail me a digest on days when something is due"), required=False)
    hour = forms.TypedChoiceField(
        label=_("At"), coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(24)], required=True
    )

    def __init__(self, *args: Any, subscription: Subscription, zone: str, **options: Any) -> None:
        super().__init__(*args, initial={"active": subscription.active, "hour": subscription.hour}, **options)
        self.fields["hour"].help_text = _("In your time zone, %(zone)s; change it in your profile.") % {"zone": zone}
