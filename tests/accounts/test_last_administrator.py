"""Somebody may always administer, whatever is clicked at the same moment."""

import threading
import time
from functools import partial

import pytest
from django.db import connection, transaction

from accounts import people
from accounts.models import User
from accounts.roles import Role, role_of
from tests.accounts.people import alice, bob, make_person


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "remove", [partial(people.change_role, role=Role.READER), people.deactivate], ids=["other role", "deactivated"]
)
def test_two_administrators_can_not_remove_each_other_at_the_same_moment(remove):
    first, second = alice(), make_person("Ann", Role.ADMINISTRATOR)
    outcome = []

    def meanwhile() -> None:
        try:
            remove(User.objects.get(pk=second.pk), by=first)
            outcome.append("removed")
        except people.LastAdministrator:
            outcome.append("refused")
        finally:
            connection.close()

    other = threading.Thread(target=meanwhile)
    with transaction.atomic():
        remove(User.objects.get(pk=first.pk), by=second)
        other.start()
        wait_until_somebody_waits_for_a_lock()
    other.join(timeout=10)
    assert outcome == ["refused"]
    assert list(people.administrators()) == [second]


def wait_until_somebody_waits_for_a_lock() -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            # Asked past the snapshot that this transaction keeps of the statistics.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone():
                return
        time.sleep(0.02)
    raise AssertionError("nobody waited")


@pytest.mark.django_db
def test_a_role_that_was_taken_away_is_gone_at_once():
    person, by = bob(), alice()
    assert role_of(person) is Role.STAFF
    people.change_role(person, None, by=by)
    assert role_of(person) is None
