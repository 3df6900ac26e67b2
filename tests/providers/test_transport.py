"""The transport against a real server that misbehaves."""

import gzip
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest

from providers.errors import (
    AuthenticationFailed,
    InvalidRequest,
    MalformedResponse,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    PaymentRequired,
    PermissionDenied,
    RateLimited,
    Unavailable,
)
from providers.limits import LocalLimiter
from providers.transport import Answer, Limits, Transport, path_segment
from tests.providers.kit import TOKEN, Calls, Limiter, Portal, connection, portal, within

PATIENT = Limits(connect=3, read=3, total=8, body=1024 * 1024)
QUICK = Limits(connect=0.5, read=0.2, total=0.6)


class Signer:
    """Signs with a token and has fresh ones to give after a 401."""

    def __init__(self, *fresh: str) -> None:
        self.token = TOKEN
        self.fresh = list(fresh)

    def headers(self, transport: Transport) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def renew(self, transport: Transport, rejected: Mapping[str, str]) -> bool:
        if not self.fresh:
            return False
        self.token = self.fresh.pop(0)
        return True


@pytest.fixture(scope="module")
def server() -> Iterator[Portal]:
    with portal() as running:
        yield running


@pytest.fixture(autouse=True)
def _forget(server):
    server.seen.clear()


@pytest.fixture
def make(server):
    made = []

    def transport(url=None, signer=None, limits=PATIENT, check=None, **changes):
        one = Transport(connection(url or server.url, **changes), signer or Signer(), limits=limits, check=check)
        made.append(one)
        return one

    yield transport
    for one in made:
        one.close()


def ask(transport: Transport, **options: Any) -> Answer:
    return transport.read("GET", "/things", operation="GET /things", **options)


def act(transport: Transport, **options: Any) -> Answer:
    return transport.change("POST", "/things", operation="POST /things", json={"a": 1}, **options)


# --- what goes out and comes back ---------------------------------------------------------------------------------------------


def test_a_read_sends_the_signature_the_parameters_and_the_request_id(server, make):
    server.replies((200, {"total": 19.65, "count": 3}))
    answer = ask(make(headers={"X-Request-ID": "r-1"}), params={"status": "a b", "page": 2})
    seen = server.seen[0]
    assert seen.path == "/api/things?status=a+b&page=2"
    assert seen.headers["Authorization"] == f"Bearer {TOKEN}"
    assert seen.headers["X-Request-ID"] == "r-1"
    assert answer.data == {"total": Decimal("19.65"), "count": 3}
    assert answer.headers["content-type"] == "application/json"


def test_bodies_are_sent_as_json_or_as_a_form(server, make):
    transport = make()
    transport.change("POST", "/x", operation="POST /x", json={"amount": Decimal("1.50"), "name": "bücher"})
    transport.change("POST", "/x", operation="POST /x", form={"user": "a@b.c", "password": "ü&="})
    assert json.loads(server.seen[0].sent) == {"amount": "1.50", "name": "bücher"}
    assert server.seen[1].sent == b"user=a%40b.c&password=%C3%BC%26%3D"
    assert server.seen[1].headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_reads_share_a_connection_and_every_change_has_one_of_its_own(server, make):
    transport = make()
    for _ in range(3):
        ask(transport)
        act(transport)
    reads = {seen.peer for seen in server.seen if seen.command == "GET"}
    changes = {seen.peer for seen in server.seen if seen.command == "POST"}
    assert len(reads) == 1
    assert len(changes) == 3
    assert not reads & changes
    assert all(seen.headers["Connection"] == "close" for seen in server.seen if seen.command == "POST")


def test_a_portal_that_closes_idle_connections_costs_a_read_nothing_but_a_new_one(server, make):
    def close_after(handler):
        handler.reply(body={"ok": 1})
        handler.close_connection = True

    server.behave = close_after
    transport = make()
    for _ in range(5):
        assert ask(transport).data == {"ok": 1}
        time.sleep(0.02)
    assert len(server.seen) == 5


