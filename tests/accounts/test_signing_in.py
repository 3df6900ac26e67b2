import pytest

from accounts.models import AuditEntry
from tests.accounts.people import PASSWORD, alice, charlie

pytestmark = pytest.mark.django_db


def sign_in(client, email="alice@agency.example", password=PASSWORD, **more):
    return client.post("/sign-in/", {"username": email, "password": password, **more})


def test_people_sign_in_with_their_address_in_any_case(client):
    alice()
    answer = sign_in(client, " Alice@AGENCY.example ")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    entry = AuditEntry.objects.get(event="signed_in")
    assert (entry.who, entry.ip) == ("alice@agency.example", "127.0.0.1")


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/domains/?q=a", "/domains/?q=a"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("javascript:x", "/"),
    ],
)
def test_the_page_that_was_wanted_follows_when_it_is_ours(client, wanted, led_to):
    alice()
    assert sign_in(client, next=wanted).headers["Location"] == led_to


def test_a_wrong_password_is_told_and_recorded_without_it(client):
    alice()
    answer = sign_in(client, password="wrong-secret-pass")
    assert "do not fit together" in answer.content.decode()
    entry = AuditEntry.objects.get(event="sign_in_failed")
    assert (entry.who, entry.subject) == ("system", "alice@agency.example")
    assert "wrong-secret-pass" not in answer.content.decode() + repr(AuditEntry.objects.values())


def test_too_many_attempts_lock_whatever_the_spelling(client, settings):
    alice()
    for attempt in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(client, "ALICE@agency.example" if attempt % 2 else "alice@agency.example", "wrong")
    assert answer.status_code == 429
    assert "Sign-in is locked" in answer.content.decode()
    assert sign_in(client).status_code == 429
    assert AuditEntry.objects.filter(event="locked_out").exists()


def test_a_deactivated_person_does_not_get_in(client):
    person = alice()
    person.is_active = False
    person.save()
    assert sign_in(client).status_code == 200


def test_signing_out_wants_a_post(client):
    client.force_login(charlie())
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/profile/").status_code == 302
    assert AuditEntry.objects.filter(event="signed_out").count() == 1


def test_who_is_signed_in_already_is_led_on(client):
    client.force_login(alice())
    assert client.get("/sign-in/").headers["Location"] == "/"
