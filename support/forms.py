from django import forms
from django.utils.translation import gettext_lazy as _

from actions.pages import KeyedForm


class ReplyForm(KeyedForm):
    """The body is judged by the action's own rules, so that page and API say the same."""

    body = forms.CharField(label=_("Your reply"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 6}))
