"""What every adapter must pass. For tests, here and in packages that bring an adapter of their own; needs pytest.

    from providers.suite import ContractSuite, account_at

    class TestAcme(ContractSuite):
        spec = ACME

        @pytest.fixture(scope="class")
        @classmethod
        def account(cls):
            with acme_stand_in() as server:
                yield lambda: account_at(server.fresh().url, auth="bearer", credential={"token": "t0ken"})

`docs/providers.md` shows a whole one.
"""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("providers.suite.contract_suite")

from providers.suite.account import account_at  # noqa: E402 - pytest has to know before the import that its asserts are to speak
from providers.suite.answers import faults_of  # noqa: E402
from providers.suite.contract_suite import ContractSuite  # noqa: E402
from providers.suite.samples import NoSampleError, Samples  # noqa: E402
from providers.suite.wire import Wire  # noqa: E402

__all__ = ["ContractSuite", "NoSampleError", "Samples", "Wire", "account_at", "faults_of"]
