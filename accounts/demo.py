"""The demo's accounts: logins at the sandbox, marked as such and never mixed with real ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog

from accounts import connecting, states, vault
from accounts.errors import VaultError
from accounts.locks import LockSpace, advisory_lock
from accounts.models import ProviderAccount
from accounts.probe import ConnectionTest
from providers import registry

log = structlog.get_logger(__name__)

PAUSED_BY_DEMO: Final = "The demo is switched off."
CALLS_A_MINUTE: Final = 3000
"""The sandbox stands on the same machine: being polite to it would only make the first start slow."""
_PATIENCE: Final = 600.0


class DemoProblem(Exception):
    """The demo can't be set up; the text says why."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    name: str
    login: connecting.Login


def read_urls(text: str) -> list[DemoAccount]:
    """What the sandbox says about itself: JSON of provider -> {base_url, auth, username and password or token}."""
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    if not isinstance(told, dict) or not told:
        raise DemoProblem("HOLDFAST_SANDBOX_URLS must be a JSON object of provider to base_url, auth and credential.")
    return [_demo_account(key, entry) for key, entry in told.items()]


def _demo_account(key: str, entry: Any) -> DemoAccount:
    try:
        spec = registry.spec(key)
    except KeyError:
        raise DemoProblem(f"The sandbox offers {key!r}, which is no provider that is installed here.") from None
    if not isinstance(entry, Mapping) or not isinstance(entry.get("base_url"), str):
        raise DemoProblem(f"The sandbox says nothing usable about {key}.")
    given = entry.get("credential", entry)
    names = {declared.name for method in spec.auth_methods for declared in method.fields}
    credential = {name: given[name] for name in names if given.get(name)}
    try:
        login = connecting.Login.checked(spec, entry["base_url"], str(entry.get("auth", "")), credential)
    except connecting.InputProblem as problem:
        raise DemoProblem(f"The sandbox's login for {key} does not do: {problem.sentence}") from None
    return DemoAccount(f"{spec.label} (demo)", login)


def load_urls(file: Path | None, environment: str) -> list[DemoAccount]:
    """From the file when one is named, else from the environment's text."""
    if file is None:
        return read_urls(environment)
    try:
        return read_urls(file.read_text("utf-8"))
    except OSError as error:
        raise DemoProblem(f"{file} can't be read: {error.strerror}.") from None


def connect(demo_accounts: list[DemoAccount]) -> list[str]:
    """Makes the demo's accounts or brings them up to date, and says what it did, a sentence for each account."""
    with advisory_lock(LockSpace.DEMO, 0, timeout=60):
        return [_connect_one(wanted) for wanted in demo_accounts]


def _connect_one(wanted: DemoAccount) -> str:
    account = (
        ProviderAccount.objects.filter(is_demo=True, provider=wanted.login.spec.key)
        .exclude(state=ProviderAccount.State.DELETING)
        .order_by("pk")
        .first()
    )
    if account is None:
        # Not tested first: the sandbox starts beside us and may take its time; the sync says it if something is wrong.
        account = connecting.create_account(
            wanted.login,
            ConnectionTest(ok=True, code="ok", sentence=""),
            name=wanted.name,
            by=None,
            is_demo=True,
            rate_per_minute=CALLS_A_MINUTE,
        )
        return f"{account.name}: connected."
    said = []
    if account.base_url != wanted.login.base_url or _login_of(account) != (wanted.login.auth, wanted.login.credential):
        connecting.replace_login(account, wanted.login, ConnectionTest(ok=True, code="ok", sentence=""), by=None)
        said.append("address and login brought up to date")
    if account.state == ProviderAccount.State.PAUSED and account.state_reason == PAUSED_BY_DEMO:
        states.resume(account, by=None)
        said.append("resumed")
    return f"{account.name}: {', '.join(said) or 'as it was'}."


def _login_of(account: ProviderAccount) -> tuple[str, Mapping[str, str]]:
    try:
        return account.auth, vault.open_sealed(account.uuid, account.sealed_credential)
    except VaultError:
        return account.auth, {}


def pause() -> int:
    """Stops reading the demo's accounts, on a desk that is used for real ones. Returns how many were stopped."""
    active = ProviderAccount.objects.filter(is_demo=True, state=ProviderAccount.State.ACTIVE)
    return sum(states.pause(account, by=None, reason=PAUSED_BY_DEMO) for account in active)


def remove() -> int:
    """Takes the demo off the desk, with all that hangs on it. Returns how many accounts that were."""
    doomed = states.begin_deleting_demo(by=None)
    for account_id in doomed:
        states.finish_deleting(account_id, seconds=_PATIENCE)
    return len(doomed)
