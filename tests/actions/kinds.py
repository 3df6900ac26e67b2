"""Kinds of the tests' own, on a portal in memory. What the portal holds is `effects`; what a kind does upstream is `Upstream`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from actions.declare import (
    ActionKind,
    EnquiryKind,
    Expectation,
    Finding,
    Quote,
    Refused,
    Sending,
    Step,
    Verdict,
)
from actions.models import Stage
from providers.contract import Provider
from sync.models import Resource


@dataclass
class Upstream:
    """`sent` is what reached it; `before` may raise before anything happened, `after` when the answer is lost."""

    sent: list[Mapping[str, Any]] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None
    price: Quote | None = field(default_factory=lambda: Quote(Decimal("12.99"), "USD"))
    found: Finding | Exception = field(
        default_factory=lambda: Finding(Verdict.CANT_TELL, "The portal keeps no such list.")
    )
    steps: list[Step | Exception] = field(default_factory=list)
    checked: Callable[[], None] = lambda: None
    answer: Mapping[str, Any] = field(default_factory=lambda: {"order": "77"})


UPSTREAM = Upstream()


class Poke(ActionKind):
    """Not idempotent, no money, does not wait."""

    name = "test.poke"
    label = "Poke a thing"
    capability = "domains.detail"
    secrets = frozenset({"code"})

    def clean(self, resource: Resource, parameters: Mapping[str, Any]) -> dict[str, Any]:
        hard = parameters.get("hard", 1)
        if not isinstance(hard, int):
            raise Refused("It can't be poked like that.", code="invalid", fields={"hard": ["A whole number."]})
        return dict(parameters)

    def summary(self, resource: Resource, parameters: Mapping[str, Any]) -> str:
        return f"Poke {resource.name}"

    def check(self, provider: Provider, sending: Sending) -> None:
        UPSTREAM.checked()

    def send(self, provider: Provider, sending: Sending) -> Mapping[str, Any]:
        UPSTREAM.before()
        UPSTREAM.sent.append(dict(sending.parameters))
        UPSTREAM.after()
        return UPSTREAM.answer

    def reconcile(self, provider: Provider, sending: Sending) -> Finding:
        if isinstance(UPSTREAM.found, Exception):
            raise UPSTREAM.found
        return UPSTREAM.found

    def expectations(self, sending: Sending) -> Sequence[Expectation]:
        return [Expectation(sending.resource, "expires_on")] if sending.resource else []


class Switch(Poke):
    name = "test.switch"
    label = "Switch a thing"
    idempotent = True


class Write(Poke):
    name = "test.write"
    label = "Write to a thing"
    may_wait = True


class Buy(Poke):
    name = "test.buy"
    label = "Buy a thing"
    money = True

    def guard(self, resource: Resource, parameters: Mapping[str, Any]) -> str:
        return str(parameters.get("seen", "2027-01-01"))

    def quote(self, provider: Provider, resource: Resource, parameters: Mapping[str, Any]) -> Quote | None:
        return UPSTREAM.price

    def known_price(self, resource: Resource, parameters: Mapping[str, Any]) -> Quote | None:
        return Quote(Decimal("12.99"), "USD")

    def follow(self, provider: Provider, sending: Sending, result: Mapping[str, Any]) -> Step:
        step = UPSTREAM.steps.pop(0) if UPSTREAM.steps else Step(Stage.DONE)
        if isinstance(step, Exception):
            raise step
        return step


class Several(Poke):
    """Three steps, each kept."""

    name = "test.several"
    label = "Do three things"

    def send(self, provider: Provider, sending: Sending) -> Mapping[str, Any]:
        done = list(sending.progress.get("done", []))
        for number in range(len(done), 3):
            UPSTREAM.before()
            UPSTREAM.sent.append({"step": number})
            done.append(number)
            sending.keep({"done": done})
            sending.note(f"Step {number} is done.")
        return {"done": done}


class Ask(EnquiryKind):
    name = "test.ask"
    label = "Ask a thing"
    capability = "domains.detail"

    def ask(self, provider: Provider, resource: Resource, parameters: Mapping[str, Any]) -> Any:
        UPSTREAM.before()
        return {"code": "s3cret-epp", "of": resource.name, "again": parameters.get("again")}


class AskAnyone(Ask):
    name = "test.ask-anyone"
    audience = "read"
    keep = timedelta(hours=30)


KINDS = (Poke(), Switch(), Write(), Buy(), Several(), Ask(), AskAnyone())
