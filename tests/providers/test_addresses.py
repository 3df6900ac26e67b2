"""A base URL can't be turned against the own network, and TLS is what it says."""

import ipaddress
import socket
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.addresses import AllowedUpstreams, is_private
from providers.errors import OutcomeUnknown, Unavailable
from providers.transport import Limits, Transport
from tests.providers.kit import LOCAL, connection, portal
from tests.providers.test_transport import Signer
from tests.self_signed import certificate_for

HASTY = Limits(0.3, 1, 2, attempts=1)
PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "203.0.113.5",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:c0a8:101::1",
    "2001::1",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "193.0.6.139",
    "2606:4700:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_the_own_network_is_private(address):
    assert is_private(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_an_ordinary_address_is_not_private(address):
    assert not is_private(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_embedded_address_is_judged_like_itself(address):
    number = int(address)
    mapped = ipaddress.IPv6Address((0xFFFF << 32) | number)
    translated = ipaddress.IPv6Address((0x64FF9B << 96) | number)
    sixth = ipaddress.IPv6Address((0x2002 << 112) | (number << 80) | 1)
    assert {is_private(one) for one in (mapped, translated, sixth)} == {is_private(address)}


def test_the_operators_exceptions_are_hosts_ports_and_networks():
    allowed = AllowedUpstreams.parse([" Portal.Example ", "127.0.0.1:8100", "10.0.0.0/8", "[::1]:9000", "fd00::/8", ""])
    assert allowed.lists_host("portal.example.", 443)
    assert allowed.lists_host("127.0.0.1", 8100)
    assert not allowed.lists_host("127.0.0.1", 8101)
    assert allowed.lists_host("::1", 9000)
    assert allowed.lists_host("10.2.3.4", 80)
    assert not allowed.lists_host("sub.portal.example", 443)
    assert allowed.lists_address(ipaddress.ip_address("fd12::1"))


@pytest.mark.parametrize("entry", ["10.0.0.0/99", "host:port", "host:99999", ":80"])
def test_an_exception_that_makes_no_sense_is_named(entry):
    with pytest.raises(ValueError, match="is neither"):
        AllowedUpstreams.parse([entry])


# --- at the moment of connecting -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server():
    with portal() as running:
        yield running


@pytest.fixture
def names(monkeypatch):
    """A resolver of our own: names to addresses; counts its lookups."""
    table: dict[str, list[str]] = {}
    lookups: list[str] = []
    real = socket.getaddrinfo

    def look_up(host, port, *args, **options):
        if host not in table:
            return real(host, port, *args, **options)
        lookups.append(host)
        return [entry for address in table[host] for entry in real(address, port, 0, socket.SOCK_STREAM)]

    monkeypatch.setattr("providers.addresses.socket.getaddrinfo", look_up)
    table["lookups"] = lookups
    return table


def attempt(url: str, allowed: tuple[str, ...] = (), kind: str = "read", **options: Any) -> Any:
    options.setdefault("limits", Limits(3, 3, 6, attempts=1))
    transport = Transport(connection(url, allowed_upstreams=allowed), Signer(), **options)
    try:
        call = getattr(transport, kind)
        return call("GET", "/things", operation="GET /things").data
    finally:
        transport.close()


@pytest.mark.parametrize("kind", ["read", "change"])
@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254"]
)
def test_the_own_network_is_refused_however_it_is_written(server, host, kind):
    server.seen.clear()
    for scheme in ("http", "https"):
        with pytest.raises(Unavailable) as caught:
            attempt(f"{scheme}://{host}:{server.port}/api", kind=kind)
        assert caught.value.cause == "private_address"
        assert "HOLDFAST_ALLOWED_UPSTREAMS" in caught.value.sentence
    assert server.seen == []


def test_one_private_address_among_public_ones_refuses_the_name(names):
    names["both.example"] = ["93.184.215.14", "127.0.0.1"]
    with pytest.raises(Unavailable) as caught:
        attempt("https://both.example/api")
    assert caught.value.cause == "private_address"


@pytest.mark.parametrize("elsewhere", [["10.0.0.1"], ["127.0.0.1", "169.254.169.254"], ["93.184.215.14", "10.0.0.1"]])
def test_a_redirect_is_followed_only_to_an_address_that_is_checked_anew(server, names, elsewhere):
    names["portal.example"] = ["127.0.0.1"]
    server.seen.clear()

    def send_on(handler):
        names["portal.example"] = elsewhere
        handler.reply(302, Location="/api/elsewhere", Connection="close")

    server.behave = send_on
    try:
        with pytest.raises(Unavailable) as caught:
            attempt(f"http://portal.example:{server.port}/api", LOCAL)
    finally:
        server.behave = lambda handler: handler.reply(body={"ok": True})
    assert caught.value.cause == "private_address"
    assert [seen.path for seen in server.seen] == ["/api/things"]


def test_a_repetition_is_made_only_to_an_address_that_is_checked_anew(server, names):
    names["portal.example"] = ["127.0.0.1"]
    server.seen.clear()

    def break_off(handler):
        names["portal.example"] = ["10.0.0.1"]
        handler.reset()

    server.behave = break_off
    try:
        with pytest.raises(Unavailable) as caught:
            attempt(f"http://portal.example:{server.port}/api", LOCAL, limits=Limits(3, 3, 6, pause=0.01))
    finally:
        server.behave = lambda handler: handler.reply(body={"ok": True})
    assert caught.value.cause == "private_address"
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "addresses", [["93.184.215.14", "127.0.0.1"], ["2606:2800:21f:cb07::1", "::1"], ["::ffff:10.0.0.1"]]
)
@pytest.mark.parametrize("kind", ["read", "change"])
def test_nothing_is_sent_to_a_name_with_public_and_private_addresses_in_whichever_order(server, names, addresses, kind):
    server.seen.clear()
    for order in (addresses, addresses[::-1]):
        names["both.example"] = order
        for scheme in ("http", "https"):
            with pytest.raises(Unavailable) as caught:
                attempt(f"{scheme}://both.example:{server.port}/api", kind=kind)
            assert caught.value.cause == "private_address"
    assert server.seen == []


