"""Rows that migrations made. The flush after a transactional test takes them; the tests behind it count on them all the same."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models.signals import post_migrate

# Django makes these anew itself after each flush, with other keys.
MADE_BY_DJANGO = (ContentType, Permission)


def come_back_after_each_flush() -> None:
    """Remembers what the database holds now, which is to be what its migrations made and nothing else."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    made = {
        model: rows for model in models if model not in MADE_BY_DJANGO and (rows := list(model._base_manager.all()))
    }

    def bring_back(**_signal: Any) -> None:
        with transaction.atomic():  # foreign keys are checked at its end, whichever table comes first
            for model, rows in made.items():
                model._base_manager.bulk_create(rows)

    # A flush ends with this signal, once for each app; once is enough.
    post_migrate.connect(bring_back, sender=apps.get_app_config("accounts"), weak=False)
