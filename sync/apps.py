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
        from sync import metrics, shell  # noqa: PLC0415  # they read models, which are loaded only now

        register_shell(shell.frame_facts)
        REGISTRY.register(metrics.SyncCollector())
