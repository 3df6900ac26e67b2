"""What a portal's 'no' means, by its words and never by its status alone."""

from __future__ import annotations

from typing import Any

import pytest

from providers.errors import (
    AuthenticationFailed,
    InvalidRequest,
    MalformedResponse,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    Unavailable,
)
from providers.hostbill.refusals import judge, meaning_of, words_of
from tests.providers.hostbill.desk import desk_for
from tests.providers.kit import within

KINDS = {
    NotSupported: ["invalid method", "Invalid method.", "Invalid method: vms", "Method not found", "No such method"],
    AuthenticationFailed: [
        "Expired token",
        "Token has expired",
        "Invalid username or password",
        "unauthorized",
        "Authorization required",
        "You are not logged in.",
        "auth_failed",
    ],
    PermissionDenied: ["Access denied", "You do not have permission to view invoices", "Insufficient privileges"],
    NotFound: [
        "Domain not found",
        "The requested invoice was not found.",
        "No such ticket",
        "Service #301 does not exist",
        "Zone not found",
        "Server not found",
    ],
    RateLimited: ["Too many requests", "API rate limit exceeded"],
    Unavailable: ["The system is under maintenance", "Registrar is temporarily unavailable"],
    InvalidRequest: [
        # each of these looks like something else at first sight
        "Payment method not found",
        "Invalid payment method",
        "Registrar enom: Invalid username or password",
        "The registrar answered: invalid token",
        "Nameserver ns1.example.com not found",
        "Registrar module for this domain not found at the registry",
        "Domain not found; Registrar could not be reached",
        "Contact for domain was not found in the registry's database",
        "Invalid password: at least eight characters",
        "Authorization code is required for a transfer",
        "Invalid authorization code",
        "Domain cannot be renewed yet: it expires in 500 days",
        "An error occurred while editing the DNS record",
        "Payment method is invalid",
        "",
    ],
}


@pytest.mark.parametrize(("kind", "words"), [(kind, words) for kind, said in KINDS.items() for words in said])
def test_words_are_told_apart(kind, words):
    assert type(meaning_of(words, 200, "GET /domain/{id}")) is kind


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"error": ["one", "two"]}, "one; two"),
        ({"error": "one"}, "one"),
        ({"error": [["nested", "deep"]]}, "nested; deep"),
        ({"error": {"domain": "bad", "years": ["worse"]}}, "bad; worse"),
        ({"error": []}, ""),
        ({"error": None}, ""),
        ({"error": 0}, ""),
        ([], ""),
        ("error", ""),
    ],
)
def test_errors_come_as_list_text_or_object(data, words):
    assert words_of(data) == words


def test_an_outcome_of_false_is_a_refusal_even_without_words():
    for data in ({"success": False}, {"status": False}):
        with pytest.raises(InvalidRequest):
            judge(data, 200, "PUT /domain/{id}/ns", changes=True)


def test_a_things_own_status_is_no_outcome():
    judge({"status": "stopped", "id": "1"}, 200, "GET /service/{id}/vms/{vmid}", changes=False)


def test_success_and_error_at_once_leave_a_change_open():
    with pytest.raises(OutcomeUnknown):
        judge({"success": True, "error": ["Mail could not be sent"]}, 200, "POST /tickets", changes=True)


def test_words_alone_never_make_a_change_be_sent_again():
    for words in ("Too many requests", "The registrar is temporarily unavailable"):
        with pytest.raises(InvalidRequest) as caught:
            judge({"error": [words]}, 200, "POST /domain/{id}/renew", changes=True)
        assert not caught.value.retry_change


SIGN_INS_ELSEWHERE = ["Authentication failed", "Invalid username or password", "Unauthorized", "Invalid API token"]
OUR_TOKEN = ["Expired token", "Invalid token.", "Token has expired", "Invalid access token"]


