"""Changing what an account is called and how it is read. Its address changes only together with its credential: whoever could
change the address alone could have the credential sent to a host of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest

from accounts import audit, connecting
from accounts.models import AccountShare, ProviderAccount, User

EDITABLE: Final = ("name", "time_zone", "rate_per_minute", "concurrency", "open_to_staff")


def edit_account(
    account: ProviderAccount,
    values: Mapping[str, Any],
    *,
    by: User,
    share_with: Iterable[User] | None = None,
    request: HttpRequest | None = None,
) -> None:
    """Writes those of EDITABLE that differ; `share_with` replaces the people it is shared with. Raises InputProblem."""
    changed = cleaned(account, values)
    before = {key: getattr(account, key) for key in changed}
    with transaction.atomic():
        for key, value in changed.items():
            setattr(account, key, value)
        if changed:
            account.save(update_fields=list(changed))
        shared = _share(account, share_with) if share_with is not None else {}
        if changed or shared:
            detail = {**{key: {"from": before[key], "to": changed[key]} for key in changed}, **shared}
            audit.record(by, audit.Event.ACCOUNT_EDITED, account=account, detail=detail, request=request)


def cleaned(account: ProviderAccount, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of EDITABLE that differ, checked. Raises InputProblem."""
    changed = {key: value for key, value in values.items() if key in EDITABLE and getattr(account, key) != value}
    if "name" in changed:
        changed["name"] = connecting.clean_name(changed["name"], of=account)
    if "time_zone" in changed:
        changed["time_zone"] = connecting.clean_time_zone(changed["time_zone"])
    return changed


def _share(account: ProviderAccount, people: Iterable[User]) -> dict[str, list[str]]:
    wanted = {person.pk: person for person in people}
    held = {share.user_id: share for share in account.shares.select_related("user")}
    added = [person for pk, person in wanted.items() if pk not in held]
    ended = [share for pk, share in held.items() if pk not in wanted]
    AccountShare.objects.bulk_create(AccountShare(account=account, user=person) for person in added)
    account.shares.filter(pk__in=[share.pk for share in ended]).delete()
    told = {"shared_with": [person.email for person in added], "no_longer_with": [share.user.email for share in ended]}
    return {key: emails for key, emails in told.items() if emails}
