import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sync", "0008_indexes_of_long_logs")]

    operations = [
        migrations.AddField(
            model_name="expectation",
            name="since",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
    ]
