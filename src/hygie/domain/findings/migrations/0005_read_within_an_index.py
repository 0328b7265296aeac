# Lists read one index; an event knows its place. The place becomes compulsory in 0006: PostgreSQL
# does not change a column whose rows it still has to check at the end of the transaction.

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def place_events(apps: Any, schema_editor: Any) -> None:
    """Write on each event the place of its finding."""
    event = apps.get_model("findings", "Event")
    finding = apps.get_model("findings", "Finding").objects.filter(pk=OuterRef("finding_id"))
    event.objects.using(schema_editor.connection.alias).filter(node__isnull=True).update(
        node_id=Subquery(finding.values("node_id")[:1])
    )


class Migration(migrations.Migration):

    dependencies = [
        ('findings', '0004_scan_origin'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='finding', name='findings_fi_node_id_3d3935_idx'),
        migrations.RemoveIndex(model_name='finding', name='findings_fi_rank_d1a64e_idx'),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(fields=['node', 'state', 'rank', 'id', 'decision', 'due_at', 'severity', 'origin'], name='findings_in_place'),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(fields=['rank', 'id', 'node', 'state', 'decision', 'due_at', 'severity', 'origin'], name='findings_by_urgency'),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(fields=['due_at', 'rank', 'id', 'node', 'state'], name='findings_by_due'),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(fields=['first_seen_at', 'id', 'node', 'state'], name='findings_by_age'),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(fields=['decision', 'rank', 'id', 'node', 'state'], name='findings_by_decision'),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(fields=['severity', 'rank', 'id', 'node', 'state'], name='findings_by_severity'),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(fields=['origin'], name='findings_fi_origin_453ded_idx'),
        ),
        migrations.AddField(
            model_name='event',
            name='node',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.node'),
        ),
        migrations.RunPython(place_events, migrations.RunPython.noop),
    ]
