from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_roles")]
    operations = [
        migrations.AlterField(
            model_name="provideraccount",
            name="state",
            field=models.CharField(
                choices=[
                    ("active", "Active"),
                    ("paused", "Paused"),
                    ("refused", "Credential refused"),
                    ("deleting", "Being deleted"),
                ],
                default="active",
                max_length=12,
            ),
        ),
    ]
