"""The calls of actions are counted in rows, so that /metrics tells them whichever worker made them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError

from actions.counting import counted
from actions.metrics import ActionCollector
from actions.models import CallTally
from providers.contract import CallRecord
from providers.errors import Unavailable
from tests.factories import make_account

pytestmark = pytest.mark.django_db


def portal(*calls: CallRecord, then: Exception | None = None) -> Any:
    @contextmanager
    def speak(_account: object, *, on_call: Any = None) -> Iterator[object]:
        for call in calls:
            on_call(call)
        if then is not None:
            raise then
        yield object()

    return speak


def call(seconds: float = 0.5, error: str = "") -> CallRecord:
    return CallRecord("GET /domain", 200, seconds, 0, 0, error)


def told() -> dict[tuple[str, str, str], float]:
    return {
        (sample.name, sample.labels["account"], sample.labels["family"]): sample.value
        for family in ActionCollector().collect()
        for sample in family.samples
    }


def test_they_add_up_by_account_and_family(django_assert_num_queries):
    main, other = make_account(), make_account()
    for account, kind in (
        (main, "domain.renew"),
        (main, "domain.epp"),
        (main, "ticket.reply"),
        (other, "domain.renew"),
    ):
        with counted(portal(call(), call(1.0, "unavailable")), account, kind):
            pass
    with django_assert_num_queries(1):
        found = told()
    assert found["holdfast_actions_upstream_requests_total", str(main.pk), "domain"] == 4
    assert found["holdfast_actions_upstream_errors_total", str(main.pk), "domain"] == 2
    assert found["holdfast_actions_upstream_seconds_total", str(main.pk), "domain"] == 3.0
    assert found["holdfast_actions_upstream_requests_total", str(main.pk), "ticket"] == 2
    assert found["holdfast_actions_upstream_requests_total", str(other.pk), "domain"] == 2


def test_what_went_wrong_is_counted_and_still_raised():
    account = make_account()
    speak = portal(call(error="unavailable"), then=Unavailable("No answer."))
    with pytest.raises(Unavailable), counted(speak, account, "domain.renew"):
        pass
    assert CallTally.objects.get().errors == 1


def test_where_nobody_was_asked_nothing_is_written(django_assert_num_queries):
    account = make_account()
    with django_assert_num_queries(0), counted(portal(), account, "domain.renew"):
        pass


def test_an_action_is_never_judged_by_a_figure(monkeypatch):
    def broken(*_given: object, **_named: object) -> None:
        raise DatabaseError

    account = make_account()
    monkeypatch.setattr(CallTally.objects, "bulk_create", broken)
    with counted(portal(call()), account, "domain.renew"):
        pass
    assert not CallTally.objects.exists()
