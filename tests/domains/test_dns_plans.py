"""Edits, plans and versions of a zone, without any portal."""

from __future__ import annotations

import string
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domains.dns import spf
from domains.dns.checks import Level, is_mass, share
from domains.dns.edits import BadEdits, Edit, Op, applied, between, changed, parsed, removed, row_from
from domains.dns.plan import plan_of
from domains.dns.rows import Row, checksum

NOW = datetime(2026, 11, 24, 8, 43, tzinfo=UTC)
ZONE = "shop.example"
names = st.sampled_from(["@", "www", "mail", "old", "*.staging"])
rows = st.builds(
    Row,
    name=names,
    type=st.sampled_from(["A", "TXT", "NS", "SOA"]),
    content=st.text(string.ascii_lowercase, min_size=1, max_size=3),
    ttl=st.sampled_from([None, 300, 3600]),
    priority=st.none(),
)
zones = st.lists(rows, max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
changes = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "change", "remove", "x"])},
    optional={
        "id": st.sampled_from(["1", 1, "9", None]) | JSON,
        "name": names | JSON,
        "type": st.sampled_from(["A", "TXT", "MX", "SOA", "cname"]) | JSON,
        "content": st.sampled_from(["192.0.2.1", "x.example.", 'a "b" \\ c']) | JSON,
        "ttl": st.integers(-1, 2**33) | JSON,
        "priority": st.integers(-1, 70000) | JSON,
    },
)


@given(zones, zones, st.booleans())
def test_the_edits_between_two_states_lead_from_one_to_the_other(before, after, sets_ttl):
    reached = applied(before, between(before, after, sets_ttl=sets_ttl))
    ours = sorted((row for row in after if not row.kept_by_portal), key=Row.order)
    kept = sorted((row for row in before if row.kept_by_portal), key=Row.order)
    got = [row for row in reached if not row.kept_by_portal]
    if sets_ttl:
        assert got == ours
    else:
        assert sorted(row.key[:3] for row in got) == sorted(row.key[:3] for row in ours)
    assert [row for row in reached if row.kept_by_portal] == kept


@given(zones)
def test_a_checksum_knows_no_order_and_ignores_the_serial(zone):
    assert checksum(zone) == checksum(reversed(zone))
    assert checksum([*zone, Row("@", "SOA", "1")]) == checksum([*zone, Row("@", "SOA", "2")])
    assert checksum([*zone, Row("new", "A", "192.0.2.1")]) != checksum(zone)


@given(JSON | st.lists(changes, max_size=4))
def test_whatever_is_asked_for_is_read_or_refused_with_its_field(asked):
    records = {"1": Row("www", "A", "192.0.2.9", 300)}
    try:
        edits = parsed(ZONE, records, asked, sets_ttl=True)
    except BadEdits as refused:
        fields = refused.fields
        edits = []
    else:
        fields = {}
    assert bool(fields) != bool(edits)
    assert all(told for told in fields.values())
    plan = plan_of(ZONE, records.values(), edits, NOW)
    assert [Edit.read(edit.json()) for edit in edits] == edits
    assert len(plan.after) == len(records) + plan.count(Op.ADD) - plan.count(Op.REMOVE)


@given(st.text())
def test_any_text_is_read_as_spf_without_falling_over(text):
    read = spf.read(f"v=spf1 {text}")
    assert set(read.wrong) <= set(read.terms)
    assert read.look_ups <= len(read.terms)


@pytest.mark.parametrize(
    ("content", "look_ups", "wrong"),
    [
        ("v=spf1 -all", 0, ()),
        ("v=spf1 include:a.example include:b.example mx a ~all", 4, ()),
        ("v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ?all", 0, ()),
        ("v=spf1 ip4:2001:db8::1 -all", 0, ("ip4:2001:db8::1",)),
        ("v=spf1 include: incude:x.example all", 1, ("include:", "incude:x.example")),
        ("v=spf1 redirect=_spf.example", 1, ()),
        ("v=spf1 a:mail.example/24 mx:other.example exists:%{i}.x.example -all", 3, ()),
    ],
)
def test_an_spf_record_is_counted_and_judged(content, look_ups, wrong):
    read = spf.read(content)
    assert (read.look_ups, read.wrong) == (look_ups, wrong)


