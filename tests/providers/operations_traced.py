"""Which operations each method of the contract really sends, measured at the sandbox over HTTP."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from providers.contract import CallRecord, Provider, ProviderSpec
from providers.errors import NotSupported, ProviderError
from providers.families import changes
from providers.hostbill import HostBillProvider
from providers.presets import CLOUDVIET, DNS_SERVICES, VPS_ORG
from providers.suite import NoSampleError, Samples
from sandbox.server import Sandbox
from tests.providers.sandbox_accounts import EXTRA, HostBillSamples, VpsOrgSamples, account_of, portal_named
from tests.sandbox.documents import FILES, operations

SIGN_IN = "sign-in"
SPECS: Mapping[str, tuple[ProviderSpec, type[Samples]]] = {
    "cloudviet": (CLOUDVIET, HostBillSamples),
    "dns-services": (DNS_SERVICES, HostBillSamples),
    "vps-org": (VPS_ORG, VpsOrgSamples),
}


SHOWN_REFUSED = frozenset(
    f"{one['method']} {one['path']}" for portal in FILES for one in operations(portal) if one.get("example_is_error")
)


@dataclass
class Trace:
    """`by_operation`: the capabilities whose calls sent an operation. `answered`: the operations that the stand-in answered, with
    what was asked for or with the refusal that its document shows. `failed`: why a capability could not be called."""

    by_operation: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    answered: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)

    def note(self, capability: str, calls: list[CallRecord]) -> None:
        for call in calls:
            self.by_operation[call.operation].add(capability)
            if call.status and (not call.error or call.operation in SHOWN_REFUSED):
                self.answered.add(call.operation)


def trace(portal: str) -> Trace:
    """Every method that the portal's adapter offers, called once or in each of its ways; a fresh stand-in for each change."""
    found = Trace()
    with _account(portal) as (provider, calls, samples):
        offered = sorted(provider.capabilities)
        for capability in offered:
            if not changes(capability):
                _note_all(found, capability, provider, calls, samples)
    for capability in offered:
        if changes(capability):
            for way in range(len(_ways(capability))):
                with _account(portal) as (provider, calls, samples):
                    _note_all(found, capability, provider, calls, samples, only=way)
    if portal != "vps-org":
        _sign_in(found, portal)
    return found


@contextmanager
def _account(portal: str, **changed: Any) -> Iterator[tuple[Provider, list[CallRecord], Samples]]:
    spec, samples = SPECS[portal]
    calls: list[CallRecord] = []
    with Sandbox(demo=True, seed=1) as sandbox:
        connection = account_of(portal_named(sandbox, portal), spec, calls.append)
        provider = spec.connect(replace(connection, **changed))
        provider.test()
        yield provider, calls, samples(provider)
        provider.close()


Way = Callable[[Samples], Mapping[str, Any]]


def _ways(capability: str) -> list[Way]:
    """The usual arguments, and what changes them for a method that asks upstream in several ways."""
    return [lambda _samples: {}, *EXTRA.get(capability, ())]


def _note_all(
    found: Trace,
    capability: str,
    provider: Provider,
    calls: list[CallRecord],
    samples: Samples,
    only: int | None = None,
) -> None:
    family, _, method = capability.partition(".")
    for number, way in enumerate(_ways(capability)):
        if only not in (None, number):
            continue
        try:
            arguments = {**samples.arguments(capability), **way(samples)}
        except NoSampleError as error:
            found.failed[capability] = str(error)
            continue
        calls.clear()
        try:
            getattr(getattr(provider, family), method)(**arguments)
        except NotSupported as error:
            found.failed.setdefault(capability, str(error))
        except ProviderError as error:
            found.failed[capability] = f"{type(error).__name__}: {error}"
        found.note(capability, calls)


def _sign_in(found: Trace, portal: str) -> None:
    """Tokens: got with the password, traded for new ones when they were refused, given back."""
    with _account(portal, auth="jwt") as (provider, calls, _samples):
        assert isinstance(provider, HostBillProvider)
        found.note(SIGN_IN, calls)
        calls.clear()
        provider.client.clientarea.logout()
        provider.test()
        provider.sign_out()
        found.note(SIGN_IN, [call for call in calls if call.operation.startswith("POST ")])
