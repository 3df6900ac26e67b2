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
    """A portal of which nothing is known but what it publishes about itself. What differs from Cloudviet is what is offered, so the
    same code does not meet bad days at the same stand-in a second time."""

    spec, portal, samples = HOSTBILL, "cloudviet", HostBillSamples

    test_a_change_is_sent_once_even_if_its_answer_is_lost = None  # type: ignore[assignment]
    test_a_read_of_nonsense_is_an_error_of_ours_or_an_answer_in_our_types = None  # type: ignore[assignment]


class TestVpsOrg(AtTheSandbox):
    spec, portal, samples = VPS_ORG, "vps-org", VpsOrgSamples
