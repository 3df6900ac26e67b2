from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_account_deleting")]

    operations = [
        migrations.AddField(
            model_name="provideraccount",
            name="portal_notes",
            field=models.JSONField(default=list, editable=False),
        ),
    ]
