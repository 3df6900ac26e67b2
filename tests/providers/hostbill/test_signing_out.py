"""Signing out: `POST /logout` ends a live access token, `POST /revoke` the refresh token that would outlive it."""

from __future__ import annotations

from typing import Any

import pytest

from providers.contract import CallRecord
from providers.errors import OutcomeUnknown, ProviderError
from tests.providers.hostbill.desk import ALICE, desk_for
from tests.providers.kit import Tokens

BOTH = ("cloudviet", "dns-services")


def alive(portal: Any) -> set[str]:
    return {one["jti"] for one in portal.state.all("tokens")}


def paths(calls: list[CallRecord]) -> list[str]:
    return [call.operation for call in calls]


@pytest.mark.parametrize("key", BOTH)
def test_a_live_token_is_logged_out_and_its_refresh_token_revoked(stand_ins, at, key):
    calls: list[CallRecord] = []
    tokens = Tokens()
    provider = at(stand_ins[key], auth="jwt", tokens=tokens, calls=calls)
    provider.test()
    live = alive(stand_ins[key])
    provider.sign_out()
    assert paths(calls) == ["POST /login", "GET /details", "POST /logout", "POST /revoke"]
    assert tokens.kept is None
    assert len(live) == 2
    assert not alive(stand_ins[key])
    provider.test()
    assert paths(calls)[-2:] == ["POST /login", "GET /details"]
    provider.sign_out()


@pytest.mark.parametrize("key", BOTH)
def test_a_token_that_the_portal_lost_is_revoked_by_its_refresh_token(stand_ins, at, key):
    calls: list[CallRecord] = []
    provider = at(stand_ins[key], auth="jwt", calls=calls)
    provider.test()
    stand_ins[key].tokens.expire_all()
    provider.sign_out()
    assert paths(calls)[2:] == ["POST /logout", "POST /revoke"]
    assert not alive(stand_ins[key])


def test_a_token_that_ran_out_is_not_sent_again(stand_ins, at):
    calls: list[CallRecord] = []
    tokens = Tokens()
    provider = at(stand_ins["cloudviet"], auth="jwt", tokens=tokens, calls=calls)
    provider.test()
    tokens.kept = {**(tokens.kept or {}), "renew_at": 1.0}
    provider.sign_out()
    assert paths(calls)[2:] == ["POST /revoke"]
    assert not alive(stand_ins["cloudviet"])


def test_who_has_no_token_has_nothing_to_end(stand_ins, at):
    for auth in ("basic", "jwt"):
        calls: list[CallRecord] = []
        at(stand_ins["cloudviet"], auth=auth, calls=calls).sign_out()
        assert calls == []


@pytest.mark.parametrize(
    "refusal", [(401, {}), {"error": ["Expired token"]}, {"error": ["invalid method"]}, (404, {}), (403, {})]
)
def test_a_pair_that_is_no_more_is_at_its_end_already(refusal):
    tokens = Tokens()
    asked: list[str] = []

    def say(_method: str, path: str, _body: bytes) -> Any:
        asked.append(path)
        if path == "/login":
            return {"token": "a.b.c", "refresh": "r.r.r"}
        return {"client": {"id": 1}} if path == "/details" else refusal

    with desk_for(say, auth="jwt", credential=ALICE, tokens=tokens) as provider:
        provider.test()
        provider.sign_out()
    assert tokens.kept is None
    assert asked == ["/login", "/details", "/logout", "/revoke"]


def test_a_sign_out_that_got_no_answer_is_told_and_the_pair_forgotten_all_the_same():
    tokens = Tokens()

    def say(_method: str, path: str, _body: bytes) -> Any:
        if path == "/login":
            return {"token": "a.b.c", "refresh": "r.r.r"}
        return {"client": {"id": 1}} if path == "/details" else (502, b"<html>")

    with desk_for(say, auth="jwt", credential=ALICE, tokens=tokens) as provider:
        provider.test()
        with pytest.raises(ProviderError) as caught:
            provider.sign_out()
    assert isinstance(caught.value, OutcomeUnknown)
    assert tokens.kept is None
    assert "a.b.c" not in repr(caught.value)
