import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("domains", "0002_zone_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="TldPrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("upstream_id", models.CharField(blank=True, max_length=200)),
                ("tld", models.CharField(max_length=255)),
                ("years", models.PositiveSmallIntegerField()),
                ("register", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ("transfer", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ("renew", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ("redemption", models.DecimalField(decimal_places=4, max_digits=18, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("listed_on", models.DateField(null=True)),
                ("first_seen", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(null=True)),
                ("previous", models.JSONField(default=dict)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tld_prices",
                        to="accounts.provideraccount",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["tld", "years", "currency"], name="tld_price_to_compare")],
                "constraints": [models.UniqueConstraint(fields=("account", "tld", "years"), name="tld_price_once")],
            },
        ),
    ]
