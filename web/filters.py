"""Filters that read as a sentence: `Domains of [any customer] at [any account] that lapse [within 90 days]`.

A filter class knows the words before it (`lead`), what it says when it narrows nothing (`any_label`), and whether it
always stands in the sentence or waits behind 'and …' until it is used (`always`).
"""

# mypy: allow-untyped-calls
# django-filter has no annotations; calling it is the point of this module.

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_filters.filterset import FilterSet as PlainFilterSet

from web.dates import exact_day
from web.links import with_params
from web.searching import Column, found_by

Words = str | Promise
SEARCH = "q"
MOST_WORDS, MOST_LETTERS = 10, 200
ANY = _("any")


@dataclass(frozen=True, slots=True)
class ChipOption:
    label: str
    url: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Chip:
    name: str
    lead: Words
    text: str
    active: bool
    clear_url: str
    multiple: bool
    options: list[ChipOption]
    day: str | None = None
    """Of a day that is typed: what the input holds."""


class Phrase:
    """Mixed into the filters below."""

    lead: Words = ""
    any_label: Words = ANY
    always: bool = True
    multiple = False
    field_name: str | None

    def __init__(
        self, *args: Any, lead: Words = "", any_label: Words = ANY, always: bool = True, **kwargs: Any
    ) -> None:
        self.lead, self.any_label, self.always = lead, any_label, always
        super().__init__(*args, **kwargs)


class ChoiceChip(Phrase, django_filters.ChoiceFilter):
    """One of `choices` (pairs, or a callable returning them)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"empty_label": None, **kwargs})


class ChoicesChip(Phrase, django_filters.MultipleChoiceFilter):
    """Any of `choices`; the menu stays open while several are ticked."""

    multiple = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"distinct": False, **kwargs})


class ModelChip(Phrase, django_filters.ModelChoiceFilter):
    """One row of `queryset`; give a callable `queryset=lambda request: ...visible_to(request.user)`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"empty_label": None, **kwargs})


