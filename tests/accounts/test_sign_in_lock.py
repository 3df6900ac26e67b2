"""The lock on sign-ins: nobody gets around it, and nobody can turn it against others."""

import pytest
from django.test import Client

from accounts.models import AuditEntry
from tests.accounts.people import PASSWORD, alice

pytestmark = pytest.mark.django_db

PROXY = "172.18.0.2"
DOORS = ["/sign-in/", "/admin/login/"]


def sign_in(client, email="alice@agency.example", password="wrong", door="/sign-in/", **more):
    return client.post(door, {"username": email, "password": password}, **more)


@pytest.fixture
def behind_proxy(settings):
    settings.HOLDFAST_BEHIND_PROXY = True


def from_address(forwarded):
    return {"HTTP_X_FORWARDED_FOR": forwarded, "REMOTE_ADDR": PROXY}


@pytest.mark.usefixtures("behind_proxy")
def test_behind_a_proxy_what_the_client_wrote_before_the_proxy_s_entry_does_not_escape_the_lock(client, settings):
    alice()
    for attempt in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(client, **from_address(f"1.1.1.{attempt}, 198.51.100.7"))
    assert answer.status_code == 429


@pytest.mark.usefixtures("behind_proxy")
def test_behind_a_proxy_a_stranger_locks_nobody_out_elsewhere(client, settings):
    alice()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(client, **from_address("198.51.100.7"))
    assert answer.status_code == 429
    assert sign_in(Client(), password=PASSWORD, **from_address("203.0.113.9")).status_code == 302


@pytest.mark.usefixtures("behind_proxy")
@pytest.mark.parametrize(
    ("forwarded", "written"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("8.8.8.8, 198.51.100.7:4711", "198.51.100.7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("8.8.8.8, unknown", PROXY),
        ("", PROXY),
    ],
)
def test_behind_a_proxy_the_audit_log_knows_the_address(client, forwarded, written):
    sign_in(client, **from_address(forwarded))
    assert AuditEntry.objects.get(event="sign_in_failed").ip == written


@pytest.mark.parametrize(("proxy", "logged"), [(True, "198.51.100.7"), (False, PROXY)])
def test_the_log_names_the_same_address(client, settings, caplog, proxy, logged):
    settings.HOLDFAST_BEHIND_PROXY = proxy
    with caplog.at_level("INFO", "django_structlog"):
        client.get("/sign-in/", **from_address("8.8.8.8, 198.51.100.7"))
    said = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    assert {line["ip"] for line in said if line["event"] == "request_finished"} == {logged}


def test_without_a_proxy_a_forwarded_address_counts_for_nothing(client, settings):
    alice()
    for attempt in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(client, HTTP_X_FORWARDED_FOR=f"1.1.1.{attempt}", REMOTE_ADDR="198.51.100.7")
    assert answer.status_code == 429
    assert set(AuditEntry.objects.values_list("ip", flat=True)) == {"198.51.100.7"}


@pytest.mark.parametrize("door", DOORS)
def test_all_spellings_of_an_address_are_one_person_to_the_lock(client, settings, door):
    alice()
    email = "alice@agency.example"
    for place in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(client, f" {email[:place]}{email[place:].capitalize()}", door=door)
    assert answer.status_code == 429
    assert sign_in(client, "alicE@agency.examplE", PASSWORD, door).status_code == 429


@pytest.mark.parametrize("door", DOORS)
def test_a_letter_that_only_looks_alike_is_another_person(client, door):
    alice()
    answer = sign_in(client, "al\u0131ce@agency.example", PASSWORD, door)
    assert answer.status_code == 200
    assert not client.session.get("_auth_user_id")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "name", ["a" * 300, "a" * 5000 + "@agency.example", "a\x00@agency.example", "", "\u00e9" * 255]
)
def test_a_name_that_nobody_can_have_is_told_like_any_other_mistake(client, door, name):
    client.raise_request_exception = False
    assert sign_in(client, name, door=door).status_code == 200
