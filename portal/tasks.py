from celery import shared_task

from portal import heartbeats


@shared_task(name=heartbeats.TASK, ignore_result=True, expires=60)
def heartbeat() -> None:
    """Beat files it; running it shows that the queue is being worked off."""
    heartbeats.record(heartbeats.JOBS)
