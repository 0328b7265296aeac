# Establishments ordered by need for help from one row each; measures read by place.

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


def fill(apps: Any, schema_editor: Any) -> None:
    """Copy the current measures of the establishments."""
    using = schema_editor.connection.alias
    measures = apps.get_model("observatory", "Measure").objects.using(using)
    names = ("overdue", "act", "attend")
    found: dict[int, dict[str, int]] = {}
    rows = measures.filter(
        current=True, node__kind="et", name__in=[f"findings.{name}" for name in names]
    )
    for node_id, name, value in rows.values_list("node_id", "name", "value").iterator(5000):
        found.setdefault(node_id, dict.fromkeys(names, 0))[name.removeprefix("findings.")] = int(value)
    standing = apps.get_model("observatory", "Standing")
    standing.objects.using(using).bulk_create(
        [standing(node_id=node_id, **values) for node_id, values in found.items()], batch_size=500
    )


class Migration(migrations.Migration):

    dependencies = [
        ('observatory', '0001_initial'),
        ('territory', '0002_reviewed_and_searched'),
    ]

    operations = [
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('node', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='standing', serialize=False, to='territory.node')),
                ('overdue', models.PositiveIntegerField()),
                ('act', models.PositiveIntegerField()),
                ('attend', models.PositiveIntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name='measure',
            index=models.Index(condition=Q(('current', True)), fields=['node'], name='observatory_measure_now'),
        ),
        migrations.AddIndex(
            model_name='measure',
            index=models.Index(fields=['node', 'name', 'at'], name='observatory_measure_series'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
