"""What /healthz, /readyz and /metrics tell, and to whom."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings

from portal import heartbeats


@pytest.fixture
def beating() -> Iterator[None]:
    for name in (heartbeats.WORKER, heartbeats.ACTIONS, heartbeats.BEAT):
        heartbeats.record(name)
    yield
    heartbeats.forget()


def test_the_process_answers_without_touching_anything(client: Client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
@pytest.mark.usefixtures("beating")
def test_a_desk_with_all_its_parts_is_ready(client: Client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert set(answer.json()["parts"]) == {"database", "broker", "worker", "actions", "beat"}


@pytest.mark.django_db
def test_a_desk_whose_worker_never_reported_is_not_ready_and_says_why(client: Client):
    heartbeats.forget()
    heartbeats.record(heartbeats.BEAT)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["worker"] == {"ok": False, "says": "The worker for syncs has not reported yet."}
    assert answer.json()["parts"]["beat"]["ok"] is True


@pytest.mark.django_db
@pytest.mark.usefixtures("beating")
def test_a_worker_that_went_silent_is_told_with_its_age(client: Client, monkeypatch: pytest.MonkeyPatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 100)
    heartbeats.record(heartbeats.BEAT)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "100 seconds ago" in answer.json()["parts"]["worker"]["says"]


@pytest.mark.django_db
def test_a_desk_without_its_broker_is_not_ready_and_says_so(client: Client):
    nowhere = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    with override_settings(CACHES=nowhere):
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["broker"]["says"].startswith("Redis does not answer")


@pytest.mark.django_db
def test_metrics_are_for_this_machine(client: Client):
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert b"django_http_requests" in answer.content


@pytest.mark.parametrize(
    "headers",
    [{"REMOTE_ADDR": "203.0.113.9"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"REMOTE_ADDR": ""}],
    ids=["from elsewhere", "through a proxy", "from nowhere"],
)
def test_metrics_are_not_for_strangers(client: Client, headers: dict[str, Any]):
    assert client.get("/metrics", **headers).status_code == 403


@pytest.mark.django_db
def test_metrics_are_for_the_bearer_of_the_token(client: Client):
    with override_settings(HOLDFAST_METRICS_TOKEN="scrape-me"):
        right = client.get("/metrics", REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION="Bearer scrape-me")
        wrong = client.get("/metrics", REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION="Bearer scrape-you")
    assert (right.status_code, wrong.status_code) == (200, 403)


def test_without_a_token_an_empty_bearer_opens_nothing(client: Client):
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION="Bearer ").status_code == 403
