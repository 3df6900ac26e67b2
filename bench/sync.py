"""What keeping the mirror in step costs: first syncs, steady cycles, memory, worker processes, and the largest case.

Each part runs on engines of its own that are thrown away, with real Celery workers over HTTP to light portals in a process of
their own (bench/portals.py). What the figures mean is in docs/performance.md.

parts:
  first     first sync of --accounts x --domains with all details, against a bare thread pool under the same limits
  steady    cycles in which nothing changed, at 1,000 and at 10,000 domains: calls, rows written, time against the bare calls
  memory    resident memory of the worker at 10,000 domains in one account
  workers   the same accounts with 1, 2 and 4 worker processes at --slow-ms, and 200 small accounts
  largest   --largest-accounts x 2,000 domains: time, memory, size of the database, pages of the domain list
  pages     the same pages on rows that no portal was asked for
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from portal.runtime import engines

PARTS = ("first", "steady", "memory", "workers", "largest", "pages")
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "portal.settings",
    "SECRET_KEY": "bench-only-" + "x" * 50,
    "HOLDFAST_VAULT_KEYS": "YmVuY2gtb25seS1iZW5jaC1vbmx5LWJlbmNoLW9ubHk=",
    "HOLDFAST_ALLOWED_UPSTREAMS": "127.0.0.1",
    "HOLDFAST_BASE_URL": "http://testserver",
    "HOLDFAST_INSECURE_HTTP": "1",
    "HOLDFAST_PLAIN_STATIC": "1",
    "HOLDFAST_LOG_LEVEL": "WARNING",
}


def read(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.sync", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("parts", nargs="*", metavar="PART", help="default: the first four")
    add("--accounts", type=int, default=5, help="accounts of a first sync (%(default)s)")
    add("--domains", type=int, default=2000, help="domains of each of them (%(default)s)")
    add("--latency-ms", type=float, default=20, help="before each answer of a portal (%(default)s)")
    add("--concurrency", type=int, default=4, help="requests at once that an account may make (%(default)s)")
    add("--rate", type=int, help="requests a minute that an account may make (default: no limit)")
    add("--threads", type=int, default=5, help="of each worker process (%(default)s; the desk's own has 4)")
    add("--workers", type=int, default=1, help="worker processes of `first` and `largest` (%(default)s)")
    add("--rounds", type=int, default=3, help="rounds whose median counts (%(default)s)")
    add("--slow-ms", type=float, default=200, help="latency of the part `workers` (%(default)s)")
    add("--largest-accounts", type=int, default=50, help="accounts of the part `largest` (%(default)s)")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.parts) - set(PARTS))
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}")
    options.parts = options.parts or PARTS[:-2]
    return options


@contextmanager
def desk() -> Iterator[None]:
    """Engines and an environment of our own; never what the caller's shell names."""
    with engines.throw_away() as (database, valkey), TemporaryDirectory(prefix="hf-bench-") as data:
        (Path(data) / "static").mkdir()
        os.environ.update(ENVIRONMENT, DATABASE_URL=database, REDIS_URL=valkey, HOLDFAST_DATA=data)
        django.setup()
        yield


def main(arguments: list[str] | None = None) -> int:
    options = read(arguments)
    with desk():
        # Its imports want Django set up, and so the engines, which are known only now.
        importlib.import_module("bench.sync_parts").run(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
