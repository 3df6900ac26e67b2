"""Latency, requests at once and requests a minute: what a portal grants, and how it refuses more."""

import json
import re
import subprocess
import sys
import threading
import time

import pytest
import requests

from sandbox.limits import LIMITS, Limits
from tests.sandbox.conftest import control


def test_by_default_nothing_is_limited_and_no_header_tells_of_limits(cloudviet):
    answer = cloudviet("GET", "/balance")
    assert answer.ok
    assert not [name for name in answer.headers if name.lower().startswith("x-ratelimit")]


def test_each_answer_comes_after_the_latency(sandbox, cloudviet):
    control(sandbox.cloudviet, "/settings", {"latency_ms": 120})
    began = time.monotonic()
    assert cloudviet("GET", "/balance").ok
    assert 0.12 <= time.monotonic() - began < 1


def test_a_minute_has_so_many_requests_and_their_number_is_told(sandbox, cloudviet, dns_services):
    sandbox.cloudviet.set(rate_per_minute=2)
    answers = [cloudviet("GET", "/balance") for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert [each.headers["X-RateLimit-Remaining"] for each in answers] == ["1", "0", "0"]
    assert {each.headers["X-RateLimit-Limit"] for each in answers} == {"2"}
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    assert answers[2].headers["Retry-After"] == answers[2].headers["X-RateLimit-Reset"]
    assert dns_services("GET", "/domain").ok, "each portal counts for itself"


def test_a_refused_request_is_not_carried_out(sandbox, cloudviet):
    sandbox.cloudviet.set(rate_per_minute=1)
    assert cloudviet("GET", "/balance").ok
    assert cloudviet("POST", "/tickets", {"dept_id": 1, "subject": "s", "body": "b"}).status_code == 429
    assert len(sandbox.cloudviet.state.all("tickets")) == 24


def test_one_request_more_than_it_takes_at_once_is_refused(sandbox, cloudviet):
    sandbox.cloudviet.set(concurrency=2, latency_ms=400)
    found: list[int] = []
    portal = sandbox.cloudviet
    credential = (portal.credential["username"], portal.credential["password"])

    def ask() -> None:
        found.append(requests.get(f"{portal.base_url}/balance", auth=credential, timeout=10).status_code)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200, 200, 429]
    assert cloudviet("GET", "/balance").ok, "the places are free again"


def test_the_next_minute_counts_anew():
    now = [100.0]
    limits = Limits(lambda: now[0])
    settings = {**LIMITS, "rate_per_minute": 1}

    def refused() -> bool:
        with limits.admit(settings, threading.Event()) as admitted:
            return admitted.refusal is not None

    assert [refused(), refused()] == [False, True]
    now[0] += 61
    assert not refused()


@pytest.mark.parametrize("values", [{"latency_ms": -1}, {"concurrency": "4"}, {"rate_per_minute": True}])
def test_a_limit_is_a_number_from_zero_on(sandbox, values):
    with pytest.raises(ValueError, match="is a number from 0 on"):
        sandbox.vps_org.set(**values)


def test_they_can_be_said_at_the_start(tmp_path):
    limits = ["--latency-ms", "5", "--concurrency", "3", "--rate-per-minute", "60"]
    ports = [part for key in ("cloudviet", "dns-services", "vps-org") for part in (f"--{key}-port", "0")]
    command = [sys.executable, "-m", "sandbox", "serve", "--data", str(tmp_path), "--empty", *ports, *limits]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline().removeprefix("sandbox ready: "))
            for portal in ready.values():
                told = requests.get(re.sub(r"/api.*", "/_sandbox/", portal["base_url"]), timeout=10).json()
                limited = {name: told["settings"][name] for name in LIMITS}
                assert limited == {"latency_ms": 5, "concurrency": 3, "rate_per_minute": 60}
        finally:
            process.terminate()
