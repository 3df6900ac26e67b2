"""One form for the DNS records of all portals."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.records import normalise, text_of
from providers.resources import Record

ZONE = "example.com"

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.text('"\\ 0123.a@', max_size=20)
anything = scalars | st.lists(scalars, max_size=8) | st.dictionaries(st.text(max_size=3), scalars, max_size=4)
types = st.sampled_from(
    ["A", "AAAA", "CNAME", "MX", "TXT", "NS", "SRV", "CAA", "SOA", "TLSA", "PTR", "LOC", "SPF", "DS"]
)
labels = st.from_regex(r"[a-z0-9_]([a-z0-9_-]{0,10}[a-z0-9_])?", fullmatch=True)
hosts = st.lists(labels, min_size=2, max_size=4).map(".".join).filter(lambda name: not name.endswith(ZONE))
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).filter(
    lambda text: text == text.strip() and not text.startswith('"')
)


def record(
    kind: str, content: Any, name: Any = "www", priority: Any = None, ttl: Any = 3600, zone: str = ZONE
) -> Record:
    found = normalise(zone, record_id="1", name=name, kind=kind, content=content, ttl=ttl, priority=priority)
    assert found is not None
    return found


def again(found: Record, zone: str = ZONE) -> Record | None:
    return normalise(
        zone,
        record_id=found.id,
        name=found.name,
        kind=found.type,
        content=found.content,
        ttl=found.ttl,
        priority=found.priority,
    )


@given(record_id=anything, name=anything, kind=types | anything, content=anything, ttl=anything, priority=anything)
def test_nothing_makes_it_raise(record_id, name, kind, content, ttl, priority):
    normalise(ZONE, record_id=record_id, name=name, kind=kind, content=content, ttl=ttl, priority=priority)


@given(name=hosts | st.just("@"), kind=st.sampled_from(["CNAME", "NS", "PTR"]), target=hosts)
def test_normalising_a_host_record_twice_changes_nothing(name, kind, target):
    found = record(kind, target.upper(), name=name)
    assert again(found) == found
    assert found.content == f"{target}."


@given(
    priority=st.integers(0, 65535), weight=st.integers(0, 65535), port=st.integers(0, 65535), target=hosts, name=labels
)
def test_all_spellings_of_a_service_record_are_equal(priority, weight, port, target, name):
    spellings = [
        record("SRV", [str(weight), str(port), target], name, priority),
        record("SRV", f"{weight} {port} {target}.", f"{name}.{ZONE}.", str(priority)),
        record("SRV", f"{priority} {weight}  {port} {target}", f"{name}.{ZONE}".upper()),
    ]
    assert set(spellings) == {spellings[0]}
    assert again(spellings[0]) == spellings[0]


@given(priority=st.integers(0, 65535), target=hosts)
def test_a_mail_exchangers_priority_may_stand_beside_or_inside(priority, target):
    beside = record("MX", target, "@", str(priority))
    inside = record("MX", f"{priority} {target}.", ZONE)
    assert beside == inside == again(beside)
    assert beside.priority == priority


@given(text=texts)
def test_a_text_is_the_same_quoted_split_or_bare(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    half = len(text) // 2
    halves = [part.replace("\\", "\\\\").replace('"', '\\"') for part in (text[:half], text[half:])]
    bare = record("TXT", text)
    assert record("TXT", f'"{escaped}"') == bare
    assert record("TXT", f'"{halves[0]}" "{halves[1]}"') == bare
    assert record("TXT", [f'"{half}"' for half in halves]) == bare
    assert again(bare) == bare


@given(flags=st.integers(0, 255), tag=st.sampled_from(["issue", "issuewild", "iodef"]), value=hosts)
def test_all_spellings_of_a_caa_record_are_equal(flags, tag, value):
    spellings = [
        record("CAA", f'{flags} {tag} "{value}"'),
        record("CAA", f"{flags} {tag.upper()} {value}"),
        record("CAA", [flags, tag, value]),
        record("CAA", [flags, tag, f'"{value}"']),
    ]
    assert set(spellings) == {spellings[0]}
    assert again(spellings[0]) == spellings[0]


@pytest.mark.parametrize("name", ["@", "", None, "example.com", "EXAMPLE.com.", " @ "])
def test_the_apex_in_all_spellings(name):
    assert record("A", "192.0.2.1", name=name).name == "@"


@pytest.mark.parametrize("name", ["www", "www.example.com", "WWW.Example.Com."])
def test_a_relative_and_a_qualified_name_are_equal(name):
    assert record("A", "192.0.2.1", name=name).name == "www"


def test_names_in_other_scripts_become_punycode():
    assert record("A", "192.0.2.1", name="bücher").name == "xn--bcher-kva"
    assert record("CNAME", "Bücher.example").content == "xn--bcher-kva.example."
    assert record("A", "192.0.2.1", name="www.bücher.de.", zone="xn--bcher-kva.de").name == "www"


def test_a_name_of_another_zone_is_no_record_of_this_one():
    assert normalise(ZONE, record_id="1", name="www.other.net.", kind="A", content="192.0.2.1") is None


def test_an_soa_record_comes_as_list_or_as_text():
    parts = ["NS1.example.com", "Hostmaster.example.com.", "2026010101", "28800", "7200", "604800", "86400"]
    soa = "ns1.example.com. hostmaster.example.com. 2026010101 28800 7200 604800 86400"
    assert record("SOA", parts).content == record("SOA", " ".join(parts)).content == soa


@pytest.mark.parametrize(
    ("kind", "content", "normal"),
    [
        ("A", " 192.0.2.1 ", "192.0.2.1"),
        ("A", "999.1.1.1", "999.1.1.1"),
        ("AAAA", "2001:0DB8:0:0::1", "2001:db8::1"),
        ("CNAME", "@", "example.com."),
        ("CNAME", "Target.Example.NET", "target.example.net."),
        ("MX", ".", "."),
        ("SRV", ".", "."),
        ("TLSA", f"3 1 1 {'AB' * 16} {'CD' * 16}", f"3 1 1 {'ab' * 16}{'cd' * 16}"),
        ("NAPTR", '10  100 "s" "SIP+D2U" "" _sip._udp.example.com.', '10 100 "s" "SIP+D2U" "" _sip._udp.example.com.'),
        ("TXT", '"v=spf1 include:a " "-all"', "v=spf1 include:a -all"),
        ("TXT", 'say \\"hi\\"', 'say \\"hi\\"'),
        ("TXT", '"say \\"hi\\" \\195\\188"', 'say "hi" ü'),
        ("TXT", "", ""),
    ],
)
def test_contents_in_presentation_form(kind, content, normal):
    assert record(kind, content).content == normal


def test_types_that_have_none_have_no_priority():
    assert record("A", "192.0.2.1", priority="10").priority is None


@pytest.mark.parametrize(
    ("ttl", "read"), [("3600", 3600), (0, None), ("0", None), (None, None), ("soon", None), (-5, None)]
)
def test_a_ttl_of_zero_means_that_there_is_none(ttl, read):
    assert record("A", "192.0.2.1", ttl=ttl).ttl == read


@pytest.mark.parametrize(
    ("kind", "content"), [("", "x"), (None, "x"), ("A B", "x"), ("A", None), ("A", ""), ("A", []), ("A", {"a": {}})]
)
def test_a_record_without_type_or_content_is_none(kind, content):
    assert normalise(ZONE, record_id="1", name="www", kind=kind, content=content) is None


def test_an_unclosed_quote_is_part_of_the_text():
    assert text_of('"abc') == '"abc'


@given(
    kind=types.filter(lambda kind: kind not in {"TXT", "SPF"}),
    name=scalars | hosts,
    content=anything
    | hosts
    | st.lists(st.sampled_from(["0", "10", "issue", '"a b"', "ns1.example.net", "@", "."]), max_size=8),
    ttl=scalars,
    priority=scalars,
)
def test_normalising_twice_is_normalising_once(kind, name, content, ttl, priority):
    """A TXT record alone is not written as it is read: what stands there is its text, and that may hold quotes of its own."""
    found = normalise(ZONE, record_id="1", name=name, kind=kind, content=content, ttl=ttl, priority=priority)
    assert found is None or again(found) == found


@given(
    parts=st.tuples(hosts, hosts, *[st.integers(0, 2**31)] * 5),
    dots=st.tuples(st.sampled_from(["", "."]), st.sampled_from(["", "."])),
)
def test_an_authority_is_the_same_as_list_object_or_text(parts, dots):
    words = [f"{parts[0]}{dots[0]}", f"{parts[1]}{dots[1]}", *map(str, parts[2:])]
    found = record("SOA", words, "@")
    assert (
        found == record("SOA", " ".join(words), "") == record("SOA", {str(i): one for i, one in enumerate(words)}, "@")
    )
    assert found == again(found)
    assert found.content == f"{parts[0]}. {parts[1]}. " + " ".join(map(str, parts[2:]))
