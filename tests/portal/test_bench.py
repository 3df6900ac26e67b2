"""The bench itself: what every other test relies on."""

from __future__ import annotations

import subprocess
import time

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection

from accounts.roles import Role
from portal import heartbeats
from portal.tasks import heartbeat
from reminders.models import Rule


@pytest.mark.django_db
def test_the_database_is_postgresql_with_utf8_and_a_stable_sort_order():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_encoding'), datlocale FROM pg_database WHERE datname = current_database()"
        )
        assert cursor.fetchone() == ("UTF8", "C.UTF-8")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("flushed", ["by whoever came before", "by the test above"])
def test_what_migrations_made_outlives_the_flush_after_a_transactional_test(flushed: str):  # noqa: ARG001
    assert list(Rule.objects.values_list("what", "active")) == [("domains", True)]
    assert set(Group.objects.values_list("name", flat=True)) == {role.value for role in Role}
    Rule.objects.all().delete()
    Group.objects.all().delete()


@pytest.mark.django_db
def test_no_plan_of_a_query_depends_on_when_autovacuum_came_by():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND NOT coalesce(reloptions @> '{autovacuum_enabled=false}', false)"
        )
        assert cursor.fetchall() == []


def test_the_cache_is_a_real_server():
    cache.set("kept", "yes")
    assert cache.get("kept") == "yes"


@pytest.mark.django_db(transaction=True)
def test_a_task_filed_here_is_done_by_the_worker_process(celery_worker_process: subprocess.Popen[bytes]):
    heartbeat.delay()
    deadline = time.monotonic() + 10
    while heartbeats.ages()[heartbeats.JOBS] is None:
        assert time.monotonic() < deadline, "the worker did not take the task"
        assert celery_worker_process.poll() is None
        time.sleep(0.05)
