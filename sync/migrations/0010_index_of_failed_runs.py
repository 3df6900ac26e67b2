from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sync", "0009_when_an_expectation_began")]

    operations = [
        migrations.AddIndex(
            model_name="run",
            index=models.Index(condition=models.Q(("state", "failed")), fields=["account", "-id"], name="run_failed"),
        ),
    ]