@pytest.mark.parametrize("words", SIGN_INS_ELSEWHERE)
def test_words_about_a_sign_in_send_no_change_again_and_do_not_condemn_the_credential(words):
    """The registrar behind the portal signs in as well."""
    for changes, kind in ((True, InvalidRequest), (False, AuthenticationFailed)):
        with pytest.raises(kind) as caught:
            judge({"error": [words]}, 200, "POST /domain/{id}/renew", changes=changes)
        assert caught.value.upstream_words == words
    for status in (200, 400, 404):
        seen: list[str] = []

        def say(_method: str, path: str, _body: bytes, seen: list[str] = seen, status: int = status) -> Any:
            seen.append(path)
            return {"token": "a-token"} if path == "/login" else (status, {"error": [words]})

        with desk_for(say, auth="jwt") as portal, pytest.raises(InvalidRequest):
            portal.client.domains.renew_domain("1", years=1)
        assert seen == ["/login", "/domain/1/renew"]


@pytest.mark.parametrize("words", OUR_TOKEN)
def test_a_change_is_sent_again_when_the_token_ran_out_and_only_once(words):
    answers = iter([{"error": [words]}, {"error": [words]}])
    seen: list[str] = []

    def say(_method: str, path: str, _body: bytes) -> Any:
        seen.append(path)
        return {"token": f"token-{len(seen)}"} if path == "/login" else next(answers)

    with desk_for(say, auth="jwt") as portal, pytest.raises(InvalidRequest) as caught:
        portal.client.domains.renew_domain("1", years=1)
    assert caught.value.upstream_words == words
    assert seen == ["/login", "/domain/1/renew", "/login", "/domain/1/renew"]


def test_a_change_that_is_refused_with_401_is_a_refused_sign_in():
    with desk_for(lambda *_: (401, {"error": ["no"]})) as portal, pytest.raises(AuthenticationFailed):
        portal.client.domains.renew_domain("1", years=1)


LONG = {
    "digits": "domain " + "1" * 16_000 + "!",
    "spaces": "domain " + " " * 16_000 + "x!",
    "words": "the " * 4_000 + "!",
    "many": [[["domain " + "1" * 490 + "!"] * 20] * 20] * 20,
}


@pytest.mark.parametrize("words", LONG.values(), ids=LONG.keys())
def test_long_words_are_told_apart_in_no_time(words):
    with within(2), pytest.raises(InvalidRequest):
        judge({"error": words}, 200, "GET /domain/{id}", changes=False)


def test_what_was_cut_is_not_taken_for_a_missing_thing():
    for words in ("Domain not found" + " " * 490 + "at the registrar", ["Domain not found"] * 21):
        with pytest.raises(InvalidRequest) as caught:
            judge({"error": words}, 200, "GET /domain/{id}", changes=False)
        assert words_of({"error": words}).endswith("…")
        assert len(caught.value.upstream_words) <= 500


def test_a_missing_method_with_status_404_is_not_a_missing_thing():
    with desk_for(lambda *_: (404, {"error": ["invalid method"]})) as portal, pytest.raises(NotSupported):
        portal.billing.detail("12")


def test_a_missing_thing_is_missing_with_either_status():
    for status in (200, 404):
        said = (status, {"error": ["Invoice not found"]})
        with desk_for({"GET /invoice/12": said}) as portal, pytest.raises(NotFound) as caught:
            portal.billing.detail("12")
        assert caught.value.operation == "GET /invoice/{id}"
        assert caught.value.account == "Cloudviet (agency)"
        assert caught.value.upstream_words == "Invoice not found"


def test_a_404_that_does_not_say_what_is_missing_is_not_taken_for_it():
    with desk_for(lambda *_: (404, {})) as portal, pytest.raises(MalformedResponse):
        portal.billing.detail("12")
    with (
        desk_for(lambda *_: (404, {"error": ["Registrar account not set up"]})) as portal,
        pytest.raises(InvalidRequest),
    ):
        portal.domains.detail("12")


def test_an_id_never_leads_to_another_path():
    with desk_for({"GET /details": {"client": {"id": "1"}}}) as portal:
        for evil in ("../details", "1/ns", "", "..", "1\\2"):
            with pytest.raises(InvalidRequest):
                portal.domains.detail(evil)