def test_no_cookie_is_kept_and_no_proxy_of_the_environment_used(server, make, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    server.replies(lambda handler: handler.reply(body={}, Set_Cookie="session=1; Path=/"))
    transport = make()
    ask(transport)
    ask(transport)
    assert server.seen[1].headers["Cookie"] is None


def test_packed_answers_are_unpacked(server, make):
    server.replies(lambda handler: handler.reply(body=gzip.compress(b'{"a": 1}'), Content_Encoding="gzip"))
    assert ask(make()).data == {"a": 1}


def test_bytes_and_empty_answers_are_given_where_they_are_expected(server, make):
    server.replies((200, b"%PDF\0"), (204, b""), (200, b"OK"), (200, {"success": True}))
    transport = make()
    assert ask(transport, expect="bytes").content == b"%PDF\0"
    assert act(transport, expect="empty").data is None
    assert act(transport, expect="empty").data is None
    assert act(transport, expect="empty").data == {"success": True}


def test_threads_share_one_transport(server, make):
    server.behave = lambda handler: handler.reply(body={"path": handler.path})
    transport = make()
    wrong = []

    def work(number):
        for step in range(10):
            data = transport.read("GET", f"/{number}-{step}", operation="GET /{id}").data
            if data != {"path": f"/api/{number}-{step}"}:
                wrong.append(data)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(server.seen) == 60


# --- answers that are refusals -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, InvalidRequest),
        (402, PaymentRequired),
        (403, PermissionDenied),
        (404, NotFound),
        (405, NotSupported),
        (409, InvalidRequest),
        (410, NotFound),
        (422, InvalidRequest),
        (501, NotSupported),
    ],
)
def test_a_refusal_is_its_error_with_the_portals_words(server, make, status, error):
    server.replies((status, {"detail": "No <b>such</b>\nluck"}))
    for call in (ask, act):
        with pytest.raises(error) as caught:
            call(make())
        assert caught.value.status == status
        assert caught.value.upstream_words == "No such luck"
        assert caught.value.account == "Acme"
        assert caught.value.operation.endswith("/things")
    assert len(server.seen) == 2


def test_invalid_input_names_the_fields(server, make):
    server.replies((400, {"years": ["Too many."], "domain_name": ["Bad.", "Taken."]}))
    with pytest.raises(InvalidRequest) as caught:
        act(make())
    assert {name: list(texts) for name, texts in caught.value.fields.items()} == {
        "years": ["Too many."],
        "domain_name": ["Bad.", "Taken."],
    }
    assert caught.value.upstream_words == "years: Too many.; domain_name: Bad., Taken."


def test_a_portal_that_echoes_the_credential_is_not_quoted_with_it(server, make, caplog):
    password = "p&ss wörd!"
    echoes = (
        f"bad {TOKEN} / {password} / p%26ss+w%C3%B6rd%21 / p&amp;ss wörd! / eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc"
    )
    server.replies((400, {"error": [echoes], "password": [echoes]}))
    transport = make(credential={"username": "alice@example.com", "password": password})
    with caplog.at_level(logging.DEBUG), pytest.raises(InvalidRequest) as caught:
        act(transport, params={"key": password})
    told = (
        f"{caught.value!r} {caught.value} {caught.value.upstream_words} {caught.value.fields} {transport.connection!r}"
    )
    ours = [record for record in caplog.records if record.name.startswith("holdfast")]
    told += " ".join(str(vars(record)) for record in ours)
    for secret in (TOKEN, password, "p%26ss", "p&amp;ss", "eyJ"):
        assert secret not in told
    assert "bad •••" in caught.value.upstream_words


def test_a_refused_signature_is_renewed_once(server, make):
    server.behave = lambda handler: handler.reply(
        *((200, {"ok": 1}) if handler.headers["Authorization"] == "Bearer second" else (401, {"detail": "old"}))
    )
    assert ask(make(signer=Signer("second"))).data == {"ok": 1}
    assert act(make(signer=Signer("second"))).data == {"ok": 1}
    server.seen.clear()
    for signer in (Signer(), Signer("third")):
        with pytest.raises(AuthenticationFailed):
            ask(make(signer=signer))
    assert len(server.seen) == 3


def test_a_sign_in_carries_no_signature_and_is_sent_once(server, make):
    server.replies((401, {"error": ["wrong"]}))
    with pytest.raises(AuthenticationFailed):
        make(signer=Signer("x")).read("POST", "/login", operation="POST /login", signed=False, retry=False)
    assert len(server.seen) == 1
    assert server.seen[0].headers["Authorization"] is None


def test_a_body_check_can_refuse_and_can_ask_for_a_renewal(server, make):
    def check(answer, _operation, _changes):
        if "error" in answer.data:
            kind = AuthenticationFailed if answer.data["error"] == "token" else InvalidRequest
            raise kind("Refused.", upstream_words=f"said {TOKEN}")

    server.replies((200, {"error": "token"}), (200, {"ok": 1}), (200, {"error": "no"}))
    assert act(make(signer=Signer("second"), check=check)).data == {"ok": 1}
    with pytest.raises(InvalidRequest) as caught:
        act(make(check=check))
    assert (caught.value.account, caught.value.operation) == ("Acme", "POST /things")
    assert caught.value.upstream_words == "said •••"


