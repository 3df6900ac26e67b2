"""Whatever stands in an API address is answered with rows or with a sentence."""

import base64
import json

import pytest

from accounts import tokens
from tests.accounts import people
from tests.factories import make_domain

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client):
    """Asks for the domains as Alice; a crash counts as its status."""
    make_domain("a.example")
    headers = {"Authorization": f"Bearer {tokens.make(people.alice())[1]}"}
    client.raise_request_exception = False
    return lambda **parameters: client.get("/api/v1/domains/", parameters, headers=headers)


def cursor(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize("limit", ["000000100999999", "501", "0", "-1", "9" * 5000, "\u0661", "1\x00"])
def test_a_limit_beyond_the_highest_is_refused(ask, limit):
    answer = ask(limit=limit)
    assert answer.status_code == 400
    assert "limit" in answer.json()["error"]["fields"]


@pytest.mark.parametrize("limit", ["1", "500", "007"])
def test_a_limit_within_the_highest_is_taken(ask, limit):
    assert ask(limit=limit).status_code == 200


@pytest.mark.parametrize("name", ["account", "customer", "status", "name", "search", "ordering", "cursor"])
@pytest.mark.parametrize("value", ["\x00", "a\x00b"])
def test_a_nul_in_any_parameter_is_refused(ask, name, value):
    answer = ask(**{name: value})
    assert answer.status_code == 400
    assert name in answer.json()["error"]["fields"]


@pytest.mark.parametrize("value", ["9" * 30, "-" + "9" * 30, "\u0663", "1e999", "nan"])
def test_a_number_that_no_row_can_have_finds_nothing(ask, value):
    answer = ask(account=value)
    assert answer.status_code == 400 or answer.json()["results"] == []


@pytest.mark.parametrize(
    "told",
    [
        '["name", "a\\u0000", 1, false]',
        '["name", "\\ud800", 1, false]',
        '["name", {"a": 1}, 1, false]',
        '["name", "a", {"a": 1}, false]',
        '["name", "a", "1; drop", false]',
        '["name", "a", "\\u0000", false]',
        '["name", "a", null, false]',
        '["name", "a", 1.5, false]',
        "[" * 1500,
        "{}",
        "5",
        "null",
        "not json",
        "",
    ],
)
def test_a_cursor_that_is_none_of_ours_is_refused(ask, told):
    answer = ask(ordering="name", cursor=cursor(told) or "=")
    assert answer.status_code == 400
    assert "cursor" in answer.json()["error"]["fields"]


@pytest.mark.parametrize("value", ["Infinity", "-Infinity", "NaN", "1e400"])
@pytest.mark.parametrize("ordering", ["id", "name", "expires_on"])
def test_a_cursor_at_no_number_is_refused(ask, ordering, value):
    answer = ask(ordering=ordering, cursor=cursor(f"[{json.dumps(ordering)}, {value}, 1, false]"))
    assert answer.status_code in ({200, 400} if (ordering, value) == ("name", "1e400") else {400})
