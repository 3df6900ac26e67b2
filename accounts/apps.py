from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from web.shell import register_shell


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts and people")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from axes.signals import user_locked_out  # noqa: PLC0415  # axes' signals need its models

        from accounts import audit, checks  # noqa: F401, PLC0415  # likewise; importing the checks registers them
        from accounts.shell import frame_facts  # noqa: PLC0415  # it reads models

        audit.listen(user_locked_out)
        register_shell(frame_facts)
