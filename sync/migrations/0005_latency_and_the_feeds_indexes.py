import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sync", "0004_holds_urgency_and_failing_since")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="upstream_seconds",
            field=models.FloatField(default=0),
        ),
        migrations.AddField(
            model_name="run",
            name="upstream_slowest",
            field=models.FloatField(default=0),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass("field", "varchar_pattern_ops"),
                models.F("id").desc(),
                name="change_of_field",
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(condition=models.Q(("action__isnull", False)), fields=["-id"], name="change_by_us"),
        ),
    ]
