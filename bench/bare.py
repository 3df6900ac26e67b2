"""The same GETs with nothing around them: a thread pool for each account, under the same limits."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from providers.contract import Limiter
from providers.limits import LocalLimiter


def bare(base_urls: Sequence[str], details: int, *, concurrency: int, rate: int) -> tuple[float, float]:
    """Reads the list of each account and then so many details; seconds of the clock and of this process' CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(len(base_urls)) as pool:
        for _ in pool.map(lambda url: one(url, details, concurrency, rate), base_urls):
            """An exception of an account comes out here."""
    return time.perf_counter() - wall, time.process_time() - cpu


def one(base_url: str, details: int, concurrency: int, rate: int) -> None:
    limiter = LocalLimiter(rate_per_minute=rate, concurrency=concurrency)
    with requests.Session() as session, ThreadPoolExecutor(concurrency) as pool:
        session.trust_env = False
        session.auth = ("bench", "bench")
        session.mount("http://", HTTPAdapter(pool_maxsize=concurrency))
        rows = get(session, limiter, f"{base_url}/domain")["domains"][:details]
        answers = pool.map(lambda row: get(session, limiter, f"{base_url}/domain/{row['id']}"), rows)
        if sum(1 for answer in answers if answer["details"]["name"]) != details:
            raise SystemExit("the bare pool did not get what it asked for")


def get(session: requests.Session, limiter: Limiter, url: str) -> Any:
    with limiter.slot(timeout=600):
        answer = session.get(url, timeout=(5, 60))
    answer.raise_for_status()
    return answer.json()
