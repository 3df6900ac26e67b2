from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.db.models import QuerySet
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts import connecting
from accounts.models import ApiToken, Customer, ProviderAccount, User
from accounts.roles import Role
from accounts.spelling import one_spelling
from providers.contract import AuthMethod, CredentialField, ProviderSpec
from web.forms import Form, FormRenderer, dress

if TYPE_CHECKING:
    # Only django-stubs knows ModelForm as generic.
    class CustomerModelForm(forms.ModelForm[Customer]): ...

    class UserModelForm(forms.ModelForm[User]): ...
else:
    CustomerModelForm = UserModelForm = forms.ModelForm

COMMON_ZONES: Final = (
    "UTC", "Europe/Copenhagen", "Europe/Berlin", "Europe/London", "Europe/Paris", "Europe/Madrid", "Europe/Stockholm",
    "Europe/Warsaw", "Europe/Athens", "Europe/Kyiv", "Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata", "Asia/Bangkok",
    "Asia/Ho_Chi_Minh", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "America/New_York", "America/Chicago",
    "America/Los_Angeles", "America/Sao_Paulo",
)  # fmt: skip
ROLE_WORDS: Final = {
    Role.ADMINISTRATOR: _("Administrator: accounts, credentials, people"),
    Role.STAFF: _("Staff: sees everything that is open to staff, and acts"),
    Role.READER: _("Reader: sees, changes nothing"),
}


