from django import forms
from django.utils.translation import gettext_lazy as _

from actions.settling import LONGEST_NOTE
from web.forms import Form


class SettleForm(Form):
    why = forms.CharField(
        label=_("How do you know?"),
        max_length=LONGEST_NOTE,
        help_text=_("What you saw in the portal: an order number, an invoice, a new date. It stays in the log."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
