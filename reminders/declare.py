"""How a resource app tells this engine what falls due.

An app's `reminders.py` registers one `Lapsing` for each kind of thing. The day itself stands on the spine (`Resource.due_on`, which
the kind's sync fills); a declaration says which things are watched, whose day is in doubt, and finds the words.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db.models import Q

from sync.models import Kind, Resource


class Lapsing(ABC):
    """One kind of thing that lapses. `what` names it in rules, and is kept in the database."""

    what: ClassVar[str]
    kind: ClassVar[Kind]
    label: ClassVar[Any]
    """The plural, for people."""
    related: ClassVar[tuple[str, ...]] = ()
    """What `renewal` reads of a resource, to be joined."""

    @abstractmethod
    def staying(self) -> Q:
        """Which resources of the kind can lapse at all, as a filter on Resource: not those that have left us."""

    @abstractmethod
    def doubtful(self) -> Q:
        """Which of them have no day that can be trusted, as a filter on Resource."""

    @abstractmethod
    def renewal(self, resource: Resource) -> str:
        """Whether it renews itself, in words."""

    @abstractmethod
    def lapse_within(self, count: int, days: int) -> str:
        """'3 domains lapse within 7 days'; `days` 0 means today."""

    @abstractmethod
    def expired(self, count: int) -> str:
        """'2 domains expired'."""


@dataclass(slots=True)
class Registry:
    """The declared kinds by their `what`."""

    kinds: dict[str, Lapsing] = field(default_factory=dict)

    def add(self, declaration: Lapsing) -> None:
        if declaration.what in self.kinds:
            raise ValueError(f"{declaration.what} is declared twice")
        self.kinds[declaration.what] = declaration

    def __getitem__(self, what: str) -> Lapsing:
        return self.kinds[what]

    def __contains__(self, what: object) -> bool:
        return what in self.kinds

    def related(self) -> Iterable[str]:
        return sorted({path for declaration in self.kinds.values() for path in declaration.related})


registry = Registry()