# --- waiting and trying again ---------------------------------------------------------------------------------------------------


def test_a_read_is_tried_again_after_server_errors_and_resets(server, make):
    calls = Calls()
    server.replies((503, b""), lambda handler: handler.reset(), (200, {"ok": 1}))
    assert ask(make(on_call=calls, limits=Limits(read=1, total=5))).data == {"ok": 1}
    assert [(call.status, call.error) for call in calls] == [(503, "unavailable"), (0, "unavailable"), (200, "")]
    assert calls[2].received_bytes == len('{"ok": 1}')


def test_a_read_gives_up_after_some_attempts(server, make):
    server.replies((500, {"detail": "oops"}))
    with within(6), pytest.raises(Unavailable) as caught:
        ask(make(limits=Limits(read=1, total=10, attempts=3)))
    assert caught.value.cause == "server_error"
    assert len(server.seen) == 3


def test_retry_after_is_obeyed_when_it_fits_and_reported_when_not(server, make):
    limiter = Limiter()
    server.replies(lambda handler: handler.reply(429, {}, Retry_After="1"), (200, {"ok": 1}))
    started = time.monotonic()
    assert ask(make(limits=Limits(total=5), limiter=limiter)).data == {"ok": 1}
    assert 1 <= time.monotonic() - started < 3
    assert limiter.learned == [(None, None, 1.0)]
    server.replies(lambda handler: handler.reply(429, {"detail": "slow"}, Retry_After="120"))
    for call in (ask, act):
        with within(6), pytest.raises(RateLimited) as caught:
            call(make())
        assert caught.value.retry_after == 120


def test_what_upstream_says_of_its_limit_reaches_the_limiter(server, make):
    limiter = Limiter()
    headers = {"X_RateLimit_Remaining": "7", "X_RateLimit_Reset": str(int(time.time()) + 60)}
    server.replies(lambda handler: handler.reply(body={}, **headers))
    ask(make(limiter=limiter))
    ((remaining, reset_after, retry_after),) = limiter.learned
    assert (remaining, retry_after) == (7, None)
    assert reset_after is not None
    assert 55 < reset_after <= 60


def test_a_portal_that_is_down_for_long_is_told_so_and_not_asked_again(server, make):
    server.replies(lambda handler: handler.reply(503, {}, Retry_After="120"))
    limiter = LocalLimiter(rate_per_minute=600, concurrency=2)
    with within(4), pytest.raises(Unavailable) as caught:
        ask(make(limiter=limiter))
    assert (caught.value.status, len(server.seen)) == (503, 1)
    for call in (ask, act):
        with within(2), pytest.raises(RateLimited, match="portal asked") as held:
            call(make(limiter=limiter))
        assert 100 < held.value.retry_after <= 120
    assert len(server.seen) == 1


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize(
    ("headers", "wait"),
    [({}, 30.0), ({"X_RateLimit_Reset": "7"}, 7.0), ({"X_RateLimit_Reset": "90", "Retry_After": "4"}, 4.0)],
)
def test_a_portal_that_takes_no_more_calls_is_left_in_peace_by_everybody(server, make, signed, headers, wait):
    limiter = Limiter()
    server.replies(lambda handler: handler.reply(429, {}, **headers))
    with pytest.raises(RateLimited) as caught:
        ask(make(limiter=limiter), retry=False, signed=signed)
    assert caught.value.retry_after == wait
    assert [retry_after for _, _, retry_after in limiter.learned] == [wait]


def test_the_limit_on_sign_ins_is_not_taken_for_the_limit_on_calls(server, make):
    limiter = Limiter()
    server.replies(lambda handler: handler.reply(body={}, X_RateLimit_Remaining="0", X_RateLimit_Reset="60"))
    ask(make(limiter=limiter), signed=False)
    assert limiter.learned == []
    ask(make(limiter=limiter))
    assert limiter.learned == [(0, 60.0, None)]


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_change_that_met_trouble_may_have_happened_and_is_sent_once(server, make, status):
    server.replies((status, {"detail": "oops"}))
    with pytest.raises(OutcomeUnknown) as caught:
        act(make())
    assert caught.value.status == status
    assert len(server.seen) == 1


# --- answers that make no sense ---------------------------------------------------------------------------------------------------

