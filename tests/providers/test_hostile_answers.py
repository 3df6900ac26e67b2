"""Answers made to harm: too much of everything, redirects that are none, and calls whose time is up."""

from __future__ import annotations

import gzip
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from itertools import chain, repeat
from typing import Any

import pytest

from providers.errors import (
    AuthenticationFailed,
    InvalidRequest,
    MalformedResponse,
    OutcomeUnknown,
    ProviderError,
    Unavailable,
)
from providers.http.bodies import BadBody, parse_json, read_body
from providers.http.judging import Answer, RawAnswer
from providers.http.words import Scrubber
from providers.limits import LocalLimiter
from providers.transport import LONGEST_CHANGE, Limits, Transport, path_segment
from tests.providers.kit import TOKEN, Handler, Portal, connection, portal, within

MEGABYTE = 1024 * 1024


class Signer:
    """Takes its time to sign and to renew; `renews` says whether that helps."""

    def __init__(self, *, signing: float = 0, renewing: float = 0, renews: bool = False) -> None:
        self.signing, self.renewing, self.renews = signing, renewing, renews

    def headers(self, transport: Transport) -> dict[str, str]:
        time.sleep(min(self.signing, 2 * transport.seconds_left()))
        return {"Authorization": f"Bearer {TOKEN}"}

    def renew(self, transport: Transport, rejected: Mapping[str, str]) -> bool:
        time.sleep(self.renewing)
        return self.renews


@pytest.fixture
def server() -> Iterator[Portal]:
    with portal() as running:
        yield running


def transport(server: Portal, signer: Signer | None = None, **options: Any) -> Transport:
    limits = options.pop("limits", None) or Limits(connect=3, read=3, total=8, body=MEGABYTE)
    check = options.pop("check", None)
    return Transport(connection(server.url, **options), signer or Signer(), limits=limits, check=check)


def ask(one: Transport, **options: Any) -> Answer:
    return one.read("GET", "/things", operation="GET /things", retry=False, **options)


def act(one: Transport, **options: Any) -> Answer:
    return one.change("POST", "/things", operation="POST /things", json={"a": 1}, **options)


@contextmanager
def memory_below(megabytes: int) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < megabytes * MEGABYTE
    finally:
        tracemalloc.stop()


# --- redirects ------------------------------------------------------------------------------------------------------------------


def sent_on_to(location: bytes) -> Callable[[Handler], None]:
    head = b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n"
    return lambda handler: (handler.wfile.write(head), None)[1]


NO_PLACES = {
    "no UTF-8": b"/ok\xff",
    "half an IPv6 address": b"http://[evil",
    "no host": b"http://",
    "no port": b"http://a:bad/",
    "an invisible sign": b"https://\xe2\x80\xae/",
    "a long name": b"http://x" + b"y" * 3000,
    "nothing": b"",
}


@pytest.mark.parametrize("location", NO_PLACES.values(), ids=NO_PLACES.keys())
def test_a_change_that_was_sent_on_anywhere_may_have_happened(server, location):
    server.behave = sent_on_to(location)
    with pytest.raises(OutcomeUnknown):
        act(transport(server))
    assert len(server.seen) == 1


def test_a_read_that_is_sent_on_to_no_address_says_so(server):
    server.behave = sent_on_to(b"http://[evil")
    with pytest.raises(MalformedResponse, match="no address"):
        ask(transport(server))


def test_the_body_of_a_redirect_is_not_unpacked_without_end(server):
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(64)) + packer.flush()
    server.behave = lambda handler: handler.reply(302, bomb, Location="/api/y", Content_Encoding="gzip")
    with memory_below(8):
        with pytest.raises(OutcomeUnknown):
            act(transport(server))
        with pytest.raises(MalformedResponse, match="circles"):
            ask(transport(server))


def test_a_redirect_brings_its_own_parameters(server):
    server.behave = lambda handler: (
        handler.reply(302, Location=handler.path.replace("/things", "/all"))
        if handler.path.startswith("/api/things")
        else handler.reply(body={})
    )
    ask(transport(server), params={"page": 2})
    assert [seen.path for seen in server.seen] == ["/api/things?page=2", "/api/all?page=2"]


# --- too much ---------------------------------------------------------------------------------------------------------------------


def test_a_packed_answer_that_goes_on_after_its_end_is_not_read_on():
    def chunks() -> Iterator[bytes]:
        yield gzip.compress(b"{}")
        yield b"x"
        pytest.fail("read on")

    with pytest.raises(BadBody, match="after its end"):
        read_body(chunks(), encoding="gzip", limit=MEGABYTE)
    with pytest.raises(BadBody, match="after its end"):
        read_body([gzip.compress(b"{}") + b"x"], encoding="gzip", limit=MEGABYTE)


def test_packing_that_never_becomes_anything_is_not_read_without_end():
    head, empty_block = b"\x1f\x8b\x08\0\0\0\0\0\0\x03", b"\0\0\0\xff\xff"
    with pytest.raises(BadBody, match="larger"):
        read_body(chain([head], repeat(empty_block * 20_000, 1000)), encoding="gzip", limit=MEGABYTE)


