"""The adapters that come with Holdfast pass what every adapter must pass, each against its stand-in over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from providers.presets import CLOUDVIET, DNS_SERVICES, HOSTBILL, VPS_ORG
from providers.suite import ContractSuite
from tests.providers.sandbox_accounts import Account, HostBillSamples, VpsOrgSamples, accounts


class AtTheSandbox(ContractSuite):
    portal: str

    @pytest.fixture(scope="class")
    @classmethod
    def account(cls) -> Iterator[Account]:
        with ExitStack() as running:
            yield accounts(cls.portal, cls.spec, running)

    @pytest.fixture
    def fresh_account(self) -> Iterator[Account]:
        with ExitStack() as running:
            yield accounts(type(self).portal, type(self).spec, running)


class TestCloudviet(AtTheSandbox):
    spec, portal, samples = CLOUDVIET, "cloudviet", HostBillSamples


class TestDnsServices(AtTheSandbox):
    spec, portal, samples = DNS_SERVICES, "dns-services", HostBillSamples


class TestAnyHostBill(AtTheSandbox):
    """A portal of which nothing is known but what it publishes about itself."""

    spec, portal, samples = HOSTBILL, "cloudviet", HostBillSamples


class TestVpsOrg(AtTheSandbox):
    spec, portal, samples = VPS_ORG, "vps-org", VpsOrgSamples
