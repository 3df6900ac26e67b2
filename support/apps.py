from django.apps import AppConfig

from web.shell import register_shell


class SupportConfig(AppConfig):
    name = "support"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tells the page frame how many tickets wait for us."""
        from support.shell import frame_facts  # noqa: PLC0415  # it reads models, which are loaded only now

        register_shell(frame_facts)