@pytest.mark.parametrize("part", ["[],", '{"a":{}},', "0.5,", "7000,", '"ab",'])
def test_small_json_that_would_fill_the_memory_is_not_parsed(part):
    body = ("[" + part * (15 * MEGABYTE // len(part)) + "0]").encode()
    with memory_below(1), pytest.raises(BadBody, match="more parts"):
        parse_json(body, depth=60)


def test_the_longest_real_lists_are_parsed():
    row = '{"id":"1000000","name":"a-rather-usual-name.example","tags":[],"amount":19.65},'
    data = parse_json(("[" + row * 40_000 + "{}]").encode(), depth=60)
    assert len(data) == 40_001
    assert data[0]["amount"] == Decimal("19.65")


# --- words ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\x01", "&#8203;"])
def test_a_secret_that_is_broken_up_by_what_nobody_sees_is_masked(sign):
    assert Scrubber(["Sup3rSecret"]).clean(f"bad: Sup3r{sign}Secret!") == "bad: •••!"


def test_a_number_without_end_in_a_portals_words_is_left_out(server):
    server.replies((400, {"error": "&#" + "9" * 9000 + "; no"}))
    with pytest.raises(InvalidRequest) as caught:
        act(transport(server))
    assert caught.value.upstream_words == "no"


def test_secrets_that_many_threads_add_are_all_remembered():
    scrubber = Scrubber([])

    def add(number: int) -> None:
        for step in range(100):
            scrubber.add(f"secret-{number}-{step}-end")

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(scrubber.clean(f"secret-{n}-{step}-end") == "•••" for n in range(4) for step in range(100))


def test_answers_show_nothing_of_themselves():
    told = {"set-cookie": "session=hush"}
    assert "hush" not in repr(Answer(200, told, {"token": "hush"}, b"hush"))
    assert "hush" not in repr(RawAnswer(200, told, b"hush"))


# --- what can't be written --------------------------------------------------------------------------------------------------------

HALF = "\ud800"


def test_half_a_sign_is_refused_before_anything_is_sent(server):
    one = transport(server)
    unwritable: list[dict[str, Any]] = [{name: {"body": HALF}} for name in ("json", "form", "params")]
    for options in unwritable:
        with pytest.raises(InvalidRequest, match="Nothing was sent") as caught:
            one.change("POST", "/things", operation="POST /things", **options)
        assert (caught.value.account, caught.value.operation) == ("Acme", "POST /things")
    with pytest.raises(InvalidRequest, match="Nothing was sent"):
        path_segment(HALF)
    with pytest.raises(InvalidRequest, match="Nothing was sent"):
        act(transport(server, headers={"X-Request-ID": HALF}))
    assert server.seen == []


# --- refused in words -------------------------------------------------------------------------------------------------------------


def refusing(answer: Answer, _operation: str, _changes: bool) -> None:
    if "error" in answer.data:
        raise AuthenticationFailed("Refused.", status=answer.status, upstream_words=answer.data["error"])


@pytest.mark.parametrize(("renews", "times"), [(True, 2), (False, 1)])
def test_a_change_that_a_fresh_signature_does_not_help_does_not_condemn_the_credential(server, renews, times):
    server.replies((200, {"error": "Expired token"}))
    with pytest.raises(InvalidRequest) as caught:
        act(transport(server, Signer(renews=renews), check=refusing))
    assert (caught.value.upstream_words, caught.value.account) == ("Expired token", "Acme")
    assert len(server.seen) == times
    server.replies((401, {"error": "Expired token"}))
    with pytest.raises(AuthenticationFailed):
        act(transport(server, Signer(renews=renews), check=refusing))


# --- time -------------------------------------------------------------------------------------------------------------------------

SHORT = Limits(connect=0.3, read=0.3, total=0.3)


def late(caught: pytest.ExceptionInfo[Unavailable]) -> bool:
    return caught.value.cause == "timeout" and caught.value.operation == "POST /things"


def test_a_change_is_not_sent_after_its_time(server):
    with pytest.raises(Unavailable) as caught:
        act(transport(server, Signer(signing=0.5), limits=SHORT))
    assert late(caught)
    assert server.seen == []


def test_a_change_is_not_sent_again_after_its_time(server):
    server.replies((401, {}))
    with pytest.raises(Unavailable) as caught:
        act(transport(server, Signer(renewing=0.4, renews=True), limits=SHORT))
    assert late(caught)
    assert len(server.seen) == 1


def test_a_change_that_waited_too_long_for_its_turn_is_not_sent(server):
    class Slow(LocalLimiter):
        @contextmanager
        def slot(self, *, timeout: float) -> Iterator[None]:
            time.sleep(timeout + 0.05)
            yield

    with pytest.raises(Unavailable) as caught:
        act(transport(server, limits=SHORT, limiter=Slow(rate_per_minute=60, concurrency=1)))
    assert late(caught)
    assert server.seen == []


def test_a_sign_in_has_the_time_that_its_call_has_left(server):
    class SignsIn(Signer):
        def headers(self, transport: Transport) -> dict[str, str]:
            transport.read("POST", "/login", operation="POST /login", signed=False)
            return {}

    server.behave = lambda handler: handler.hang()
    with within(3), pytest.raises(Unavailable):
        act(transport(server, SignsIn(), limits=Limits(total=0.5)))
    assert {seen.path for seen in server.seen} == {"/api/login"}


def test_no_call_outlasts_what_is_told_of_it(server):
    """The parts that wait, each for as long as it can, with a hundredth of the ordinary patience."""
    ordinary = Limits()
    limits = Limits(connect=0.05, read=ordinary.read, total=ordinary.total / 100)
    slack = LONGEST_CHANGE - ordinary.total
    server.replies(lambda handler: handler.reply(401, {}), lambda handler: handler.drip(b"HTTP/1.1 200 OK\r\n\r\n"))
    for call in (ask, act):
        with within(limits.total + slack), pytest.raises(ProviderError):
            call(transport(server, Signer(signing=0.1, renewing=0.2, renews=True), limits=limits))
