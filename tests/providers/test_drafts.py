"""A record that is written reads back as what was meant, in whatever way a portal spells its records; what can't is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.drafts import Spelling, Wire, checked, wire
from providers.errors import InvalidRequest
from providers.records import normalise
from providers.resources import Record, RecordDraft

ZONE = "example.com"
SPELLINGS = [Spelling(quoted, dotted) for quoted in (False, True) for dotted in (False, True)]

spellings = st.sampled_from(SPELLINGS)
labels = st.from_regex(r"[a-z0-9_]([a-z0-9_-]{0,10}[a-z0-9_])?", fullmatch=True)
names = st.just("@") | st.just("*") | st.lists(labels, min_size=1, max_size=3).map(".".join)
hosts = (
    st.lists(labels, min_size=1, max_size=4)
    .map(lambda parts: ".".join(parts) + ".")
    .filter(lambda host: not host.removesuffix(".").rpartition(".")[2].isdecimal())
)
ranks = st.integers(0, 65535)
ttls = st.none() | st.integers(1, 2**31 - 1)
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=600) | st.text(
    'ab"\\ ;0123é\n\t', max_size=700
)


def draft(kind: str, content: str, **more: object) -> RecordDraft:
    values: dict[str, object] = {"name": "www", "type": kind, "content": content, **more}
    return RecordDraft(**values)  # type: ignore[arg-type]  # the fields of a draft, checked by it


def read_back(written: Wire, *, parts: bool = False) -> Record | None:
    content = written.content.split(" ") if parts else written.content
    return normalise(
        ZONE,
        record_id="7",
        name=written.name,
        kind=written.type,
        content=content,
        ttl=written.ttl,
        priority=written.priority,
    )


def as_record(meant: RecordDraft) -> Record:
    return Record(
        id="7", name=meant.name, type=meant.type, content=meant.content, ttl=meant.ttl, priority=meant.priority
    )


def assert_reads_back(meant: RecordDraft, spelling: Spelling) -> Wire:
    written = wire(meant, ZONE, spelling)
    assert read_back(written) == as_record(meant)
    return written


@given(texts, names, ttls, spellings)
def test_any_text_reads_back_as_it_was_meant(text, name, ttl, spelling):
    written = assert_reads_back(draft("TXT", text, name=name, ttl=ttl), spelling)
    assert not spelling.quoted or written.content.startswith('"')


@given(texts)
def test_no_string_of_a_text_is_longer_than_dns_allows(text):
    content = wire(draft("TXT", text), ZONE, Spelling(quoted=True)).content
    assert not set(content) & set("\n\r\t")
    strings = content.removeprefix('"').removesuffix('"').split('" "')
    assert text.count('" "') or all(len(one.encode()) <= 255 * 4 for one in strings)


@given(st.sampled_from(["CNAME", "NS", "PTR"]), hosts, names, spellings)
def test_host_names_read_back_with_and_without_a_final_dot(kind, host, name, spelling):
    written = assert_reads_back(draft(kind, host, name=name), spelling)
    assert written.content.endswith(".") is spelling.dotted


@given(hosts, ranks, ranks, ranks, spellings)
def test_mail_and_service_records_keep_their_priority_apart(host, priority, weight, port, spelling):
    assert assert_reads_back(draft("MX", host, priority=priority), spelling).priority == priority
    meant = draft("SRV", f"{weight} {port} {host}", priority=priority, name="_sip._tcp")
    written = assert_reads_back(meant, spelling)
    assert read_back(written, parts=True) == as_record(meant)


@given(
    st.integers(0, 255),
    st.sampled_from(["issue", "issuewild", "iodef"]),
    st.text(st.characters(codec="ascii", exclude_categories=["Cc"], exclude_characters=" ")),
    spellings,
)
def test_caa_records_read_back(flags, tag, value, spelling):
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    assert_reads_back(draft("CAA", f'{flags} {tag} "{escaped}"', name="@"), spelling)


@given(st.ip_addresses(v=4), st.ip_addresses(v=6), spellings)
def test_addresses_read_back(four, six, spelling):
    assert_reads_back(draft("A", str(four)), spelling)
    assert_reads_back(draft("AAAA", str(six)), spelling)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_names_in_other_scripts_go_out_in_punycode(spelling):
    written = wire(draft("CNAME", "bücher.example", name="Bücher"), ZONE, spelling)
    assert written.name == "xn--bcher-kva"
    assert written.content.removesuffix(".") == "xn--bcher-kva.example"


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_mail_and_no_service_are_a_dot(spelling):
    assert assert_reads_back(draft("MX", ".", priority=0), spelling).content == "."
    assert_reads_back(draft("SRV", "0 0 .", priority=0), spelling)


def test_a_plain_text_is_written_plain_where_the_zone_has_no_quotes():
    spf = "v=spf1 include:_spf.example.net -all"
    assert wire(draft("TXT", spf), ZONE, Spelling()).content == spf
    assert wire(draft("TXT", spf), ZONE, Spelling(quoted=True)).content == f'"{spf}"'
    # quotes and backslashes inside would be taken off or undone on the way
    assert wire(draft("TXT", 'say "hi"'), ZONE, Spelling()).content == '"say \\"hi\\""'
    assert wire(draft("TXT", ""), ZONE, Spelling()).content == '""'


def test_a_zone_shows_how_it_is_spelled():
    assert Spelling.seen([]) == Spelling(quoted=False, dotted=False)
    rows = [("TXT", '"a" "b"'), ("txt", '"c"'), ("TXT", "d"), ("MX", "10 mail.example.net."), ("A", "192.0.2.1")]
    assert Spelling.seen(rows) == Spelling(quoted=True, dotted=True)
    assert Spelling.seen([("SRV", ["5", "5060", "sip.example.net"]), (None, None), ("CNAME", [])]) == Spelling()


@pytest.mark.parametrize(
    ("field", "refused"),
    [
        ("type", draft("", "x")),
        ("type", draft("A B", "x")),
        ("type", draft("SOA", "ns1.example.com. hostmaster.example.com. 1 2 3 4 5")),
        ("name", draft("A", "192.0.2.1", name="www.example.net.")),
        ("name", draft("A", "192.0.2.1", name="a b")),
        ("name", draft("A", "192.0.2.1", name=".".join(["label" * 10] * 5))),
        ("content", draft("A", "999.1.1.1")),
        ("content", draft("A", "2001:db8::1")),
        ("content", draft("AAAA", "192.0.2.1")),
        ("content", draft("A", "")),
        ("content", draft("CNAME", "two words")),
        ("content", draft("CNAME", "192.0.2.1")),
        ("content", draft("MX", "192.0.2.1", priority=10)),
        ("content", draft("NS", "a..b")),
        ("content", draft("SRV", "5060 sip.example.net.", priority=10)),
        ("content", draft("SRV", "1 70000 sip.example.net.", priority=10)),
        ("content", draft("SRV", "1 x sip.example.net.", priority=10)),
        ("content", draft("CAA", "letsencrypt.org")),
        ("content", draft("CAA", '256 issue "letsencrypt.org"')),
        ("content", draft("TXT", "nothing\0here")),
        ("content", draft("TXT", "half \ud800 a sign")),
        ("content", draft("TXT", "x" * 100_001)),
        ("priority", draft("MX", "mail.example.net.")),
        ("priority", draft("MX", "mail.example.net.", priority=65536)),
        ("priority", draft("MX", "10 mail.example.net.", priority=20)),
        ("priority", draft("SRV", "5 5060 sip.example.net.", priority=-1)),
        ("priority", draft("A", "192.0.2.1", priority=10)),
        ("priority", draft("TXT", "text", priority=10)),
        ("ttl", draft("A", "192.0.2.1", ttl=0)),
        ("ttl", draft("A", "192.0.2.1", ttl=2**31)),
    ],
)
def test_what_is_no_record_is_refused_with_the_field_at_fault(field, refused):
    with pytest.raises(InvalidRequest) as caught:
        wire(refused, ZONE, Spelling())
    assert list(caught.value.fields) == [field]
    assert caught.value.sentence.endswith("Nothing was sent.")


scalars = st.text(max_size=40) | st.text('"\\ 0123.a@:-', max_size=20)


@given(
    st.builds(
        RecordDraft,
        name=scalars,
        type=st.sampled_from(["A", "AAAA", "CNAME", "MX", "TXT", "NS", "SRV", "CAA", "TLSA", "LOC", "DS", "SPF"]),
        content=scalars,
        ttl=st.none() | st.integers(),
        priority=st.none() | st.integers(),
    ),
    spellings,
)
def test_anything_is_either_refused_or_reads_back(anything, spelling):
    try:
        written = wire(anything, ZONE, spelling)
    except InvalidRequest as error:
        assert error.fields  # noqa: PT017 - either is right, nothing else is
        return
    assert read_back(written) == as_record(checked(anything, ZONE))
