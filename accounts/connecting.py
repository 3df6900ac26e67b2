"""What the page, the command, the API and the demo share: checking what was typed, keeping a login that was tested."""

from __future__ import annotations

import dataclasses
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import audit, gateway, leaving
from accounts.models import ProviderAccount, User
from accounts.probe import ConnectionTest, try_login
from accounts.stores import DatabaseTokenStore
from providers import registry
from providers.contract import AuthMethod, ProviderSpec
from providers.errors import InvalidRequest

_LONGEST_VALUE: Final = 4000
_HINT_LENGTH: Final = 4
_SHORTEST_HINTED: Final = 12


class InputProblem(ValueError):
    """Something typed makes no sense. `field` is where; the text is a sentence for the person."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Login:
    """A login as it was typed and checked, not yet tried. `repr` shows no secret."""

    spec: ProviderSpec
    base_url: str
    auth: str
    credential: Mapping[str, str] = field(repr=False)

    @classmethod
    def checked(cls, spec: ProviderSpec, base_url: str, auth: str, credential: Mapping[str, Any]) -> Login:
        """Raises InputProblem."""
        method = auth_method(spec, auth)
        return cls(spec, complete_base_url(spec, base_url), method.key, clean_credential(method, credential))

    def test(self) -> ConnectionTest:
        return try_login(self.spec, self.base_url, self.auth, self.credential)

    @property
    def hint(self) -> str:
        """Which login it is, for people: what is not secret in it, else the last four characters."""
        fields = self.spec.auth_method(self.auth).fields
        for declared in fields:
            if not declared.secret and self.credential.get(declared.name):
                return self.credential[declared.name][:200]
        secret = next((self.credential[declared.name] for declared in fields if self.credential.get(declared.name)), "")
        return f"…{secret[-_HINT_LENGTH:]}" if len(secret) >= _SHORTEST_HINTED else ""


def auth_method(spec: ProviderSpec, key: str) -> AuthMethod:
    """The method of that name, the preset's first one when none is named. Raises InputProblem."""
    if not key:
        return spec.auth_methods[0]
    try:
        return spec.auth_method(key)
    except KeyError:
        known = ", ".join(method.key for method in spec.auth_methods)
        raise InputProblem(
            "auth", _("%(provider)s signs in by: %(methods)s.") % {"provider": spec.label, "methods": known}
        ) from None


def complete_base_url(spec: ProviderSpec, text: str) -> str:
    """The API address as it is stored, the preset's own when nothing was typed. Raises InputProblem."""
    try:
        return registry.complete_base_url(spec, text, allowed_upstreams=settings.HOLDFAST_ALLOWED_UPSTREAMS)
    except InvalidRequest as error:
        raise InputProblem("base_url", error.sentence) from None


def clean_credential(method: AuthMethod, given: Mapping[str, Any]) -> dict[str, str]:
    """The credential with exactly the fields that the method declares. Raises InputProblem; its text repeats no value."""
    unknown = sorted(set(given) - {declared.name for declared in method.fields})
    if unknown:
        known = ", ".join(declared.name for declared in method.fields)
        raise InputProblem("credential", _("A credential of this kind has the fields %(fields)s.") % {"fields": known})
    cleaned: dict[str, str] = {}
    for declared in method.fields:
        value = given.get(declared.name) or ""
        if not isinstance(value, str):
            raise InputProblem(declared.name, _("%(field)s must be text.") % {"field": declared.label})
        value = value if declared.kind == "password" else value.strip()
        if not value and declared.required:
            raise InputProblem(declared.name, _("%(field)s is missing.") % {"field": declared.label})
        if len(value) > _LONGEST_VALUE or "\x00" in value:
            raise InputProblem(
                declared.name, _("%(field)s is too long or holds unfit characters.") % {"field": declared.label}
            )
        if value:
            cleaned[declared.name] = value
    return cleaned


def clean_time_zone(name: str) -> str:
    """Raises InputProblem."""
    if name not in zoneinfo.available_timezones():
        raise InputProblem("time_zone", _("There is no time zone of this name; one is Europe/Copenhagen."))
    return name


def clean_name(name: str, *, of: ProviderAccount | None = None) -> str:
    """An account's name, not taken by another one. Raises InputProblem."""
    name = " ".join(name.split())
    if not name or len(name) > 120 or "\x00" in name:
        raise InputProblem("name", _("Give the account a name of at most 120 characters."))
    taken = ProviderAccount.objects.filter(name__iexact=name)
    if of is not None:
        taken = taken.exclude(pk=of.pk)
    if taken.exists():
        raise InputProblem(
            "name", _("There is an account named “%(name)s” already. Give this one another name.") % {"name": name}
        )
    return name


def create_account(
    login: Login, test: ConnectionTest, *, name: str, by: User | None, **columns: Any
) -> ProviderAccount:
    """Keeps a login whose test went well as an account of Holdfast. Raises InputProblem when the name was taken meanwhile."""
    account = ProviderAccount(
        provider=login.spec.key,
        name=clean_name(name),
        base_url=login.base_url,
        **{"time_zone": login.spec.time_zone, "created_by": by, **columns},
    )
    _take_over(account, login, test)
    try:
        with transaction.atomic():
            account.save()
            audit.record(by, audit.Event.ACCOUNT_CONNECTED, account=account, detail=_told(account))
    except IntegrityError:
        clean_name(name)
        raise
    _keep_tokens(account, test)
    return account


def replace_login(account: ProviderAccount, login: Login, test: ConnectionTest, *, by: User | None) -> None:
    """Puts a login whose test went well in the place of the old one, the address with it. A refused account is active again.

    The caller files `tasks.sign_out_soon`, which ends the old login's tokens.
    """
    with transaction.atomic():
        before = ProviderAccount.objects.select_for_update().get(pk=account.pk)
        leaving.set_aside(before)
        account.state, account.state_reason = before.state, before.state_reason
        account.base_url = login.base_url
        _take_over(account, login, test)
        account.save(
            update_fields=[
                "base_url", "auth", "sealed_credential", "login_hint", "credential_changed_at",
                "capabilities", "portal_notes", "upstream_profile", "currency", "state", "state_reason",
            ]
        )  # fmt: skip
        gateway.forget_what_was_learned(account)
        audit.record(by, audit.Event.CREDENTIAL_REPLACED, account=account, detail=_told(account))
    _keep_tokens(account, test)


def _take_over(account: ProviderAccount, login: Login, test: ConnectionTest) -> None:
    gateway.put_credential(account, login.auth, login.credential, hint=login.hint)
    if test.capabilities:
        account.capabilities = list(test.capabilities)
    account.portal_notes = list(test.notes)
    if test.profile is not None:
        account.upstream_profile = dataclasses.asdict(test.profile)
    account.currency = account.currency or (test.profile.currency if test.profile else "") or login.spec.currency


def _keep_tokens(account: ProviderAccount, test: ConnectionTest) -> None:
    if test.tokens:
        DatabaseTokenStore(account).save(test.tokens)


def _told(account: ProviderAccount) -> dict[str, str]:
    return {
        "provider": account.provider,
        "base_url": account.base_url,
        "auth": account.auth,
        "login": account.login_hint,
    }