BOMB = gzip.compress(b" " * 50_000_000)
NONSENSE = {
    "a web page": lambda handler: handler.reply(body="<!doctype html><p>hi", Content_Type="text/html"),
    "a web page that claims to be JSON": lambda handler: handler.reply(body="<html>", Content_Type="application/json"),
    "nothing": lambda handler: handler.reply(),
    "broken JSON": lambda handler: handler.reply(body='{"a": [1, 2'),
    "not a number": lambda handler: handler.reply(body='{"a": NaN}'),
    "a number without end": lambda handler: handler.reply(body="9" * 10_000),
    "bad UTF-8": lambda handler: handler.reply(body=b'{"a": "\xff\xfe\xff"}'),
    "deep JSON": lambda handler: handler.reply(body="[" * 100_000 + "]" * 100_000),
    "rather deep JSON": lambda handler: handler.reply(body="[" * 100 + "]" * 100),
    "a packed bomb": lambda handler: handler.reply(body=BOMB, Content_Encoding="gzip"),
    "broken packing": lambda handler: handler.reply(body=b"abc", Content_Encoding="gzip"),
    "unknown packing": lambda handler: handler.reply(body=b"abc", Content_Encoding="br"),
    "half a packing": lambda handler: handler.reply(body=gzip.compress(b"{}" * 9)[:-9], Content_Encoding="gzip"),
    "a redirect to nowhere": lambda handler: handler.reply(304),
}


@pytest.mark.parametrize("behave", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_is_malformed_for_a_read_and_unknown_for_a_change(server, make, behave):
    server.behave = behave
    with within(6), pytest.raises(MalformedResponse):
        ask(make())
    with within(6), pytest.raises(OutcomeUnknown):
        act(make())
    assert len(server.seen) == 2


def test_fifty_megabytes_are_not_read(server, make):
    sent = []

    def flood(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(50 * 1024 * 1024))
        handler.end_headers()
        for _ in range(800):
            handler.wfile.write(b" " * 65536)
            sent.append(65536)

    server.behave = flood
    with within(6), pytest.raises(MalformedResponse, match="larger than 1 MB"):
        ask(make())
    with within(6), pytest.raises(OutcomeUnknown):
        act(make())
    time.sleep(0.1)
    assert sum(sent) < 2 * 12 * 1024 * 1024


def test_a_page_behind_403_or_404_is_no_word_of_the_api(server, make):
    for status in (403, 404):
        server.replies((status, b"<html>blocked</html>"))
        with pytest.raises(MalformedResponse) as caught:
            ask(make())
        assert caught.value.status == status


BREAKS = {
    "hangs before the answer": lambda handler: handler.hang(),
    "drips its headers": lambda handler: handler.drip(b"HTTP/1.1 200 OK\r\nX-Slow: "),
    "drips its body": lambda handler: handler.drip(b"HTTP/1.1 200 OK\r\n\r\n"),
    "drips a body of known length": lambda handler: handler.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n"),
    "resets after the request": lambda handler: handler.reset(),
    "truncates": lambda handler: (
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}"),
        handler.reset(),
    ),
    "speaks no HTTP": lambda handler: (handler.wfile.write(b"220 mail.example ESMTP\r\n"), handler.reset()),
    "ends a chunk early": lambda handler: (
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"),
        handler.reset(),
    ),
}


@pytest.mark.parametrize("behave", BREAKS.values(), ids=BREAKS.keys())
def test_a_break_is_unavailable_for_a_read_and_unknown_for_a_change(server, make, behave):
    server.behave = behave
    with within(6), pytest.raises(Unavailable):
        ask(make(limits=QUICK))
    server.seen.clear()
    with within(6), pytest.raises(OutcomeUnknown):
        act(make(limits=QUICK))
    assert len(server.seen) == 1


def test_a_hanging_server_is_a_time_out_of_the_whole_read(server, make):
    server.behave = lambda handler: handler.hang()
    with within(6), pytest.raises(Unavailable) as caught:
        ask(make(limits=Limits(read=0.2, total=2)))
    assert caught.value.cause == "timeout"
    assert len(server.seen) >= 2


# --- redirects ------------------------------------------------------------------------------------------------------------------


def test_a_read_follows_redirects_inside_its_origin(server, make):
    server.behave = lambda handler: (
        handler.reply(302, Location="/api/elsewhere")
        if handler.path == "/api/things"
        else handler.reply(body={"ok": 1})
    )
    assert ask(make()).data == {"ok": 1}


