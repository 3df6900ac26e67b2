"""Forms for what is ours on a mirrored thing (customer, tags, notes), and for how often an account is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, User
from sync import words
from sync.intervals import KindPlan, Plan
from sync.models import Resource
from web.forms import Form, dress

LONGEST_KEY = 18
LONGEST_TAG = 40
MOST_TAGS = 20
MOST_AT_ONCE = 10_000


def picked(data: QueryDict) -> list[int]:
    """The primary keys of the ticked rows, as the bulk bar posts them; what is no key is left out."""
    keys = (each for each in data.getlist("pick") if each.isdecimal() and len(each) <= LONGEST_KEY)
    return [int(key) for key in keys][:MOST_AT_ONCE]


class AssignForm(Form):
    customer = forms.ModelChoiceField(
        label=_("Customer"), queryset=Customer.objects.none(), required=False, empty_label=_("nobody (take it away)")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = Customer.objects.visible_to(user)  # type: ignore[attr-defined]


class OursForm(Form):
    """Customer, tags and notes of one thing. Upstream knows nothing of them."""

    customer = forms.ModelChoiceField(
        label=_("Customer"), queryset=Customer.objects.none(), required=False, empty_label=_("nobody")
    )
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=1000, help_text=_("Separated by commas, for your own order.")
    )
    notes = forms.CharField(
        label=_("Notes"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, user: User, resource: Resource, **kwargs: Any) -> None:
        ours = {"customer": resource.customer_id, "tags": ", ".join(resource.tags), "notes": resource.notes}
        super().__init__(*args, initial=ours, **kwargs)
        self.fields["customer"].queryset = Customer.objects.visible_to(user)  # type: ignore[attr-defined]

    def clean_tags(self) -> list[str]:
        typed = [tag.strip() for tag in str(self.cleaned_data["tags"]).split(",")]
        tags = list(dict.fromkeys(tag for tag in typed if tag))
        if len(tags) > MOST_TAGS:
            raise forms.ValidationError(_("At most %(most)s tags, please.") % {"most": MOST_TAGS})
        if any(len(tag) > LONGEST_TAG for tag in tags):
            raise forms.ValidationError(_("A tag has at most %(most)s characters.") % {"most": LONGEST_TAG})
        return tags


CHOICES = tuple(
    timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080)
)


class IntervalsForm(Form):
    """How often each kind of an account is read: a choice a kind, the first one its default."""

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        for each in plan.kinds:
            spans = sorted({*CHOICES, *([each.interval] if each.own else [])} - {each.default})
            standard = _("%(every)s (standard)") % {"every": words.every(each.default)}
            self.fields[each.kind.value] = field = forms.ChoiceField(
                label=each.kind.label,
                required=False,
                choices=[("", standard), *((str(int(span.total_seconds())), words.every(span)) for span in spans)],
                initial=str(int(each.interval.total_seconds())) if each.own else "",
            )
            dress(field.widget)

    @property
    def chosen(self) -> dict[str, timedelta | None]:
        """By kind, as far as it is valid; None is the default."""
        values = getattr(self, "cleaned_data", {})
        return {kind: timedelta(seconds=int(value)) if value else None for kind, value in values.items()}

    def refuse(self, reasons: Mapping[str, str]) -> None:
        """Says why nothing was set; what concerns all kinds together stands above them."""
        for kind, sentence in reasons.items():
            self.add_error(kind or None, sentence)

    def rows(self, plan: Plan) -> list[tuple[forms.BoundField, KindPlan]]:
        """Each field with what it costs in `plan`."""
        return [(self[each.kind.value], each) for each in plan.kinds]