class PresetChip(ChoiceChip):
    """Named conditions: `presets=[("week", _("within a week"), lambda: Q(due_on__lte=today() + ...)), ...]`.

    The callables run at each request, so that 'today' is today.
    """

    def __init__(self, *args: Any, presets: Sequence[tuple[str, Words, Q | Callable[[], Q]]], **kwargs: Any) -> None:
        self.conditions = {key: condition for key, _label, condition in presets}
        super().__init__(*args, choices=[(key, label) for key, label, _condition in presets], **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        condition = self.conditions.get(value)
        if condition is None:
            return qs
        return qs.filter(condition if isinstance(condition, Q) else condition())


class PresetsChip(ChoicesChip):
    """Any of several named conditions, given as to PresetChip."""

    def __init__(self, *args: Any, presets: Sequence[tuple[str, Words, Q | Callable[[], Q]]], **kwargs: Any) -> None:
        self.conditions = {key: condition for key, _label, condition in presets}
        super().__init__(*args, choices=[(key, label) for key, label, _condition in presets], **kwargs)

    def filter(self, qs: QuerySet[Any], value: Sequence[str]) -> QuerySet[Any]:
        wanted = [self.conditions[each] for each in value or () if each in self.conditions]
        if not wanted:
            return qs
        return qs.filter(reduce(or_, [each if isinstance(each, Q) else each() for each in wanted]))


class FlagChip(PresetChip):
    """Yes or no of a boolean column: `FlagChip("auto_renew", yes=_("auto-renew on"), no=_("auto-renew off"))`."""

    def __init__(self, field_name: str, *, yes: Words, no: Words, **kwargs: Any) -> None:
        presets = [("yes", yes, Q(**{field_name: True})), ("no", no, Q(**{field_name: False}))]
        super().__init__(field_name=field_name, presets=presets, **kwargs)


class DayChip(Phrase, django_filters.DateFilter):
    """One day, as a link elsewhere (the overview's strip) names it. It stands in the sentence only while it is in the URL."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"always": False, **kwargs})

    def says(self, value: str) -> str:
        try:
            return exact_day(date.fromisoformat(value))
        except ValueError:
            return ""


class SinceChip(DayChip):
    """From the beginning of a typed day on, in the reader's time zone; `field_name` is an instant."""

    def filter(self, qs: QuerySet[Any], value: date | None) -> QuerySet[Any]:
        return qs.filter(**{f"{self.field_name}__gte": midnight(value)}) if value else qs


class UntilChip(DayChip):
    """Likewise up to the end of a typed day."""

    def filter(self, qs: QuerySet[Any], value: date | None) -> QuerySet[Any]:
        if value is None or value == date.max:
            return qs
        return qs.filter(**{f"{self.field_name}__lt": midnight(value + timedelta(days=1))})


TYPED = (SinceChip, UntilChip)


def midnight(day: date) -> datetime:
    """When the day begins for the reader."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _few_words(text: str) -> None:
    if len(text.split()) > MOST_WORDS:
        raise ValidationError(_("Search for at most %(most)d words.") % {"most": MOST_WORDS})


class SearchFilter(django_filters.CharFilter):
    """The box 'find in this list': every word must occur in one of `fields`. Each word costs the database a look at all rows, so
    there may be ten.

    `many` names the fields on the far side of a to-many relation; they are looked up apart, so that a row is found once.
    """

    def __init__(
        self, *args: Any, fields: Sequence[Column], many: Sequence[str] = (), placeholder: Words = "", **kwargs: Any
    ) -> None:
        self.fields, self.many, self.placeholder = fields, many, placeholder
        super().__init__(*args, **{"max_length": MOST_LETTERS, "validators": [_few_words], **kwargs})

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return found_by(qs, str(value or "").split(), self.fields, self.many)


class FilterSet(PlainFilterSet):
    """Base of every list's filters. `sentence` is its first word(s), usually the plural of the resource."""

    sentence: Words = ""

    def chips(self) -> list[Chip]:
        """Those in the sentence, in the order of declaration."""
        return [self._chip(name, phrase) for name, phrase in self._phrases() if phrase.always or self._values(name)]

    def more(self) -> list[Chip]:
        """Those that wait behind 'and …'."""
        return [
            self._chip(name, phrase)
            for name, phrase in self._phrases()
            if not phrase.always
            and not self._values(name)
            and (not isinstance(phrase, DayChip) or isinstance(phrase, TYPED))
        ]

    @property
    def typed(self) -> set[str]:
        """The parameters for which the form has an input of its own."""
        return {name for name, phrase in self._phrases() if isinstance(phrase, TYPED)}

    @property
    def search(self) -> SearchFilter | None:
        found = self.filters.get(SEARCH)
        return found if isinstance(found, SearchFilter) else None

    @property
    def search_value(self) -> str:
        return str(self._query().get(SEARCH, ""))

    @property
    def narrows(self) -> bool:
        """Whether any filter of this list is set in the URL."""
        return any(self._values(name) for name in self.filters)

    def problems(self) -> list[str]:
        """Sentences about values in the URL that no filter can use; they narrow nothing, so the page must say so."""
        return [str(error) for errors in self.errors.values() for error in errors]

    def _phrases(self) -> Iterable[tuple[str, Phrase]]:
        return ((name, item) for name, item in self.filters.items() if isinstance(item, Phrase))

    def _query(self) -> QueryDict:
        return self.request.GET if self.request is not None else QueryDict()

    def _values(self, name: str) -> list[str]:
        return [value for value in self._query().getlist(name) if value]

    def _chip(self, name: str, phrase: Phrase) -> Chip:
        values, query = self._values(name), self._query()
        clear_url = with_params(query, **{name: None})
        if isinstance(phrase, DayChip):
            said = phrase.says(values[0]) if values else ""
            anyway = ChipOption(str(phrase.any_label), clear_url, selected=not said)
            text = said or str(phrase.any_label)
            if isinstance(phrase, TYPED):
                day = values[0] if said else ""
                return Chip(name, phrase.lead, text, bool(said), clear_url, multiple=False, options=[], day=day)
            return Chip(name, phrase.lead, text, bool(said), clear_url, multiple=False, options=[anyway])
        options = []
        for raw, label in self.form.fields[name].choices:
            value = str(raw)
            selected = value in values
            wanted: str | list[str] = value
            if phrase.multiple:
                wanted = [old for old in values if old != value] if selected else [*values, value]
            options.append(ChipOption(str(label), with_params(query, **{name: wanted}), selected))
        words = [option.label for option in options if option.selected]
        return Chip(
            name=name,
            lead=phrase.lead,
            text=", ".join(words) if words else str(phrase.any_label),
            active=bool(words),
            clear_url=clear_url,
            multiple=phrase.multiple,
            options=options,
        )
