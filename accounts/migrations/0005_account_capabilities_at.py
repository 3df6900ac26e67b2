from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_portal_notes")]

    operations = [
        migrations.AddField(
            model_name="provideraccount",
            name="capabilities_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
