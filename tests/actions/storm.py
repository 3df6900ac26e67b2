"""A storm over a desk: people in browsers, portals that lose answers, workers that are killed, a Valkey that forgets."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

import requests
from django.conf import settings
from django.test import Client

from accounts.models import User
from sandbox.faults import Fault
from sandbox.portal import Portal

Faulty = list[tuple[str, float, dict[str, Any]]]
CSRF = "c" * 32
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
ORDER: Faulty = [  # kind, how often, options: what becomes of the one request that costs money
    ("drop-after", 0.12, {}),
    ("status", 0.08, {"commit": True}),
    ("status", 0.06, {}),
    ("drop-before", 0.06, {}),
    ("bad-gateway", 0.04, {"commit": True}),
    ("truncated", 0.04, {}),
    ("broken-json", 0.03, {}),
    ("empty", 0.03, {"commit": True}),
    ("rate-limited", 0.03, {"retry_after": None}),
    ("hang", 0.02, {"commit": True, "seconds": 2.0}),
    ("hang", 0.02, {"seconds": 2.0}),
]
CREDIT: Faulty = [("drop-after", 0.15, {}), ("status", 0.1, {}), ("drop-before", 0.1, {})]
READS: Faulty = [("status", 0.03, {}), ("drop-before", 0.02, {}), ("truncated", 0.01, {})]


def spoil(portal: Portal) -> list[Fault]:
    """From now on requests to this portal go wrong at random. The faults of the orders, which count their hits."""
    portal.fail("latency", seconds=0.3, method="POST", path="/renew/?$", probability=0.5)
    for path, method, kinds in (("/credit$", "POST", CREDIT), ("", "GET", READS)):
        for kind, often, options in kinds:
            portal.fail(kind, method=method, path=path, probability=often, **options)
    return [
        portal.fail(kind, method="POST", path="/renew/?$", probability=often, **options)
        for kind, often, options in ORDER
    ]


@dataclass(frozen=True)
class Pressed:
    """What a press of the dialog's button brought: the action that the page named, or the page's refusal."""

    status: int
    action: int | None
    text: str


class Visitor:
    """A signed-in person's browser, as far as the renewal dialog is concerned: over HTTP, with cookies and a CSRF token."""

    def __init__(self, person: User, url: str) -> None:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.url = url
        self.name = person.name
        self._cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: CSRF}

    def opens(self, domain: int, years: int, *, patience: float = 180) -> dict[str, str] | None:
        """The dialog once the portal was asked, as what its button sends. None where it offers no button, and says why."""
        asked, last = "", time.monotonic() + patience
        bored, wait = time.monotonic() + 8, 8.0
        while time.monotonic() < last:
            if time.monotonic() > bored:  # its worker died: they close the dialog and open it anew
                asked, wait = "", wait * 2
                bored = time.monotonic() + wait
            page = self._send("GET", domain, params={"years": years, "asked": asked}).text
            fields = {name: unescape(value) for name, value in HIDDEN.findall(page)}
            if fields.get("price"):
                checked = {"use_credit": "true"} if 'value="true" checked' in page else {}
                return {**fields, **checked, "years": str(years)} if 'type="submit"' in page else None
            if "for these numbers of years" in page:
                years = 1
            waits = re.search(r"asked=(\d+)", page)
            asked = waits[1] if waits else ""
            time.sleep(0.2)
        raise AssertionError(f"the dialog of {domain} never named a price: {page}")

    def presses(self, domain: int, fields: dict[str, str]) -> Pressed:
        answer = self._send("POST", domain, data=fields)
        named = re.search(r"/actions/(\d+)/", answer.headers.get("HX-Trigger", ""))
        return Pressed(answer.status_code, int(named[1]) if named else None, answer.text)

    def _send(self, method: str, domain: int, **more: object) -> requests.Response:
        url, headers = f"{self.url}/domains/{domain}/renew/", {"HX-Request": "true", "X-CSRFToken": CSRF}
        with requests.Session() as session:
            session.trust_env = False
            return session.request(method, url, headers=headers, cookies=self._cookies, timeout=60, **more)  # type: ignore[arg-type]


def at_once(presses: Sequence[Callable[[], Pressed]]) -> list[Pressed]:
    """All of them in the same moment, as far as threads go."""
    start = threading.Barrier(len(presses))
    brought: list[Pressed] = []

    def press(one: Callable[[], Pressed]) -> None:
        start.wait(10)
        brought.append(one())

    threads = [threading.Thread(target=press, args=[one]) for one in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(brought) == len(presses), "a press brought nothing"
    return brought


@dataclass(frozen=True)
class Round:
    """What the people do about one domain."""

    domain: int
    shape: str
    years: int
    clicks: int
    pause: float


SHAPES = {"one": 5, "twice": 5, "two people": 4, "too late": 3, "back button": 3}


def rounds(domains: Sequence[int], dice: random.Random) -> list[Round]:
    picked = dice.choices(list(SHAPES), weights=list(SHAPES.values()), k=len(domains))
    return [
        Round(domain, shape, dice.choice([1, 1, 2]), dice.choice([2, 2, 3]), dice.uniform(0, 1))
        for domain, shape in zip(domains, picked, strict=True)
    ]
