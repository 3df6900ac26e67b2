"""Every operation upstream has can be called, is in the contract, is answered by the sandbox and was driven over HTTP."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.providers.operations_table import DOCUMENT, Row, document, rows, traced
from tests.providers.operations_traced import Trace


@pytest.fixture(scope="module")
def traces() -> Mapping[str, Trace]:
    return traced()


@pytest.fixture(scope="module")
def table(traces: Mapping[str, Trace]) -> list[Row]:
    return rows(traces)


def test_no_cell_is_empty(table):
    assert [f"{row.portal} {row.operation}: no {', '.join(row.empty)}" for row in table if row.empty] == []


def test_it_names_as_many_operations_as_the_documents(table):
    counted = {portal: sum(row.portal == portal for row in table) for portal in {row.portal for row in table}}
    assert counted == {"cloudviet": 109, "dns-services": 83, "vps-org": 6, "vps-org-present": 25}


def test_everything_that_an_adapter_offers_could_be_called(traces):
    assert {portal: one.failed for portal, one in traces.items()} == {portal: {} for portal in traces}


def test_the_document_is_up_to_date(table):
    assert DOCUMENT.read_text(encoding="utf-8") == document(table), "run: python -m tests.providers.operations_table"
