"""The rule that domains are reminded of by, until somebody changes it."""

from django.db import migrations

WHAT = "domains"


def make(apps, _schema_editor):
    apps.get_model("reminders", "Rule").objects.get_or_create(what=WHAT)


def remove(apps, _schema_editor):
    apps.get_model("reminders", "Rule").objects.filter(what=WHAT).delete()


class Migration(migrations.Migration):
    dependencies = [("reminders", "0001_initial")]

    operations = [migrations.RunPython(make, remove)]
