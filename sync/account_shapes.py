"""The forms in which the API tells how an account is read. Spans are seconds, as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from rest_framework import serializers

from accounts.models import ProviderAccount
from providers.limits import Headroom
from sync.causes import Cause
from sync.declare import registry
from sync.health import Health, Tally
from sync.incidents import Incident
from sync.intervals import KindPlan, Plan
from sync.models import Kind
from sync.queries import KindState
from sync.run_api import RunSerializer
from sync.words import TONES

LONGEST_SECONDS = 2**31
CAUSES = [cause.value for cause in Cause]


class ScheduleSerializer(serializers.Serializer[Any]):
    """One kind. Where `supported` is false the portal has no such thing or refuses it, and `words` says why."""

    kind = serializers.ChoiceField(Kind.choices)
    interval = serializers.IntegerField(help_text="Seconds.")
    default_interval = serializers.IntegerField(help_text="Seconds.")
    own = serializers.BooleanField(help_text="Set for this account; else the default.")
    calls_per_hour = serializers.FloatField(
        allow_null=True, help_text="What that asks of the portal; null when not supported."
    )
    estimated = serializers.BooleanField(
        allow_null=True, help_text="Not measured yet: no routine run of it was complete."
    )
    next_due_at = serializers.DateTimeField(allow_null=True)
    last_complete_at = serializers.DateTimeField(
        allow_null=True, help_text="When the last run ended that saw the whole list."
    )
    late = serializers.BooleanField(help_text="Older than twice its interval.")
    failing_since = serializers.DateTimeField(allow_null=True)
    failures = serializers.IntegerField(help_text="Failed runs in a row.")
    supported = serializers.BooleanField()
    words = serializers.CharField(allow_null=True)
    last_run = RunSerializer(allow_null=True, help_text="The last one, or the one under way.")


class LoadSerializer(serializers.Serializer[Any]):
    """What the schedule asks of the portal; the figures are null while the package that brought the provider is gone."""

    calls_per_hour = serializers.FloatField(allow_null=True)
    allowed_per_hour = serializers.IntegerField(allow_null=True)
    fits = serializers.BooleanField(allow_null=True, help_text="At most four fifths of what is allowed.")


class SchedulesSerializer(LoadSerializer):
    account = serializers.IntegerField()
    results = ScheduleSerializer(many=True)


class IntervalsSerializer(serializers.Serializer[Any]):
    intervals = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=LONGEST_SECONDS, allow_null=True),
        allow_empty=False,
        help_text="Seconds by kind; null for the default.",
    )
    dry_run = serializers.BooleanField(default=False, help_text="Set nothing, tell what it would cost.")


class TallySerializer(serializers.Serializer[Any]):
    """Of the runs that ended within 24 hours."""

    runs = serializers.IntegerField()
    failed = serializers.IntegerField()
    requests = serializers.IntegerField()
    latency = serializers.FloatField(
        allow_null=True, help_text="Seconds that the portal takes for an answer, on average."
    )
    slowest = serializers.FloatField(allow_null=True, help_text="Seconds that the slowest answer took.")
    duration = serializers.FloatField(allow_null=True, help_text="Seconds that a run takes, on average.")


class KindHealthSerializer(TallySerializer):
    kind = serializers.ChoiceField(Kind.choices)
    next_due_at = serializers.DateTimeField(allow_null=True)
    last_run = RunSerializer(allow_null=True)


class HourSerializer(serializers.Serializer[Any]):
    begins = serializers.DateTimeField()
    requests = serializers.IntegerField()
    failed = serializers.IntegerField(help_text="Syncs that failed.")
    tone = serializers.ChoiceField(
        sorted({tone.value for tone in TONES.values()}), help_text="Of the worst of its runs."
    )


class FaultSerializer(serializers.Serializer[Any]):
    """One sort of failure of the last week; the words are those of its latest run."""

    cause = serializers.ChoiceField(CAUSES)
    count = serializers.IntegerField()
    first = serializers.DateTimeField()
    last = serializers.DateTimeField()
    run = serializers.IntegerField(source="run_id")
    sentence = serializers.CharField()
    upstream_words = serializers.CharField()


class HeadroomSerializer(serializers.Serializer[Any]):
    """What is left of the account's limits now. What the portal did not say is null."""

    per_minute = serializers.IntegerField()
    concurrency = serializers.IntegerField()
    under_way = serializers.IntegerField()
    blocked_for = serializers.FloatField(help_text="Seconds for which nobody calls, because the portal asked for it.")
    remaining = serializers.IntegerField(allow_null=True)
    said_ago = serializers.FloatField(allow_null=True)
    reset_in = serializers.FloatField(allow_null=True)


