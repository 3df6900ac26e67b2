"""How a resource app tells the sync engine what its kind is and how upstream's rows become rows of the mirror.

An app's `sync.py` registers one `ResourceSync` a kind (or an `AccountSync` for what is not a list of things). The engine does the
rest: pages, comparing, details, batches, changes, tombstones. Columns are named like the fields of `providers.resources`, so that a
declaration says only what is special.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from functools import cache
from typing import Any, ClassVar, Generic, Protocol, TypeVar, get_args

from django.db.models import Model, Q

from accounts.models import ProviderAccount
from providers.contract import Provider
from providers.errors import NotSupported
from providers.resources import Page, Upstream
from sync.models import Kind, Schedule
from web.tones import Tone

ItemT = TypeVar("ItemT", bound=Upstream)
DetailT = TypeVar("DetailT", bound=Upstream)
FamilyT = TypeVar("FamilyT")
AnswerT = TypeVar("AnswerT")


class Ask(Protocol):
    """One call of the portal within the run's limits."""

    def __call__(self, read: Callable[[], AnswerT], /) -> AnswerT: ...


def family(declared: FamilyT | None) -> FamilyT:
    """The provider's family. Only asked for after its capability was; a provider that claims one without having it is wrong."""
    if declared is None:
        raise NotSupported("This portal's adapter claims an operation whose family it does not have.")
    return declared


@dataclass(frozen=True, slots=True)
class Children:
    """Rows that hang on a resource and are replaced as a set: records, invoice lines, replies.

    `field` is the detail's field that holds them in order; when it is None, or among the detail's unreadable ones, the mirror keeps
    what it has. `key` tells one apart within its parent and goes into the column `key`; `columns` makes the other columns. `label`
    names one in the history.
    """

    name: str
    model: type[Model]
    parent: str
    field: str
    key: Callable[[Any], str]
    columns: Callable[[int, Any], Mapping[str, Any]]
    label: Callable[[Any], str]
    quiet: frozenset[str] = frozenset()
    """Columns whose movement is written but is no change worth telling (an index that upstream renumbers)."""


class ResourceSync(ABC, Generic[ItemT, DetailT]):
    """One kind of mirrored thing.

    `capability` is what the provider must offer for the kind to be read at all; `detail_capability` what it must offer for details,
    empty where the list says everything. `detail_age` is how old a detail may get before it is read again in turn. `watch_budget`
    is how many of the `watched` things are re-read at each run beside that. What the list reveals is what the first type has
    (`in_list`); whatever only the second one has is as old as the detail.
    """

    kind: ClassVar[Kind]
    model: ClassVar[type[Model]]
    capability: ClassVar[str]
    detail_capability: ClassVar[str] = ""
    interval: ClassVar[timedelta] = timedelta(hours=1)
    detail_age: ClassVar[timedelta] = timedelta(hours=24)
    watch_budget: ClassVar[int] = 0
    children: ClassVar[tuple[Children, ...]] = ()
    quiet: ClassVar[frozenset[str]] = frozenset()
    """Columns whose movement is written but is no change worth telling."""
    grave: ClassVar[frozenset[str]] = frozenset()
    """Columns that many things at once do not move in by themselves: when they seem to, a person is asked first."""
    listed_while: ClassVar[frozenset[str]] = frozenset()
    """The values of `status` with which a thing stands in the list for certain: when the portal still gives one by its id, a list
    without it was cut short. Where there are none, what the list lacks is taken for gone without being asked for."""
    known_by_name: ClassVar[bool] = False
    """A thing that vanishes while one of its name appears is taken for the same one under another id."""

    @abstractmethod
    def list_page(self, provider: Provider, token: str | None) -> Page[ItemT]:
        """Reads one page of the list."""

    def read_detail(self, provider: Provider, upstream_id: str) -> DetailT:
        """Reads one thing in full. Only called when `detail_capability` is set and offered."""
        raise LookupError(f"{self.kind} declares no detail")

    @abstractmethod
    def tone(self, row: Any) -> Tone:
        """The tone of a row's status, dates left aside."""

    def name(self, row: Any) -> str:
        """What the thing is called on the spine."""
        return str(row)

    def due_on(self, row: Any) -> date | None:
        """The day on which it lapses or must be paid; None when it does not."""
        return None

    def watched(self) -> Q | None:
        """Which resources (as a filter on Resource) are re-read in turn at each run, whatever their age."""
        return None

    def in_list(self) -> frozenset[str]:
        """The columns that a list may tell, and so are as old as the last list; the others are as old as the detail."""
        item, _detail = get_args(type(self).__orig_bases__[0])  # type: ignore[attr-defined]  # a subclass names both types
        return frozenset(each.name for each in fields(item)) & _own_columns(self.model)

    def columns(self, item: Upstream, account: ProviderAccount) -> dict[str, Any]:
        """The columns that this item says something about. A field that is None was not said and is left as it is."""
        said = {}
        kind: Any = type(item)
        for name in _mirrored(kind, self.model):
            value = getattr(item, name)
            if value is not None:
                said[name] = list(value) if isinstance(value, tuple) else value
        return said


