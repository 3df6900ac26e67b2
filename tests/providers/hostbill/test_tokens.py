"""The life of a token at the DNS.services stand-in: one login for all, refreshed, lost, revoked, refused."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from providers.errors import (
    AuthenticationFailed,
    MalformedResponse,
    NotSupported,
    ProviderError,
    RateLimited,
    Unavailable,
)
from providers.hostbill import HostBillProvider
from providers.hostbill.auth import renewal_time
from providers.transport import Limits
from sandbox.server import Sandbox
from tests.providers.hostbill.desk import connection, desk_for, spec
from tests.providers.kit import Tokens, within


@pytest.fixture
def sandbox() -> Iterator[Any]:
    with Sandbox(demo=False, seed=3) as running:
        yield running.dns_services


@pytest.fixture
def tokens() -> Tokens:
    return Tokens()


def desk(portal: Any, tokens: Tokens, **credential: str) -> Any:
    """The adapter of one process; several share `tokens`."""
    return HostBillProvider(
        connection(portal.base_url, auth="jwt", credential={**portal.credential, **credential}, tokens=tokens),
        spec("dns-services"),
    )


def calls(portal: Any) -> Counter[str]:
    return Counter(entry.path.removeprefix("/api") for entry in portal.log)


def test_one_login_serves_many_calls_and_other_processes(sandbox, tokens):
    desk(sandbox, tokens).test()
    desk(sandbox, tokens).domains.list()
    desk(sandbox, tokens).test()
    assert calls(sandbox)["/login"] == 1


def test_eight_threads_at_once_log_in_once(sandbox, tokens):
    portals = [desk(sandbox, tokens) for _ in range(4)]
    start = threading.Barrier(8)

    def ask(number: int) -> Any:
        start.wait()
        return portals[number % 4].test().email

    with ThreadPoolExecutor(8) as threads:
        emails = set(threads.map(ask, range(8)))
    assert emails == {sandbox.credential["username"]}
    assert calls(sandbox)["/login"] == 1


def test_a_token_that_ran_out_is_refreshed_once_by_all_threads(sandbox, tokens):
    portals = [desk(sandbox, tokens) for _ in range(4)]
    for portal in portals:
        portal.test()
    sandbox.tokens.expire_all()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: portals[number % 4].test(), range(8)))
    counted = calls(sandbox)
    assert (counted["/login"], counted["/token"]) == (1, 1)


def test_a_token_that_another_process_left_and_that_ran_out_as_well_is_renewed(sandbox, tokens):
    idle = desk(sandbox, tokens)
    idle.test()
    sandbox.tokens.expire_all()
    desk(sandbox, tokens).test()
    sandbox.tokens.expire_all()
    assert idle.test().email
    counted = calls(sandbox)
    assert (counted["/login"], counted["/token"]) == (1, 2)


def test_a_fresh_token_that_is_refused_again_is_not_asked_for_a_third_time(sandbox, tokens):
    sandbox.fail("expired-token", path="/details$")
    with pytest.raises(AuthenticationFailed):
        desk(sandbox, tokens).test()
    counted = calls(sandbox)
    assert (counted["/login"], counted["/token"], counted["/details"]) == (1, 1, 2)


def test_a_token_is_refreshed_before_it_runs_out(sandbox, tokens):
    sandbox.set(token_seconds=2)
    portal = desk(sandbox, tokens)
    portal.test()
    time.sleep(1.1)
    portal.test()
    statuses = [entry.status for entry in sandbox.log if entry.path == "/api/details"]
    assert statuses == [200, 200]
    assert calls(sandbox)["/token"] == 1


def test_a_refresh_whose_answer_got_lost_ends_in_a_login(sandbox, tokens):
    portal = desk(sandbox, tokens)
    portal.test()
    sandbox.tokens.expire_all()
    sandbox.fail("drop-after", path="/token$", remaining=1)
    assert portal.test().email
    counted = calls(sandbox)
    assert (counted["/token"], counted["/login"]) == (1, 2)


def test_a_refresh_token_that_was_used_up_ends_in_a_login(sandbox, tokens):
    portal = desk(sandbox, tokens)
    portal.test()
    for kept in sandbox.state.all("tokens"):
        sandbox.state.remove("tokens", kept["jti"])
    assert portal.test().email
    assert calls(sandbox)["/login"] == 2


def test_a_revoked_pair_is_forgotten(sandbox, tokens):
    portal = desk(sandbox, tokens)
    portal.test()
    portal.sign_out()
    assert tokens.kept is None
    assert sandbox.state.all("tokens") == []
    assert portal.test().email
    assert calls(sandbox)["/login"] == 2


def test_a_wrong_password_is_tried_once_however_many_ask(sandbox, tokens):
    portals = [desk(sandbox, tokens, password="wrong") for _ in range(4)]
    start = threading.Barrier(8)

    def ask(number: int) -> str:
        start.wait()
        with pytest.raises(AuthenticationFailed) as caught:
            portals[number % 4].test()
        return str(caught.value)

    with ThreadPoolExecutor(8) as threads:
        sentences = set(threads.map(ask, range(8)))
    assert calls(sandbox)["/login"] == 1
    assert all("refused e-mail and password" in sentence for sentence in sentences)


def test_a_password_that_was_changed_at_the_portal_stops_the_trying(sandbox, tokens):
    portal = desk(sandbox, tokens)
    portal.test()
    with sandbox.lock:
        sandbox.state.edit("client", "1")["password"] = "another"
        for kept in sandbox.state.all("tokens"):
            sandbox.state.remove("tokens", kept["jti"])
    for _ in range(3):
        with pytest.raises(AuthenticationFailed):
            portal.test()
    assert calls(sandbox)["/login"] == 2
    # the credential is replaced: the new one is tried at once, and the refusal of the old one is forgotten
    assert desk(sandbox, tokens, password="another").test().email


def test_a_token_never_goes_to_another_address_or_login(sandbox, tokens):
    desk(sandbox, tokens).test()
    owner = tokens.kept["owner"]
    with Sandbox(demo=False, seed=4) as other:
        desk(other.dns_services, tokens).test()
        assert calls(other.dns_services)["/login"] == 1
    assert tokens.kept["owner"] != owner


def test_too_many_logins_say_when_to_come_back(sandbox):
    sandbox.set(login_limit=0)
    with pytest.raises(RateLimited) as caught:
        desk(sandbox, Tokens()).test()
    assert caught.value.retry_after > 60


def test_a_portal_that_takes_no_more_logins_is_asked_once_by_all_threads(sandbox, tokens):
    sandbox.set(login_limit=0)
    portal = desk(sandbox, tokens)
    with within(5), ThreadPoolExecutor(8) as threads:
        errors = list(threads.map(lambda _: error_of(portal.test), range(8)))
    assert [type(error) for error in errors] == [RateLimited] * 8
    assert calls(sandbox) == {"/login": 1}


def test_a_portal_that_is_down_at_the_login_is_not_a_wrong_password(sandbox, tokens):
    sandbox.fail("status", path="/login$", status=503)
    portal = desk(sandbox, tokens)
    portal._transport.limits = Limits(attempts=2)
    with pytest.raises(Unavailable):
        portal.test()
    assert tokens.kept is None


def test_nobody_waits_longer_for_anothers_sign_in_than_its_call_has_time(sandbox, tokens):
    portal = desk(sandbox, tokens)
    portal._transport.limits = Limits(total=0.3)
    with tokens.lock(timeout=1), within(3), ThreadPoolExecutor(4) as threads:
        errors = list(threads.map(lambda _: error_of(portal.test), range(4)))
    assert [type(error) for error in errors] == [Unavailable] * 4
    assert calls(sandbox) == {}


def error_of(ask: Callable[[], Any]) -> Exception | None:
    try:
        ask()
    except ProviderError as error:
        return error
    return None


def test_a_slow_sign_in_takes_no_longer_than_its_call_has_time(sandbox, tokens):
    sandbox.fail("hang", path="/login$")
    portal = desk(sandbox, tokens)
    portal._transport.limits = Limits(total=0.5)
    with within(3), pytest.raises(Unavailable):
        portal.client.domains.renew_domain("1", years=1)
    sandbox.stopping.set()


def test_basic_sends_the_password_and_tries_a_wrong_one_once(sandbox):
    right = HostBillProvider(connection(sandbox.base_url, credential=sandbox.credential), spec("dns-services"))
    assert right.test().email == sandbox.credential["username"]
    wrong = HostBillProvider(
        connection(sandbox.base_url, credential={**sandbox.credential, "password": "wrong"}), spec("dns-services")
    )
    before = calls(sandbox)["/details"]
    with pytest.raises(AuthenticationFailed):
        wrong.test()
    assert calls(sandbox)["/details"] == before + 1


# --- odd answers to a sign-in ----------------------------------------------------------------------------------------------


def jwt(**claims: Any) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJub25lIn0.{body}.x"


@pytest.mark.parametrize("answer", [{"token": ""}, {"token": 7}, {"token": "a\r\nX-Evil: 1"}, [], {}, {"refresh": "x"}])
def test_a_sign_in_without_a_usable_token_is_malformed(answer):
    with desk_for({"POST /login": answer}, auth="jwt") as portal, pytest.raises(MalformedResponse):
        portal.test()


@pytest.mark.parametrize("status", [200, 400, 401, 403, 422])
def test_a_sign_in_that_is_refused_in_any_way_is_a_refused_password(status):
    said = (status, {"error": ["Nope"]})
    with desk_for({"POST /login": said}, auth="jwt") as portal, pytest.raises(AuthenticationFailed) as caught:
        portal.test()
    assert caught.value.upstream_words == "Nope"


def test_a_portal_without_tokens_says_so():
    for said in ({"error": ["invalid method"]}, (404, {"error": ["invalid method"]})):
        with desk_for({"POST /login": said}, auth="jwt") as portal, pytest.raises(NotSupported):
            portal.test()


def test_an_expired_token_told_with_status_200_is_renewed():
    answers = iter([{"error": ["Expired token"]}, {"client": {"id": "1", "email": "a@b.example"}}])
    logins = []

    def say(_method: str, path: str, _body: bytes) -> Any:
        if path == "/login":
            logins.append(path)
            return {"token": jwt(sub=len(logins)), "refresh": ""}
        return next(answers)

    with desk_for(say, auth="jwt") as portal:
        assert portal.test().id == "1"
    assert len(logins) == 2


@pytest.mark.parametrize(
    "token",
    [
        "opaque",
        jwt(),
        jwt(exp="soon"),
        jwt(exp=None),
        jwt(exp=1),
        jwt(exp=10**400),
        jwt(exp=[1]),
        "a.b.c",
        "a.!!!.c",
        "a." + "W" * 4000 + ".c",
    ],
)
def test_a_token_that_does_not_say_when_it_ends_is_used_until_it_is_rejected(token):
    assert renewal_time(token) is None


def test_the_end_of_a_token_is_counted_from_its_own_clock():
    far = 4_000_000_000
    due = renewal_time(jwt(iat=far, exp=far + 900))
    assert due == pytest.approx(time.time() + 870, abs=2)


@pytest.mark.parametrize("auth", ["basic", "jwt"])
def test_a_password_that_is_no_text_is_a_refused_sign_in(auth):
    credential = {"username": "alice@agency.example", "password": "half a sign \ud800"}
    refused = (401, {"error": ["no"]})
    said = {"GET /details": refused, "POST /login": refused}
    with desk_for(said, auth=auth, credential=credential) as portal, pytest.raises(AuthenticationFailed):
        portal.test()


def test_secrets_show_nowhere():
    secret = "correct horse"
    with desk_for(lambda *_: (401, {"error": [f"no, {secret} is wrong"]}), auth="jwt") as portal:
        with pytest.raises(AuthenticationFailed) as caught:
            portal.test()
        told = f"{caught.value!r} {caught.value} {caught.value.upstream_words} {portal.__dict__!r}"
    assert secret not in told
