"""Figures for Prometheus: the calls of actions and enquiries. They only grow, whichever worker made them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import structlog
from django.db import DatabaseError
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from actions.models import CallTally

log = structlog.get_logger(__name__)

WORDS = {
    "requests": "Calls to the portals that actions and enquiries made, to look before and after included.",
    "errors": "Those of them that failed.",
    "seconds": "What the portals took for them.",
}


class ActionCollector(Collector):
    """One query a scrape. Series: accounts times families of actions."""

    def describe(self) -> Iterable[CounterMetricFamily]:
        """Nothing, so that registering asks the database nothing."""
        return []

    def collect(self) -> Iterator[CounterMetricFamily]:
        found = {
            name: CounterMetricFamily(f"holdfast_actions_upstream_{name}", words, labels=["account", "family"])
            for name, words in WORDS.items()
        }
        try:
            rows = list(CallTally.objects.order_by("account", "family").values("account", "family", *WORDS))
        except DatabaseError as error:
            # The other figures of this process are still worth having.
            log.warning("action_metrics_unread", error=type(error).__name__)
            return
        for row in rows:
            for name, metric in found.items():
                metric.add_metric([str(row["account"]), row["family"]], row[name])
        yield from found.values()
