import pytest
from hypothesis import given
from hypothesis import strategies as st

from domains.dns.delegation import bypassed, operators
from tests.domains.test_record_groups import Line
from web.hosts import host, unicode_host


@pytest.mark.parametrize("name", ["example.com", "_dmarc.example.com", "xn--a.vn", "xn--.vn", "xn--ls8h.example", ""])
def test_a_name_that_is_no_valid_international_one_stays_as_it_stands(name):
    assert unicode_host(name) == name


@pytest.mark.parametrize("written", ["smørrebrød.dk", "bánh-mì.vn", "mysore.भारत", "例え.jp"])
def test_an_international_name_is_shown_in_its_own_script(written):
    assert unicode_host(written.encode("idna").decode()) == written


def test_the_punycode_is_kept_at_hand():
    punycode = "bánh-mì.vn".encode("idna").decode()
    assert host(punycode) == f'<span class="mono" title="{punycode}">bánh-mì.vn</span>'


def test_markup_in_a_name_is_text():
    assert "<script>" not in host("<script>alert(1)</script>.com")


@given(st.text())
def test_no_name_breaks_a_page(name):
    assert isinstance(host(name), str)


@given(st.text(alphabet="abcxn-0123456789", max_size=20))
def test_no_punycode_breaks_a_page(label):
    assert isinstance(unicode_host(f"xn--{label}.vn"), str)


def test_name_servers_tell_who_runs_them():
    assert operators(["ns1.dandomain.dk", "ns2.dandomain.dk.", "ns.other.net"]) == ["dandomain.dk", "other.net"]
    assert operators(["localhost"]) == ["localhost"]


def test_a_zone_that_the_registry_points_past_is_told():
    records = [Line("@", "NS", "ns1.portal.example."), Line("@", "A", "192.0.2.1")]
    assert bypassed(["ns1.cloudflare.example"], records)
    assert not bypassed(["NS1.portal.example", "ns2.portal.example"], records)


def test_nothing_is_claimed_where_one_side_says_nothing():
    assert not bypassed(None, [Line("@", "NS", "ns1.portal.example.")])
    assert not bypassed(["ns1.cloudflare.example"], [Line("@", "A", "192.0.2.1")])
