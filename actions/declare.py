"""How a resource app tells the actions engine what can be decided and what can be asked.

An app's `actions.py` registers `ActionKind`s and `EnquiryKind`s. The engine keeps the ledger: it files, claims, sends once,
reconciles, follows and logs. A kind says what is sent and how to find out whether it happened; it never writes the ledger itself,
except the progress of a kind of several steps through the `Sending` that it is given.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar, Protocol

from actions.models import Stage
from providers.contract import Provider
from sync.models import Kind, Resource


class Refused(Exception):
    """The decision can't be carried out. `fields` holds the messages by parameter for forms and API.

    Raised while filing, by `check` and before the first call of `send`: nothing was sent. A kind of several steps may raise it
    later, with a sentence that tells what was done and what was not; what it has kept as progress stays in the ledger.
    """

    def __init__(
        self, sentence: str, *, code: str = "refused", fields: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.fields = dict(fields or {})


@dataclass(frozen=True, slots=True)
class Quote:
    """What upstream asks for now. `currency` may be empty: then money actions wait until the account's is known."""

    amount: Decimal
    currency: str
    words: str = ""


class Verdict(Enum):
    HAPPENED = "happened"
    NOT_HAPPENED = "not happened"
    CANT_TELL = "can't tell"


@dataclass(frozen=True, slots=True)
class Finding:
    """What reconciling found. `result` is what the lost answer would have said, as far as it can be seen."""

    verdict: Verdict
    words: str
    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """How far a chain has come. `again` is when to look next; None ends the chain."""

    stage: Stage
    words: str = ""
    again: timedelta | None = None
    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expectation:
    """A column that this action is about to move: a sync that sees it move before `within` has passed names the action as cause.

    `field` is the column's name, or `<child>.<key>` for a record, line or reply; `<child>.` stands for all of them.
    """

    resource: Resource
    field: str
    within: timedelta = timedelta(hours=1)


class Sending(Protocol):
    """What a kind may know and do while it sends."""

    action_id: int
    resource: Resource | None
    parameters: Mapping[str, Any]
    """The secret ones included."""
    progress: Mapping[str, Any]

    def note(self, text: str, *, upstream_words: str = "") -> None:
        """Adds a line to the action's log."""

    def keep(self, progress: Mapping[str, Any]) -> None:
        """Commits the progress of a kind of several steps. Raises when the lease was lost: stop then, another works on it."""


class ActionKind(ABC):
    """One thing that can be decided.

    `idempotent`: sending it twice does no harm, so after a crash it is simply sent again (set name servers, lock). Others become
    `unknown` and are reconciled. `money`: it carries a guard, a confirmed price that is re-read before sending, and never waits.
    `may_wait`: while upstream is unavailable it stays queued with a next attempt, and can be withdrawn.
    """

    name: ClassVar[str]
    label: ClassVar[Any]
    """What the ledger calls it, for people: 'Renew a domain'."""
    capability: ClassVar[str]
    idempotent: ClassVar[bool] = False
    money: ClassVar[bool] = False
    may_wait: ClassVar[bool] = False
    secrets: ClassVar[frozenset[str]] = frozenset()
    """Parameters that are sealed and shown nowhere."""

    refreshes: ClassVar[tuple[Kind, ...]] = ()
    """Kinds whose list has something new after it (the invoice of a renewal): they are read soon."""

    def lacks(self, resource: Resource) -> str:
        """Why this one thing can’t have it although its portal offers it, as a sentence; empty when it can. Asks nobody."""
        del resource
        return ""

    @abstractmethod
    def clean(self, resource: Resource, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters as they are kept (JSON). Raises Refused with fields. Asks nobody."""

    @abstractmethod
    def summary(self, resource: Resource, parameters: Mapping[str, Any]) -> str:
        """What was decided, in words, without secrets."""

    def guard(self, resource: Resource, parameters: Mapping[str, Any]) -> str:
        """What may be under way once only, beside kind, account and resource: the expiry that was seen. Empty for kinds that may be
        repeated."""
        del resource, parameters
        return ""

    def quote(self, provider: Provider, resource: Resource, parameters: Mapping[str, Any]) -> Quote | None:
        """The price now, for money kinds; None when upstream names none. Asked at the page and again before sending."""
        del provider, resource, parameters
        return None

    def known_price(self, resource: Resource, parameters: Mapping[str, Any]) -> Quote | None:
        """What the mirror says that it costs: the most that is paid when an API call confirms no price of its own."""
        del resource, parameters
        return None

    def check(self, provider: Provider, sending: Sending) -> None:
        """Compares what the person saw with upstream now. Raises Refused ('already renewed') and nothing is sent."""
        del provider, sending

    @abstractmethod
    def send(self, provider: Provider, sending: Sending) -> Mapping[str, Any]:
        """Sends it and returns what upstream answered, in our words. Errors of `providers.errors` go through as they are."""

    @abstractmethod
    def reconcile(self, provider: Provider, sending: Sending) -> Finding:
        """Looks upstream whether an action of unknown outcome happened. Only reads."""

    def follow(self, provider: Provider, sending: Sending, result: Mapping[str, Any]) -> Step:
        """Where the chain stands after upstream accepted it. Only reads. Kinds without a chain are done."""
        del provider, sending, result
        return Step(Stage.DONE)

    def expectations(self, sending: Sending) -> Sequence[Expectation]:
        """What a sync will see move because of this action."""
        del sending
        return ()

    def brings(self, result: Mapping[str, Any]) -> Mapping[Kind, str]:
        """What upstream made because of it, as far as its result tells: kinds and upstream ids."""
        del result
        return {}

    def touched(self, sending: Sending, result: Mapping[str, Any]) -> Sequence[Resource]:
        """What is read again afterwards, so that pages show upstream's truth."""
        del result
        return [sending.resource] if sending.resource else []


class EnquiryKind(ABC):
    """One thing that can be asked. `audience` is who may: 'act' (staff) or 'read'."""

    name: ClassVar[str]
    label: ClassVar[Any]
    capability: ClassVar[str]
    audience: ClassVar[str] = "act"
    keep: ClassVar[timedelta] = timedelta(minutes=15)

    def lacks(self, resource: Resource) -> str:
        """As `ActionKind.lacks`."""
        del resource
        return ""

    @abstractmethod
    def ask(self, provider: Provider, resource: Resource, parameters: Mapping[str, Any]) -> Any:
        """Asks upstream and returns the answer as JSON. Only reads."""


@dataclass(slots=True)
class Registry:
    """The declared kinds by name."""

    actions: dict[str, ActionKind] = field(default_factory=dict)
    enquiries: dict[str, EnquiryKind] = field(default_factory=dict)

    def add(self, kind: ActionKind | EnquiryKind) -> None:
        if kind.name in self.actions or kind.name in self.enquiries:
            raise ValueError(f"{kind.name} is declared twice")
        if isinstance(kind, ActionKind):
            self.actions[kind.name] = kind
        else:
            self.enquiries[kind.name] = kind


registry = Registry()
