"""Real workers on the tests' database and Valkey, stand-in portals over HTTP, and the comparison of the mirror with them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from subprocess import Popen
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts import gateway
from accounts.models import ProviderAccount
from portal.runtime import process
from providers.contract import pages
from sandbox.portal import Portal
from sync.declare import ResourceSync, registry
from sync.due import ensure_schedules
from sync.engine.compare import said_by
from sync.engine.meta import rows_of
from sync.models import Kind, Resource, Schedule
from tests.conftest import ROOT, WORKER, url_of

FAST = 60_000
"""Calls a minute: what is measured here is not the portals' patience."""


def connect(portal: Portal, name: str, capabilities: Sequence[str] = ()) -> ProviderAccount:
    account = ProviderAccount(
        provider=portal.key,
        name=name,
        base_url=portal.base_url,
        rate_per_minute=FAST,
        concurrency=8,
        time_zone="Europe/Copenhagen",
        capabilities=list(capabilities),
    )
    gateway.put_credential(account, portal.auth, portal.credential, hint="test")
    account.save()
    ensure_schedules(account)
    # Only what a test asks for runs; a worker that starts looks for what is due.
    Schedule.objects.filter(account=account).update(next_due_at=timezone.now() + timedelta(days=1))
    return account


@contextmanager
def worker(
    tmp_path: Path, name: str, *, quick: bool = False, command: Sequence[str] = WORKER.split()
) -> Iterator[Popen[bytes]]:
    """A worker of this test's own, which it may kill. A `quick` one looks after a second where others wait for longer."""
    alive = tmp_path / f"{name}.log"
    service = process.Service(
        name=name,
        command=[sys.executable, "-m", *command],
        log=alive,
        env={
            "DATABASE_URL": url_of(connection.settings_dict["NAME"]),
            "HOLDFAST_LOG_LEVEL": "INFO",
            **({"DJANGO_SETTINGS_MODULE": "tests.sync.quick_settings"} if quick else {}),
        },
        inherits=process.desk_environment,
        ready=lambda: "worker_ready" in alive.read_text() or "ready" in alive.read_text(),
        cwd=ROOT,
    )
    child = process.start(service)
    try:
        yield child
    finally:
        process.stop(child, service)


def until(true: Callable[[], bool], seconds: float, what: str) -> None:
    last = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < last, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def differences(account: ProviderAccount, kind: Kind) -> list[str]:
    """What the mirror has otherwise than upstream, read afresh."""
    declaration: Any = registry[kind]
    assert isinstance(declaration, ResourceSync)
    found = []
    account.refresh_from_db()
    with gateway.speaking_to(account) as provider:
        items = [item for page in pages(lambda token: declaration.list_page(provider, token)) for item in page.items]
        details = {item.id: declaration.read_detail(provider, item.id) for item in items}
    present = Resource.objects.filter(account=account, kind=kind, gone_at=None)
    mirrored = dict(present.values_list("upstream_id", "pk"))
    if mirrored.keys() != details.keys():
        found.append(f"ids differ: {mirrored.keys() ^ details.keys()}")
    for upstream_id, detail in details.items():
        said = said_by(declaration, detail, account, detail=True)
        row = rows_of(declaration.model).get(pk=mirrored[upstream_id])
        found += [
            f"{upstream_id}.{name}: {getattr(row, name)!r} is not {value!r}"
            for name, value in said.columns.items()
            if getattr(row, name) != value
        ]
        for spec in declaration.children:
            have = {child.key: child for child in rows_of(spec.model).filter(**{spec.parent: mirrored[upstream_id]})}
            want = {child.key: child.columns for child in said.children.get(spec.name, ())}
            if have.keys() != want.keys():
                found.append(f"{upstream_id}: {spec.name}s differ")
            found += [
                f"{upstream_id}.{spec.name}.{key}.{name}"
                for key in have.keys() & want.keys()
                for name, value in want[key].items()
                if getattr(have[key], name) != value
            ]
    return found
