# The state "set aside": not affected because…, or joined to another finding.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('estate', '0002_longer_texts'),
        ('findings', '0002_rank_order'),
        ('territory', '0002_reviewed_and_searched'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='finding',
            name='findings_closed_is_dated',
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('seen', 'vue pour la première fois'), ('changed', 'faits modifiés'), ('returned', 'revenue'), ('verified', 'correction vérifiée par la ronde'), ('decided', 'décision'), ('taken', 'prise en charge'), ('planned', 'planifiée'), ('accepted', 'risque accepté'), ('expired', 'acceptation arrivée à son terme'), ('declared', 'déclarée corrigée'), ('reopened', 'remise à traiter'), ('set_aside', 'écartée')], max_length=10),
        ),
        migrations.AlterField(
            model_name='finding',
            name='state',
            field=models.CharField(choices=[('open', 'à traiter'), ('taken', 'pris en charge'), ('planned', 'planifié'), ('accepted', 'risque accepté'), ('declared', 'déclaré corrigé'), ('verified', 'correction vérifiée'), ('set_aside', 'écarté')], default='open', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state__in', ('verified', 'set_aside'))), models.Q(models.Q(('state__in', ('verified', 'set_aside')), _negated=True), ('closed_at__isnull', True)), _connector='OR'), name='findings_closed_is_dated'),
        ),
    ]
