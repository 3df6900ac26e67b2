from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sync", "0005_latency_and_the_feeds_indexes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="resource",
            name="kind",
            field=models.CharField(
                choices=[
                    ("domains", "Domains"),
                    ("zones", "DNS zones"),
                    ("invoices", "Invoices"),
                    ("balance", "Balance"),
                    ("tickets", "Tickets"),
                    ("services", "Services"),
                    ("virtual-machines", "Virtual machines"),
                    ("certificates", "Certificates"),
                    ("catalogue", "Catalogue"),
                    ("prices", "Domain prices"),
                    ("contacts", "Profile and contacts"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="run",
            name="kind",
            field=models.CharField(
                choices=[
                    ("domains", "Domains"),
                    ("zones", "DNS zones"),
                    ("invoices", "Invoices"),
                    ("balance", "Balance"),
                    ("tickets", "Tickets"),
                    ("services", "Services"),
                    ("virtual-machines", "Virtual machines"),
                    ("certificates", "Certificates"),
                    ("catalogue", "Catalogue"),
                    ("prices", "Domain prices"),
                    ("contacts", "Profile and contacts"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="schedule",
            name="kind",
            field=models.CharField(
                choices=[
                    ("domains", "Domains"),
                    ("zones", "DNS zones"),
                    ("invoices", "Invoices"),
                    ("balance", "Balance"),
                    ("tickets", "Tickets"),
                    ("services", "Services"),
                    ("virtual-machines", "Virtual machines"),
                    ("certificates", "Certificates"),
                    ("catalogue", "Catalogue"),
                    ("prices", "Domain prices"),
                    ("contacts", "Profile and contacts"),
                ],
                max_length=20,
            ),
        ),
    ]
