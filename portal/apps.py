from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The Celery app is made here and not in portal/__init__.py, so that portal.runtime starts before (and without) Celery.
        from portal import celery  # noqa: F401, PLC0415 - importing it is the registration; models must be ready first
