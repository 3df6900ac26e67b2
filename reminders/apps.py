from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from web.shell import register_shell


class RemindersConfig(AppConfig):
    name = "reminders"
    verbose_name = _("Reminders")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Collects what the resource apps declare in their `reminders.py`, and tells the page frame whether mail can leave."""
        autodiscover_modules("reminders")
        from reminders.shell import frame_facts  # noqa: PLC0415  # it reads models, which are loaded only now

        register_shell(frame_facts)