class HealthSerializer(serializers.Serializer[Any]):
    account = serializers.IntegerField()
    day = TallySerializer()
    kinds = KindHealthSerializer(many=True)
    hours = HourSerializer(many=True, help_text="The last 24, the oldest first.")
    faults = FaultSerializer(many=True)
    recent = RunSerializer(many=True, help_text="The last twelve runs.")
    load = LoadSerializer()
    headroom = HeadroomSerializer(allow_null=True, help_text="Null while the counter can't be reached.")


class IncidentSerializer(serializers.Serializer[Any]):
    provider = serializers.CharField()
    portal = serializers.CharField()
    cause = serializers.ChoiceField(CAUSES)
    accounts = serializers.ListField(child=serializers.IntegerField())
    since = serializers.DateTimeField()
    next_try_at = serializers.DateTimeField(
        allow_null=True, help_text="Null when nothing is tried before a person did something."
    )
    sentence = serializers.CharField()


class IncidentsSerializer(serializers.Serializer[Any]):
    """All there are, in the form of a page: `next` and `previous` are always null."""

    results = IncidentSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


def schedules_data(lines: Iterable[KindState], *, account: ProviderAccount, plan: Plan | None) -> dict[str, Any]:
    costs = {each.kind: each for each in plan.kinds} if plan is not None else {}
    results = [_schedule(line, costs.get(line.kind)) for line in lines]
    return {"account": account.pk, **_load(plan), "results": results}


def health_data(
    health: Health, *, account: ProviderAccount, headroom: Headroom | None, plan: Plan | None
) -> dict[str, Any]:
    return {
        "account": account.pk,
        "day": _tally(health.total),
        "kinds": [
            {"kind": line.kind, "next_due_at": _due(line), "last_run": line.run, **_tally(day)}
            for line, day in health.lines
        ],
        "hours": health.hours,
        "faults": health.faults,
        "recent": health.recent,
        "load": _load(plan),
        "headroom": headroom,
    }


def incidents_data(found: Sequence[Incident], now: datetime) -> dict[str, Any]:
    results = [
        {
            "provider": each.provider,
            "portal": each.name,
            "cause": each.cause,
            "accounts": [account.pk for account in each.accounts],
            "since": each.since,
            "next_try_at": each.next_try,
            "sentence": each.sentence(now),
        }
        for each in found
    ]
    return {"results": results, "next": None, "previous": None}


def _schedule(line: KindState, cost: KindPlan | None) -> dict[str, Any]:
    schedule, default = line.schedule, registry[line.kind].interval
    interval = cost.interval if cost else (schedule.interval if schedule and schedule.interval else default)
    return {
        "kind": line.kind,
        "interval": _seconds(interval),
        "default_interval": _seconds(default),
        "own": cost.own if cost else bool(schedule and schedule.interval),
        "calls_per_hour": round(cost.per_hour, 2) if cost else None,
        "estimated": cost.estimated if cost else None,
        "next_due_at": _due(line),
        "last_complete_at": schedule.last_complete_at if schedule else None,
        "late": line.late,
        "failing_since": schedule.failing_since if schedule else None,
        "failures": schedule.failures if schedule else 0,
        "supported": not line.lacking,
        "words": (schedule.words or None) if schedule else None,
        "last_run": line.run,
    }


def _due(line: KindState) -> datetime | None:
    return line.schedule.next_due_at if line.schedule else None


def _load(plan: Plan | None) -> dict[str, Any]:
    if plan is None:
        return {"calls_per_hour": None, "allowed_per_hour": None, "fits": None}
    return {"calls_per_hour": round(plan.per_hour, 2), "allowed_per_hour": plan.allowed_per_hour, "fits": plan.fits}


def _tally(tally: Tally) -> dict[str, Any]:
    asked = tally.latency is not None
    return {
        "runs": tally.runs,
        "failed": tally.failed,
        "requests": tally.requests,
        "latency": tally.latency,
        "slowest": tally.slowest if asked else None,
        "duration": tally.duration.total_seconds() if tally.duration is not None else None,
    }


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
