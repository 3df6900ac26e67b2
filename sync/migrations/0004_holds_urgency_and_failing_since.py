import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_account_deleting"),
        ("sync", "0003_freshness_and_expectations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HeldRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("detail", models.BooleanField()),
                ("moves", models.JSONField()),
                ("said", models.JSONField()),
                ("asked", models.DateTimeField()),
                ("accepted", models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField(
            model_name="run",
            name="held_changes",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="run",
            name="held_fields",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=100), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="list_requests",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="run",
            name="urgent",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="schedule",
            name="failing_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["finished_at"], name="run_ended"),
        ),
        migrations.AddField(
            model_name="heldrow",
            name="resource",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sync.resource"),
        ),
        migrations.AddField(
            model_name="heldrow",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="held_rows", to="sync.run"
            ),
        ),
        migrations.AddConstraint(
            model_name="heldrow",
            constraint=models.UniqueConstraint(fields=("run", "resource", "detail"), name="held_row_once"),
        ),
    ]