@pytest.mark.parametrize(
    "target",
    [
        "http://localhost:{port}/x",
        "https://127.0.0.1:{port}/x",
        "http://127.0.0.1:1/x",
        "//evil.example/x",
        "http://169.254.169.254/latest",
        "http://evil@127.0.0.1:{port}/x",
        "http://127.0.0.1:{port}@evil.example/x",
        "//127.0.0.1:{port}@evil.example/x",
        "/\t/evil.example/x",
        "HTTPS://127.0.0.1:{port}/x",
        "ftp://127.0.0.1:{port}/x",
    ],
)
def test_a_credential_never_follows_a_redirect_elsewhere(server, make, target):
    server.behave = lambda handler: handler.reply(302, Location=target.format(port=server.port))
    with pytest.raises(MalformedResponse, match="must not follow"):
        ask(make())
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_another_server_that_is_redirected_to_hears_nothing(server, make, status):
    with portal() as other:
        for host in ("127.0.0.1", "localhost"):
            server.behave = lambda handler, host=host: handler.reply(
                status, Location=f"http://{host}:{other.port}/api/x"
            )
            with pytest.raises(MalformedResponse):
                ask(make())
            with pytest.raises(OutcomeUnknown):
                act(make())
        assert other.seen == []
    assert len(server.seen) == 4


def test_a_read_does_not_go_round_in_circles(server, make):
    server.behave = lambda handler: handler.reply(307, Location=handler.path)
    with pytest.raises(MalformedResponse, match="circles"):
        ask(make())
    assert len(server.seen) == 4


def test_a_change_follows_no_redirect(server, make):
    for status in (301, 302, 303, 307, 308):
        server.behave = lambda handler, status=status: handler.reply(status, Location="/api/elsewhere")
        with pytest.raises(OutcomeUnknown):
            act(make())
    assert len(server.seen) == 5


# --- what never leaves us -----------------------------------------------------------------------------------------------------


def test_nothing_listens_there(make):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    for call in (ask, act):
        with within(6), pytest.raises(Unavailable) as caught:
            call(make(url, limits=QUICK))
        assert caught.value.cause == "refused"


def test_a_full_backlog_is_a_time_out_before_anything_left(make):
    with socket.socket() as busy, socket.socket() as first, socket.socket() as second:
        busy.bind(("127.0.0.1", 0))
        busy.listen(0)
        for filler in (first, second):
            filler.settimeout(0)
            filler.connect_ex(busy.getsockname())
        limits = Limits(connect=0.3, total=1, attempts=1)
        with within(6), pytest.raises(Unavailable) as caught:
            act(make(f"http://127.0.0.1:{busy.getsockname()[1]}", limits=limits))
    assert caught.value.cause == "timeout"


@pytest.mark.parametrize("path", ["things", "/a/../b", "/a?b=c", "/a#b", "/a b", "//evil.example", "/a\\b", "/a\nb"])
def test_a_path_that_leads_elsewhere_is_not_sent(server, make, path):
    with pytest.raises(InvalidRequest):
        make().read("GET", path, operation="GET /x")
    assert server.seen == []


def test_ids_are_made_fit_for_a_path():
    assert path_segment("a b%2e") == "a%20b%252e"
    for hostile in ("", ".", "..", "a/b", "a\\b"):
        with pytest.raises(InvalidRequest):
            path_segment(hostile)


def test_a_header_that_is_no_header_is_not_sent(server, make):
    with pytest.raises(InvalidRequest):
        ask(make(headers={"X-Request-ID": "a\r\nX-Evil: 1"}))
    assert server.seen == []


# --- what is told about it --------------------------------------------------------------------------------------------------------


def test_each_exchange_is_recorded_and_logged_without_secrets(server, make, caplog):
    calls = Calls()
    server.replies((200, {"ok": 1}))
    with caplog.at_level(logging.DEBUG, logger="holdfast.upstream"):
        ask(make(on_call=calls), params={"secret": "hush-hush"})
    (record,) = [one for one in caplog.records if one.name == "holdfast.upstream"]
    assert (record.operation, record.account, record.status, record.error) == ("GET /things", "Acme", 200, "")
    assert 0 <= record.seconds < 1
    assert "hush-hush" not in str(vars(record))
    assert TOKEN not in str(vars(record))
    assert [(call.operation, call.status) for call in calls] == [("GET /things", 200)]


def test_at_the_usual_level_the_log_tells_of_changes_and_failures_and_not_of_each_good_read(server, make, caplog):
    server.replies((200, {}), (200, {}), (404, {}))
    transport = make()
    with caplog.at_level(logging.INFO, logger="holdfast.upstream"):
        ask(transport)
        act(transport)
        with pytest.raises(NotFound):
            ask(transport)
    told = [(one.operation, one.status) for one in caplog.records if one.name == "holdfast.upstream"]
    assert told == [("POST /things", 200), ("GET /things", 404)]