def told(before: list[Row], *edits: Edit) -> dict[str, str]:
    """The words of the checks by their level."""
    plan = plan_of(ZONE, before, edits, NOW)
    return {level: " ".join(str(c.text) for c in plan.checks if c.level is level) for level in Level}


def add(name: str, kind: str, content: str, priority: int | None = None) -> Edit:
    return Edit(
        Op.ADD,
        None,
        row_from(ZONE, {"name": name, "type": kind, "content": content, "priority": priority}, sets_ttl=True),
    )


def test_a_plan_says_what_would_break_the_zone():
    before = [
        Row("@", "TXT", "v=spf1 -all"),
        Row("www", "A", "192.0.2.1"),
        Row("@", "MX", "in.shop.example.", None, 10),
    ]
    assert "2 SPF records" in told(before, add("@", "TXT", "v=spf1 ~all"))[Level.REFUSED]
    assert "stands alone" in told(before, add("www", "CNAME", "x.example."))[Level.REFUSED]
    assert "can&#x27;t be" in told(before, add("@", "CNAME", "x.example."))[Level.REFUSED].replace(
        "can't be", "can&#x27;t be"
    )
    assert "there twice" in told(before, add("www", "A", "192.0.2.1"))[Level.REFUSED]
    assert told(before, add("new", "A", "192.0.2.1"))[Level.REFUSED] == ""


def test_a_plan_says_what_one_should_know():
    before = [
        Row("old", "A", "192.0.2.1", 86400),
        Row("@", "MX", "in.shop.example.", 300, 10),
        Row("in", "CNAME", "x.example."),
    ]
    known = told(before, removed(before[0]))[Level.SOON]
    assert "until Wed 25 Nov 2026, 08:43" in known
    assert "86400 s" in known
    assert "No mail server is left" in told(before, removed(before[1]))[Level.SOON]
    assert "a name of one part" in told(before, add("web", "CNAME", "www"))[Level.SOON]
    assert "names the zone twice" in told(before, add("web", "CNAME", "www.shop.example.shop.example."))[Level.SOON]
    assert "is a CNAME" in told(before, add("@", "MX", "in.shop.example.", 20))[Level.SOON]
    assert "senders not listed" in told(before, add("@", "TXT", "v=spf1 mx -all"))[Level.SOON]
    assert "can't read" in told(before, add("@", "TXT", "v=spf1 foo"))[Level.SOON].replace("&#x27;", "'")


def test_a_cname_may_take_the_place_of_what_is_removed_with_it():
    before = [Row("www", "A", "192.0.2.1")]
    assert told(before, removed(before[0]), add("www", "CNAME", "x.example."))[Level.REFUSED] == ""


def test_the_thirty_per_cent_line_is_for_zones_of_ten_or_more():
    small = [Row(f"h{n}", "A", f"192.0.2.{n}") for n in range(9)]
    large = [*small, Row("h9", "A", "192.0.2.9")]
    assert not is_mass(small, [removed(row) for row in small])
    assert not is_mass(large, [removed(row) for row in large[:3]])
    assert is_mass(large, [removed(row) for row in large[:4]])
    assert not is_mass(large, [add(f"n{n}", "A", "192.0.2.1") for n in range(9)]), "what is added takes nothing away"
    assert share(large, [removed(row) for row in large[:3]]) == 30


def test_an_edit_of_a_record_that_is_gone_is_told_and_no_part_of_the_plan():
    gone = removed(Row("old", "A", "192.0.2.9"))
    plan = plan_of(ZONE, [Row("www", "A", "192.0.2.1")], [gone], NOW)
    assert (list(plan.edits), list(plan.lost)) == ([], [gone])


def test_a_change_keeps_what_is_not_given_and_refuses_to_change_nothing():
    was = Row("www", "A", "192.0.2.1", 300)
    edit = changed(ZONE, was, {"content": "192.0.2.2"}, sets_ttl=True)
    assert edit.new == Row("www", "A", "192.0.2.2", 300)
    with pytest.raises(BadEdits, match="Nothing would change"):
        changed(ZONE, was, {"content": "192.0.2.1", "ttl": None}, sets_ttl=True)
