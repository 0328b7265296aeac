"""Know which territory a review was compared with, why it waits, and find nodes by name."""

from __future__ import annotations

from django.db import migrations, models


def forward(apps, schema_editor):
    apps.get_model("territory", "Revision").objects.create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("territory", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="node",
            name="search_key",
            field=models.CharField(blank=True, default="", editable=False, max_length=300),
        ),
        migrations.AddField(
            model_name="review",
            name="hold_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("closings", "le fichier ferme plus d’un dixième de ce qu’il décrivait"),
                    (
                        "problems",
                        "des lignes illisibles peuvent cacher ce que le fichier ferme",
                    ),
                ],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="revision",
            field=models.BigIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="territory_one_revision"
                    )
                ],
            },
        ),
        migrations.RunPython(forward, migrations.RunPython.noop),
    ]
