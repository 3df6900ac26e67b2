import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("services", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProductCategory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("upstream_id", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=300)),
                ("description", models.TextField(blank=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="product_categories",
                        to="accounts.provideraccount",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_plan", models.BooleanField(default=False)),
                ("upstream_id", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=300)),
                ("description", models.TextField(blank=True)),
                ("in_stock", models.BooleanField(null=True)),
                ("first_seen", models.DateTimeField(auto_now_add=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="products",
                        to="accounts.provideraccount",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="products",
                        to="services.productcategory",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProductPrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60)),
                (
                    "cycle",
                    models.CharField(
                        choices=[
                            ("once", "once"),
                            ("free", "free"),
                            ("hourly", "an hour"),
                            ("daily", "a day"),
                            ("weekly", "a week"),
                            ("monthly", "a month"),
                            ("quarterly", "3 months"),
                            ("semiannually", "6 months"),
                            ("annually", "a year"),
                            ("biennially", "2 years"),
                            ("triennially", "3 years"),
                            ("quadrennially", "4 years"),
                            ("quinquennially", "5 years"),
                            ("unknown", "another period"),
                        ],
                        max_length=20,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("price", models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                ("setup", models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("first_seen", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(null=True)),
                ("previous", models.JSONField(default=dict)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="prices", to="services.product"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="productcategory",
            constraint=models.UniqueConstraint(fields=("account", "upstream_id"), name="product_category_once"),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(fields=("account", "is_plan", "upstream_id"), name="product_once"),
        ),
        migrations.AddConstraint(
            model_name="productprice",
            constraint=models.UniqueConstraint(fields=("product", "code"), name="product_price_once"),
        ),
    ]
