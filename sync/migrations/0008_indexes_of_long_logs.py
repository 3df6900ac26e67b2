import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_left_login"),
        ("sync", "0007_profile_kind"),
    ]

    operations = [
        migrations.AlterField(
            model_name="change",
            name="resource",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="changes",
                to="sync.resource",
            ),
        ),
        migrations.AlterField(
            model_name="run",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="runs",
                to="accounts.provideraccount",
            ),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["account", "finished_at"], name="run_of_account"),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(condition=models.Q(("state", "held")), fields=["account", "kind"], name="run_held"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(condition=models.Q(("field", "status")), fields=["new", "-id"], name="change_of_status"),
        ),
    ]
