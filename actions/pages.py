"""What pages that file an action share: the hidden key against double posts, and the answer once it is filed."""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from actions.filing import Filed
from web.forms import Form
from web.htmx import close_dialog, flash, hx_redirect, toast, trigger

FILED = "hf:actions-changed"
"""Sent to the page when an action was filed: its list of actions asks again."""


def new_key() -> str:
    """A fresh idempotency key: made when the form is drawn, so that a second click or the back button brings the same one."""
    return uuid4().hex


class KeyedForm(Form):
    """Base of forms that file an action."""

    key = forms.CharField(widget=forms.HiddenInput, initial=new_key, max_length=64)


def filed_answer(request: HttpRequest, filed: Filed, *, back: str) -> HttpResponse:
    """Closes the dialog and says what was filed, with a link to it; without htmx the same on the page at `back`."""
    url = reverse("actions:action-detail", args=[filed.action.pk])
    said = _("Filed: %(what)s.") if filed.is_new else _("This was filed before: %(what)s.")
    text = said % {"what": filed.action.summary}
    if request.headers.get("HX-Request") != "true":
        flash(request, text)
        return hx_redirect(request, back)
    return trigger(toast(close_dialog(), text, link=(_("See the action"), url)), FILED)
