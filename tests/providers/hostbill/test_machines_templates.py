"""Lists of templates, whose shape no page shows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.errors import MalformedResponse
from providers.hostbill.parse.template import templates_of
from providers.resources import Template
from tests.providers.hostbill.desk import desk_for

READ = "GET /service/{id}/vms/{vmid}/rebuild"
DEBIAN, WINDOWS = {"id": 12, "name": "Debian 12"}, {"template_id": "14", "label": "Windows"}
PLAIN = (Template(id="12", name="Debian 12"), Template(id="14", name="Windows"))
GROUPED = (Template(id="12", name="Debian 12", group="Linux"), Template(id="14", name="Windows", group="Other"))


@pytest.mark.parametrize(
    ("answer", "templates"),
    [
        ({"templates": [DEBIAN, WINDOWS, DEBIAN]}, PLAIN),
        ([DEBIAN, WINDOWS], PLAIN),
        ({"success": True, "templates": {"12": "Debian 12", "14": "Windows"}}, PLAIN),
        ({"12": {"name": "Debian 12"}, "14": {"name": "Windows"}}, PLAIN),
        ({"list": {"0": DEBIAN, "1": WINDOWS}}, PLAIN),
        ({"os": {"Linux": [DEBIAN], "Other": {"14": "Windows"}}}, GROUPED),
        ({"templates": [{"name": "Linux", "items": [DEBIAN]}, {"name": "Other", "templates": [WINDOWS]}]}, GROUPED),
        ({"templates": ["debian-12"]}, (Template(id="debian-12", name="debian-12"),)),
        ({"templates": [DEBIAN, {}, None, 3.5, {"name": "no id"}]}, PLAIN[:1]),
        ({"templates": []}, ()),
        ([], ()),
    ],
)
def test_templates_are_read_in_several_shapes(answer, templates):
    with desk_for({"GET /service/301/vms/7/rebuild": answer}) as provider:
        assert provider.services.templates("301:7") == templates


@pytest.mark.parametrize(
    "answer", [None, "", 7, True, {}, {"success": True}, {"templates": "none"}, {"templates": [None]}]
)
def test_what_is_no_list_of_templates_is_told(answer):
    with desk_for({"GET /service/301/vms/7/rebuild": answer}) as provider, pytest.raises(MalformedResponse) as caught:
        provider.services.templates("301:7")
    assert caught.value.operation == READ


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["templates", "id", "name", "items", "os"]) | st.text(max_size=4), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(ANY)
def test_whatever_is_answered_each_template_can_be_named(answer: Any):
    try:
        found = templates_of(answer, operation=READ)
    except MalformedResponse:
        return
    assert all(one.id and one.name for one in found)
    assert len({one.id for one in found}) == len(found)