class ZoneField(forms.CharField):
    """A time zone by its name; the page offers the common ones in `<datalist id="zones">`."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"})
        super().__init__(**{"max_length": 64, "label": _("Time zone"), "widget": widget, **options})

    def clean(self, value: Any) -> str:
        name = str(super().clean(value))
        try:
            return connecting.clean_time_zone(name)
        except connecting.InputProblem as problem:
            raise forms.ValidationError(problem.sentence) from None


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _(
            "This e-mail address and password do not fit together. Capital letters count in the password."
        ),
        "inactive": _("This person was deactivated. Ask an administrator."),
    }

    def clean_username(self) -> str:
        # One spelling, so that the lock counts every attempt for the same person.
        return one_spelling(self.cleaned_data["username"])


class LoginForm(Form):
    """The address and the credential fields that the sign-in method declares; `login()` is what they amount to."""

    base_url = forms.CharField(
        label=_("API address"),
        max_length=500,
        help_text=_("A host alone is completed."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "off", "spellcheck": "false"}),
    )
    auth = forms.ChoiceField(label=_("Sign-in method"))

    def __init__(self, data: QueryDict | None = None, *, spec: ProviderSpec, auth: str = "", **options: Any) -> None:
        self.spec = spec
        self.method = self._method((data.get("auth", "") if data else "") or auth)
        super().__init__(data, **options)
        methods = self.fields["auth"]
        methods.choices = [(method.key, method.label) for method in spec.auth_methods]  # type: ignore[attr-defined]  # a ChoiceField
        methods.initial = self.method.key
        if len(spec.auth_methods) == 1:
            methods.widget = forms.HiddenInput()
        for declared in self.method.fields:
            field = self.fields[f"credential_{declared.name}"] = _credential_field(declared)
            dress(field.widget)

    def _method(self, key: str) -> AuthMethod:
        known = {method.key: method for method in self.spec.auth_methods}
        return known.get(key, self.spec.auth_methods[0])

    @property
    def credential_fields(self) -> list[BoundField]:
        return [self[f"credential_{declared.name}"] for declared in self.method.fields]

    def login(self) -> connecting.Login | None:
        """The checked login; None, with the errors at their fields, when it makes no sense."""
        given = {declared.name: self.cleaned_data[f"credential_{declared.name}"] for declared in self.method.fields}
        try:
            return connecting.Login.checked(self.spec, self.cleaned_data["base_url"], self.method.key, given)
        except connecting.InputProblem as problem:
            self.problem(problem)
            return None

    def problem(self, problem: connecting.InputProblem) -> None:
        """Puts a sentence at the field that it is about."""
        names = (problem.field, f"credential_{problem.field}")
        self.add_error(next((name for name in names if name in self.fields), None), problem.sentence)


def _credential_field(declared: CredentialField) -> forms.Field:
    attrs = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
    widget: forms.Widget = forms.TextInput(attrs=attrs)
    if declared.secret or declared.kind == "password":
        # Browsers ignore "off" for passwords; this keeps them from filling in the person's own one for Holdfast.
        widget = forms.PasswordInput(attrs={**attrs, "autocomplete": "new-password"}, render_value=False)
    elif declared.kind == "email":
        widget = forms.EmailInput(attrs=attrs)
    return forms.CharField(
        label=declared.label,
        help_text=declared.help,
        required=declared.required,
        strip=not declared.secret,
        max_length=4000,
        widget=widget,
    )


class ConnectForm(LoginForm):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What this account is called in Holdfast."))
    time_zone = ZoneField(label=_("Portal's time zone"), help_text=_("The portal's times are read in it."))
    open_to_staff = forms.BooleanField(label=_("All staff may see this account"), required=False, initial=True)
    field_order = ["name", "base_url", "auth"]

    def clean_name(self) -> str:
        try:
            return connecting.clean_name(self.cleaned_data["name"])
        except connecting.InputProblem as problem:
            raise forms.ValidationError(problem.sentence) from None


class AccountForm(Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    time_zone = ZoneField(label=_("Portal's time zone"), help_text=_("The portal's times are read in it."))
    rate_per_minute = forms.IntegerField(
        label=_("Calls a minute at most"), required=False, min_value=1, max_value=100_000
    )
    concurrency = forms.IntegerField(label=_("Calls at once at most"), required=False, min_value=1, max_value=100)
    open_to_staff = forms.BooleanField(label=_("All staff may see this account"), required=False)
    share_with = forms.ModelMultipleChoiceField(
        label=_("Otherwise shared with"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Administrators see every account."),
    )

    def __init__(self, *args: Any, account: ProviderAccount, spec: ProviderSpec, **options: Any) -> None:
        initial = {
            name: getattr(account, name)
            for name in ("name", "time_zone", "rate_per_minute", "concurrency", "open_to_staff")
        }
        initial["share_with"] = list(account.shares.values_list("user_id", flat=True))
        super().__init__(*args, initial=initial, **options)
        self.account = account
        self.fields["share_with"].queryset = _colleagues()  # type: ignore[attr-defined]  # a ModelMultipleChoiceField
        for name, standard in (("rate_per_minute", spec.rate_per_minute), ("concurrency", spec.concurrency)):
            self.fields[name].help_text = _("Empty means %(standard)d.") % {"standard": standard}

    def clean_name(self) -> str:
        try:
            return connecting.clean_name(self.cleaned_data["name"], of=self.account)
        except connecting.InputProblem as problem:
            raise forms.ValidationError(problem.sentence) from None


def _colleagues() -> QuerySet[User]:
    return (
        User.objects.filter(is_active=True, groups__name__in=[Role.STAFF.value, Role.READER.value])
        .distinct()
        .order_by("email")
    )


class CustomerForm(FormRenderer, CustomerModelForm):
    class Meta:
        model = Customer
        fields = ["name", "email", "notes"]
        widgets = {"notes": forms.Textarea(attrs={"rows": 4})}


class InviteForm(Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    role = forms.ChoiceField(
        label=_("Role"), choices=[(role.value, words) for role, words in ROLE_WORDS.items()], initial=Role.STAFF.value
    )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("This person is here already; change their role in the list."))
        return email


class RoleForm(Form):
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        choices=[("", _("None: sees nothing")), *((role.value, words) for role, words in ROLE_WORDS.items())],
        widget=forms.RadioSelect,
    )


class ProfileForm(FormRenderer, UserModelForm):
    time_zone = ZoneField(help_text=_("Times are shown in it."))

    class Meta:
        model = User
        fields = ["name", "time_zone"]


class PasswordForm(FormRenderer, PasswordChangeForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["new_password1"].help_text = " ".join(password_validators_help_texts())
        # It stands below other things on its page, which should not scroll away by itself.
        self.fields["old_password"].widget.attrs.pop("autofocus", None)


class TokenForm(Form):
    name = forms.CharField(
        label=_("What it is for"), max_length=100, help_text=_("So that you know it again: “backup script”.")
    )
    scope = forms.ChoiceField(
        label=_("It may"), choices=ApiToken.Scope.choices, widget=forms.RadioSelect, initial=ApiToken.Scope.READ
    )
