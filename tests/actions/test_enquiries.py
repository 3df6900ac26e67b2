"""Enquiries: the answer is sealed, for a while, for who asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from actions.asking import answer_of, ask
from actions.declare import Refused
from actions.engine.enquiring import answer
from actions.engine.sweeping import sweep
from actions.models import Enquiry
from actions.queries import enquiries_visible_to
from providers import errors
from tests.accounts import people
from tests.actions.conftest import at

pytestmark = pytest.mark.django_db


def asked(domain, person, portal, kind: str = "test.ask") -> Enquiry:
    enquiry = ask(kind, domain.resource, {"again": 1}, actor=person)
    answer(enquiry.pk, speak=portal.speak)
    enquiry.refresh_from_db()
    return enquiry


def test_an_answer_is_sealed_and_opens_for_its_enquiry_alone(domain, bob, portal):
    enquiry = asked(domain, bob, portal)
    assert enquiry.state == Enquiry.State.ANSWERED
    assert answer_of(enquiry) == {"code": "s3cret-epp", "of": "bahnhof.example", "again": 1}
    assert "s3cret" not in repr(list(Enquiry.objects.values()))
    other = asked(domain, bob, portal)
    other.sealed_answer = enquiry.sealed_answer
    with pytest.raises(Refused):
        answer_of(other)


def test_an_answer_is_kept_for_an_hour_at_most(domain, bob, portal):
    enquiry = asked(domain, bob, portal, "test.ask-anyone")
    assert at(enquiry.expires_at) <= timezone.now() + timedelta(hours=1)
    Enquiry.objects.update(expires_at=timezone.now())
    enquiry.refresh_from_db()
    with pytest.raises(Refused, match="forgotten"):
        answer_of(enquiry)
    sweep()
    assert Enquiry.objects.get().sealed_answer == ""


def test_who_may_ask(domain, portal):
    for person in (people.rita(), people.charlie()):
        with pytest.raises(Refused):
            ask("test.ask", domain.resource, {}, actor=person)
    assert asked(domain, people.make_person("Rolf", Role.READER), portal, "test.ask-anyone").state == "answered"


def test_an_answer_is_shown_to_who_asked_and_to_nobody_else(domain, bob, portal):
    enquiry = asked(domain, bob, portal)
    assert list(enquiries_visible_to(bob)) == [enquiry]
    assert not enquiries_visible_to(people.alice()).exists()


@pytest.mark.parametrize("error", [errors.NotFound("It is gone."), Refused("Not now."), ZeroDivisionError("s3cret")])
def test_what_goes_wrong_is_told(domain, bob, portal, upstream, error):
    def fails() -> None:
        raise error

    upstream.before = fails
    enquiry = asked(domain, bob, portal)
    assert enquiry.state == Enquiry.State.FAILED
    assert enquiry.error
    assert "s3cret" not in enquiry.error
    with pytest.raises(Refused):
        answer_of(enquiry)


def test_a_lost_enquiry_is_asked_again_and_an_old_one_is_given_up(domain, bob, portal):
    enquiry = ask("test.ask", domain.resource, {}, actor=bob)
    past = timezone.now() - timedelta(minutes=5)
    Enquiry.objects.update(state=Enquiry.State.RUNNING, generation=1, lease_until=past)
    sweep()
    answer(enquiry.pk, speak=portal.speak)
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.generation) == (Enquiry.State.ANSWERED, 2)
    late = ask("test.ask", domain.resource, {}, actor=bob)
    Enquiry.objects.filter(pk=late.pk).update(created_at=timezone.now() - timedelta(minutes=11))
    sweep()
    late.refresh_from_db()
    assert late.state == Enquiry.State.FAILED
