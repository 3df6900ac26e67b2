"""Forms: errors under their field and summed up on top, and the typed confirmation of what can't be undone."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from web.htmx import render_page


class FormRenderer:
    """Gives Django's own widgets the look; mixed into a form class before forms.Form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            dress(field.widget)


def dress(widget: forms.Widget) -> None:
    """Tabler's classes for a widget. Checkboxes and radios have theirs; a hidden one needs none."""
    if isinstance(widget, forms.CheckboxInput):
        css = "form-check-input"
    elif isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return
    elif isinstance(widget, forms.Select):
        css = "form-select"
    else:
        css = "form-control"
    widget.attrs["class"] = f"{widget.attrs.get('class', '')} {css}".strip()


class Form(FormRenderer, forms.Form):
    pass


class ConfirmNameForm(Form):
    """Asks for the name of what is about to be deleted, to be typed as it stands."""

    name = forms.CharField(label=_("Name"), strip=True)

    def __init__(self, *args: Any, expected: str, **kwargs: Any) -> None:
        self.expected = expected
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Type %(name)s to confirm") % {"name": expected}
        self.fields["name"].widget.attrs |= {
            "autocomplete": "off",
            "autocapitalize": "off",
            "spellcheck": "false",
            "data-hf-expected": expected,
        }

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if name != self.expected:
            raise forms.ValidationError(_("This is not the name. Nothing was deleted."), code="other_name")
        return name


def render_dialog(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A dialog for htmx, the same on a page of its own without. `template` extends web/dialog.html.

    Answer an invalid form with `status=422`: the dialog stays open and shows the errors.
    """
    return render_page(
        request, "web/dialog_page.html", template, {**(context or {}), "dialog": template}, status=status
    )
