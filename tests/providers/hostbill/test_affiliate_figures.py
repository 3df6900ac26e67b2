"""The figures of an affiliate, whose shape no page tells: a table whatever comes."""

from __future__ import annotations

from typing import Any

import pytest

from providers.errors import NotSupported
from providers.hostbill.parse.figures import table
from providers.people import AffiliatePart, Table
from tests.providers.hostbill.desk import desk_for

BOTH = ("cloudviet", "dns-services")


@pytest.mark.parametrize("key", BOTH)
@pytest.mark.parametrize("part", list(AffiliatePart))
def test_every_part_of_the_affiliate_figures_is_a_table(stand_ins, at, key, part):
    told = at(stand_ins[key]).profile.affiliate(part)
    assert all(len(row) == len(told.columns) for row in told.rows)
    assert bool(told.rows) == (part not in {AffiliatePart.PAYOUTS, AffiliatePart.VOUCHERS})


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"summary": {"visits": 3, "open": True, "sum": None}}, Table(columns=("visits", "open", "sum"), rows=(("3", "yes", ""),))),
        ({"success": True, "data": [{"a": 1}, {"b": [1, 2], "c": {"d": "e"}}]},
         Table(columns=("a", "b", "c.d"), rows=(("1", "", ""), ("", "1, 2", "e")))),
        ({"7": {"a": 1}, "9": {"a": 2}}, Table(columns=("id", "a"), rows=(("7", "1"), ("9", "2")))),
        ({"visits": "3", "sum": "1.00"}, Table(columns=("visits", "sum"), rows=(("3", "1.00"),))),
        (["x", 5], Table(columns=("value",), rows=(("x",), ("5",)))),
        ([{"a": [{"b": 1}, {"b": 2}]}], Table(columns=("a.1.b", "a.2.b"), rows=(("1", "2"),))),
        ({"summary": []}, Table(columns=(), rows=())),
        ({"success": True}, Table(columns=(), rows=())),
        (None, Table(columns=(), rows=())),
        ({"summary": "none"}, Table(columns=("value",), rows=(("none",),))),
    ],
)  # fmt: skip
def test_figures_are_a_table_whatever_their_shape(answer, told):
    assert table(answer, "summary") == told


def test_figures_have_an_end():
    deep: Any = "x"
    for _ in range(50):
        deep = {"a": deep}
    assert table([deep]).rows == (("…",),)
    wide = table([{str(number): "y" * 1000 for number in range(500)}])
    assert (len(wide.columns), len(wide.rows[0][0])) == (60, 500)
    assert len(table([{"a": 1}] * 6000).rows) == 5000


def test_a_part_that_a_portal_lacks_leaves_the_others():
    answers = {
        "GET /affiliates/summary": {"error": ["invalid method"]},
        "GET /affiliates/campaigns": {"campaigns": [{"id": 1}]},
    }
    with desk_for(answers) as provider:
        for _ in range(2):
            with pytest.raises(NotSupported):
                provider.profile.affiliate(AffiliatePart.SUMMARY)
        assert provider.profile.affiliate(AffiliatePart.CAMPAIGNS).rows == (("1",),)
        assert provider.can("profile.affiliate")