def test_a_listed_name_is_looked_up_once_and_reached_at_that_address(server, names):
    names["portal.example"] = ["127.0.0.1"]
    assert attempt(f"http://portal.example:{server.port}/api", ("portal.example",)) == {"ok": True}
    assert names["lookups"] == ["portal.example"]
    assert server.seen[-1].headers["Host"] == f"portal.example:{server.port}"


def test_a_listed_network_allows_the_names_that_lead_into_it(server, names):
    names["portal.example"] = ["127.0.0.1"]
    assert attempt(f"http://portal.example:{server.port}/api", LOCAL) == {"ok": True}
    names["portal.example"] = ["127.0.0.1", "10.0.0.1"]
    with pytest.raises(Unavailable):
        attempt(f"https://portal.example:{server.port}/api", LOCAL)


def test_a_dead_address_does_not_hide_a_good_one(server, names):
    names["portal.example"] = ["127.0.0.9", "127.0.0.1"]
    assert attempt(f"http://portal.example:{server.port}/api", LOCAL) == {"ok": True}


def test_plain_http_to_a_public_host_is_refused(names):
    names["portal.example"] = ["93.184.215.14"]
    with pytest.raises(Unavailable, match="without encryption") as caught:
        attempt("http://portal.example/api", kind="change")
    assert caught.value.cause == "other"


def test_a_name_that_does_not_exist_says_so():
    for host in ("nowhere.invalid", f"{'a' * 70}.example"):
        with pytest.raises(Unavailable) as caught:
            attempt(f"https://{host}/api", kind="change")
        assert caught.value.cause == "name"


def test_a_resolver_that_hangs_is_a_time_out(monkeypatch):
    hanging = threading.Event()
    monkeypatch.setattr("providers.addresses.socket.getaddrinfo", lambda *_: hanging.wait(5))
    with pytest.raises(Unavailable) as caught:
        attempt("https://portal.example/api", kind="change", limits=HASTY)
    hanging.set()
    assert caught.value.cause == "timeout"


# --- TLS ----------------------------------------------------------------------------------------------------------------


def tls(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def test_a_good_certificate_is_checked_by_the_hosts_name(tmp_path, names):
    names["portal.example"] = names["other.example"] = ["127.0.0.1"]
    path = certificate_for("portal.example", tmp_path)
    with portal(tls(path)) as server:
        url = f"https://portal.example:{server.port}/api"
        assert attempt(url, LOCAL, ca_bundle=str(path)) == {"ok": True}
        assert attempt(url, LOCAL, "change", ca_bundle=str(path)) == {"ok": True}
        with pytest.raises(Unavailable, match="can't be trusted: Hostname mismatch") as caught:
            attempt(f"https://other.example:{server.port}/api", LOCAL, "change", ca_bundle=str(path))
    assert caught.value.cause == "tls"
    assert len(server.seen) == 2


@pytest.mark.parametrize("kind", ["read", "change"])
@pytest.mark.parametrize(("days", "why"), [(1, "self-signed certificate"), (-1, "certificate has expired")])
def test_a_certificate_that_nobody_vouches_for_ends_it_before_anything_left(tmp_path, names, kind, days, why):
    names["portal.example"] = ["127.0.0.1"]
    path = certificate_for("portal.example", tmp_path, days=days)
    with portal(tls(path)) as server, pytest.raises(Unavailable, match=why) as caught:
        attempt(
            f"https://portal.example:{server.port}/api", LOCAL, kind, **({"ca_bundle": str(path)} if days < 0 else {})
        )
    assert caught.value.cause == "tls"
    assert server.seen == []


def test_a_server_without_tls_ends_it_before_anything_left(server):
    server.seen.clear()
    with pytest.raises(Unavailable) as caught:
        attempt(f"https://127.0.0.1:{server.port}/api", LOCAL, "change")
    assert caught.value.cause == "tls"
    assert server.seen == []


def test_a_handshake_that_never_ends_is_a_time_out_before_anything_left():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(5)
        with pytest.raises(Unavailable) as caught:
            attempt(f"https://127.0.0.1:{silent.getsockname()[1]}/api", LOCAL, "change", limits=HASTY)
    assert caught.value.cause == "timeout"


def test_a_reset_inside_tls_is_unknown_for_a_change(tmp_path, names):
    names["portal.example"] = ["127.0.0.1"]
    path = certificate_for("portal.example", tmp_path)
    with portal(tls(path)) as server:
        server.behave = lambda handler: handler.reset()
        with pytest.raises(OutcomeUnknown):
            attempt(f"https://portal.example:{server.port}/api", LOCAL, "change", ca_bundle=str(path))
