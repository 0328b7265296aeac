# Lists ordered by place read the places in the order of their names.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('territory', '0002_reviewed_and_searched'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='node',
            index=models.Index(fields=['name', 'id'], name='territory_node_by_name'),
        ),
    ]