@cache
def _mirrored(kind: type[Any], model: type[Model]) -> tuple[str, ...]:
    """The fields of a resource that have a column of their own; a secret never has one."""
    own = _own_columns(model) - {"id", "unreadable"}
    return tuple(each.name for each in fields(kind) if each.name in own and not each.metadata.get("secret"))


@cache
def _own_columns(model: type[Model]) -> frozenset[str]:
    return frozenset(column.attname for column in model._meta.concrete_fields)  # noqa: SLF001  # Django's documented model API


class AccountSync(ABC):
    """What an account has one of (a balance, a price list): read in one go, compared and written by the app itself
    (`sync.sets`)."""

    kind: ClassVar[Kind]
    capability: ClassVar[str | tuple[str, ...]]
    """What the provider must offer; of several, any one will do."""
    interval: ClassVar[timedelta] = timedelta(hours=1)
    names_currency: ClassVar[bool] = False
    """A first sync reads it before all else, because the other kinds' amounts are in the currency that it names."""

    @abstractmethod
    def read(self, provider: Provider, ask: Ask) -> Any:
        """Asks upstream, outside any transaction: each call through `ask`, which waits out short rate limits and shows that
        the run lives."""

    def count(self, answer: Any) -> int:
        """How many things the answer tells of."""
        return len(answer) if isinstance(answer, tuple | list) else 1

    def skipped(self, answer: Any) -> Iterable[tuple[str, str, str]]:
        """What could not be read: upstream's id, name and the reason, for staff. The run is then partial."""
        del answer
        return ()

    @abstractmethod
    def write(self, account: ProviderAccount, answer: Any) -> int:
        """Writes what differs, inside the engine's transaction, and returns how many rows were written."""


@dataclass(slots=True)
class Registry:
    """The declared kinds, in the order in which a first sync reads them."""

    kinds: dict[Kind, ResourceSync[Any, Any] | AccountSync] = field(default_factory=dict)

    def add(self, declaration: ResourceSync[Any, Any] | AccountSync) -> None:
        if declaration.kind in self.kinds:
            raise ValueError(f"{declaration.kind} is declared twice")
        self.kinds[declaration.kind] = declaration

    def __getitem__(self, kind: str) -> ResourceSync[Any, Any] | AccountSync:
        return self.kinds[Kind(kind)]

    def in_order(self) -> list[ResourceSync[Any, Any] | AccountSync]:
        return [self.kinds[kind] for kind in Kind if kind in self.kinds]


registry = Registry()


def interval_of(schedule: Schedule) -> timedelta:
    """How often the account's kind is read: its own interval, or what the kind declares."""
    return schedule.interval or registry[schedule.kind].interval


def needed(declaration: ResourceSync[Any, Any] | AccountSync) -> tuple[str, ...]:
    """The capabilities with which the kind can be read: any one of them will do."""
    named = declaration.capability
    return (named,) if isinstance(named, str) else named
