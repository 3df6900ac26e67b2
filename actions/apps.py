from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from prometheus_client import REGISTRY

from web.shell import register_shell


class ActionsConfig(AppConfig):
    name = "actions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Collects what the resource apps declare in their `actions.py`, and tells the page frame what waits for a person."""
        autodiscover_modules("actions")
        from actions.metrics import ActionCollector  # noqa: PLC0415  # it reads models, which are loaded only now
        from actions.shell import frame_facts  # noqa: PLC0415  # likewise

        register_shell(frame_facts)
        REGISTRY.register(ActionCollector())
