from pathlib import Path
from typing import Any

from celery import shared_task

from portal import demo, heartbeats


@shared_task(name=heartbeats.TASK, ignore_result=True, expires=60)
def heartbeat() -> None:
    """Beat files it; running it shows that the queue is being worked off."""
    heartbeats.record(heartbeats.JOBS)


@shared_task(bind=True, max_retries=60, default_retry_delay=5, ignore_result=True)
def assign_demo_customers(self: Any, file: str) -> None:
    """Again every five seconds until the first sync of the demo's accounts is through; five minutes at most."""
    demo.assign(demo.read(Path(file)))
    if not demo.settled():
        raise self.retry()
