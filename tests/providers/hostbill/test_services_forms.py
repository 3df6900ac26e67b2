"""Order forms as portals show them, and how their answers are written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.errors import InvalidRequest
from providers.hostbill.forms import custom, made_up, resources
from providers.hostbill.parse.form import form_fields
from providers.offers import Choice, FormField
from sandbox.hostbill import forms
from tests.sandbox.documents import operations

UTC = ZoneInfo("UTC")


def example(operation: str) -> Any:
    return next(one for one in operations("cloudviet") if f"{one['method']} {one['path']}" == operation)[
        "example_response"
    ]


def fields(*rows: Any, **more: Any) -> tuple[FormField, ...]:
    return form_fields(list(rows), UTC, **more)


def test_the_documented_form_of_an_ending_is_a_tick_and_a_list():
    ticked, language = form_fields(example("GET /domain/order/{id}/form")["forms"], UTC)
    assert ticked == FormField(
        name="custom[1424][9067]", label="DNS Management", kind="check", price=Decimal(4), setup=Decimal(0)
    )
    assert (language.name, language.label, language.kind, language.required) == (
        "custom[1755]",
        "Language",
        "select",
        False,
    )
    assert [one.name for one in language.choices] == ["AFR", "ALB"]
    assert custom({ticked.name: "1", language.name: language.choices[1].id}) == {
        "1424": {"9067": "1"},
        "1755": {"10953": 1},
    }


def test_the_documented_resources_of_an_upgrade_are_lists_with_prices():
    (bandwidth,) = form_fields(example("GET /service/{id}/upgrade")["resources"], UTC, bare_numbers=True)
    assert (bandwidth.name, bandwidth.label, bandwidth.kind, bandwidth.default) == (
        "custom[1557]",
        "Bandwidth",
        "select",
        "9953",
    )
    assert bandwidth.choices[1] == Choice(id="10103", name="500 GB", price=Decimal(5), setup=Decimal(0))
    assert resources({bandwidth.name: "10103"}) == {"1557": "10103"}


def test_the_documented_form_of_a_product_is_a_list():
    (disk,) = form_fields(example("GET /order/{product_id}")["product"]["config"]["forms"], UTC)
    assert (disk.name, disk.label, len(disk.choices)) == ("custom[1618]", "Disk Size", 3)


SLIDER = {
    "id": 9,
    "type": "slider",
    "title": "Memory",
    "required": "1",
    "config": {"minvalue": "1", "maxvalue": 64, "step": 2},
    "items": [{"id": 31, "title": "GB", "price": "2.50"}],
    "value": {"31": 4},
}


def test_a_slider_has_limits_and_the_price_of_a_unit():
    (memory,) = fields(SLIDER)
    assert memory == FormField(
        name="custom[9][31]",
        label="Memory",
        kind="slider",
        required=True,
        default="4",
        least=1,
        most=64,
        step=2,
        price=Decimal("2.50"),
    )
    assert custom({"custom[9][31]": "8"}) == {"9": {"31": "8"}}


def test_an_upgrade_names_a_quantity_without_its_item():
    (memory,) = fields(SLIDER, bare_numbers=True)
    assert resources({memory.name: "8"}) == {"9": "8"}


def test_a_list_with_quantities_becomes_a_number_for_each_item():
    row = {
        "id": "5",
        "type": "selectqty",
        "title": "Extra",
        "items": [{"id": 1, "title": "IP"}, {"id": 2, "title": "Disk"}],
    }
    both = fields(row, bare_numbers=True)
    assert [(one.name, one.label, one.kind) for one in both] == [
        ("custom[5][1]", "Extra IP", "number"),
        ("custom[5][2]", "Extra Disk", "number"),
    ]
    assert resources({"custom[5][1]": "2", "custom[5][2]": ""}) == {"5": {"1": "2"}}


def test_several_ticks_stay_several():
    row = {
        "id": 6,
        "type": "checkbox",
        "title": "Scripts",
        "items": {"a": {"id": 1, "name": "A", "selected": 1}, "b": {"id": 2}},
    }
    both = fields(row)
    assert [(one.label, one.default) for one in both] == [("Scripts A", "1"), ("Scripts", "")]
    assert custom({one.name: "1" for one in both}) == {"6": {"1": "1", "2": "1"}}


@pytest.mark.parametrize(
    ("row", "name", "kind"),
    [
        ({"id": 1, "type": "input", "firstItemId": 7}, "custom[1][7]", "text"),
        ({"id": 1, "type": "input", "name": "custom[1][7]", "items": [{"id": 7, "title": ""}]}, "custom[1][7]", "text"),
        ({"id": 1, "type": "textarea", "items": []}, "custom[1][]", "textarea"),
        ({"id": 1, "type": "colour-wheel", "items": None}, "custom[1][]", "text"),
        ({"id": 1, "type": "colour-wheel", "items": [{"id": 2}, {"id": 3}]}, "custom[1]", "select"),
        ({"id": 1, "type": "select", "items": "none"}, "custom[1][]", "text"),
        ({"id": "x-id", "type": "input", "name": "idnumber", "title": "Id"}, "idnumber", "text"),
        ({"id": "x-id", "type": "input", "name": "custom[x][y]", "title": "Id"}, "custom[x-id][]", "text"),
    ],
)
def test_what_a_field_is_called_and_of_which_kind_it_is(row, name, kind):
    (one,) = fields(row)
    assert (one.name, one.kind) == (name, kind)


@pytest.mark.parametrize(
    "row", [None, 7, "text", [], {}, {"type": "header"}, {"id": None}, {"id": "a b"}, {"id": "a[b]"}]
)
def test_a_row_that_names_nothing_is_left_out_and_the_others_stay(row):
    assert [one.name for one in fields(row, forms.select("1618", "Disk Size", {1: "20 GB"}))] == ["custom[1618]"]


@pytest.mark.parametrize("rows", [None, "", "forms", 7, {}, []])
def test_no_form_has_no_fields(rows):
    assert form_fields(rows, UTC) == ()


def test_answers_to_made_up_names_stay_apart():
    options = {"idnumber": "77", "custom[1]": "5", "custom[2][]": "x", "custom[3][4]": ""}
    assert made_up(options) == {"idnumber": "77"}
    assert custom(options) == {"1": {"5": 1}, "2": "x"}
    with pytest.raises(InvalidRequest) as caught:
        resources(options)
    assert list(caught.value.fields) == ["idnumber"]
    assert "Nothing was sent." in caught.value.sentence


def test_a_field_answered_in_two_ways_is_refused():
    with pytest.raises(InvalidRequest):
        custom({"custom[1][]": "5", "custom[1][2]": "5"})


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "name", "type", "items", "config", "value", "title", "price", "firstItemId"])
            | st.text(),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@given(ANY)
def test_no_form_is_too_strange_to_be_read_and_each_answer_can_be_written(rows):
    for one in form_fields(rows, UTC):
        assert one.name
        answer = {one.name: one.choices[0].id if one.choices else "1"}
        assert len(custom(answer)) + len(made_up(answer)) == 1
