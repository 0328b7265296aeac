# Every event has its place: what changed somewhere is counted without reading its findings.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('findings', '0005_read_within_an_index'),
    ]

    operations = [
        migrations.AlterField(
            model_name='event',
            name='node',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.node'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['node', 'at', 'kind', 'finding'], name='findings_event_at_place'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['kind', 'at', 'finding'], name='findings_event_of_kind'),
        ),
    ]
