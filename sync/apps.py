from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from prometheus_client import REGISTRY

from web.shell import register_shell


class SyncConfig(AppConfig):
    name = "sync"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Collects what the resource apps declare in their `sync.py`, and tells page frame and metrics how the mirror stands."""
        autodiscover_modules("sync")
        from accounts.standing import judge_with  # noqa: PLC0415  # reads models, which are loaded only now
        from sync import metrics, shell, standing  # noqa: PLC0415  # likewise

        register_shell(shell.frame_facts)
        judge_with(standing.standings)
        REGISTRY.register(metrics.SyncCollector())
