import django.db.models.deletion
import quipu.books.seals
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('position', models.BigIntegerField(primary_key=True, serialize=False)),
                ('number', models.BigIntegerField(null=True, unique=True)),
                ('key', models.CharField(max_length=200, unique=True)),
                ('kind', models.CharField(max_length=32)),
                ('lines', models.IntegerField()),
                ('on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('by', models.CharField(max_length=64)),
                ('approved', models.TextField(blank=True)),
                ('memo_hash', models.CharField(blank=True, max_length=128)),
                ('memo_salt', models.CharField(blank=True, max_length=128)),
                ('source', models.TextField(blank=True)),
                ('content_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['recorded_at'], name='posting_recorded')],
                'constraints': [quipu.books.seals.Seal(fields=(), keys=('position', 'key', 'number'), name='sealed_posting')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordinal', models.IntegerField()),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('posting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='books.posting')),
            ],
            options={
                'constraints': [quipu.books.seals.Seal(fields=(), keys=('id',), name='sealed_attachment')],
            },
        ),
        migrations.CreateModel(
            name='Fund',
            fields=[
                ('code', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('title', models.TextField(blank=True)),
                ('currency', models.CharField(max_length=3)),
                ('category', models.TextField(blank=True)),
                ('agent_fee', models.CharField(blank=True, max_length=32)),
                ('illustrative', models.BooleanField(default=False)),
                ('minimum_balance', models.BigIntegerField(default=0)),
                ('small_balance', models.BigIntegerField(null=True)),
                ('over_allocation', models.TextField(blank=True)),
                ('further', models.JSONField(default=list)),
            ],
            options={
                'constraints': [quipu.books.seals.Seal(fields=('code', 'currency'), keys=('code',), name='kept_fund')],
            },
        ),
        migrations.CreateModel(
            name='Organization',
            fields=[
                ('code', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('title', models.TextField(blank=True)),
                ('contributes', models.BooleanField(default=False)),
                ('participates', models.BooleanField(default=False)),
                ('group', models.TextField(blank=True)),
                ('further', models.JSONField(default=list)),
            ],
            options={
                'constraints': [quipu.books.seals.Seal(fields=('code',), keys=('code',), name='kept_organization')],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('code', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('title', models.TextField(blank=True)),
                ('amount', models.DecimalField(decimal_places=3, max_digits=18, null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('earmark', models.TextField(blank=True)),
                ('agent_fee', models.CharField(blank=True, max_length=32)),
                ('iati_activity', models.TextField(blank=True)),
                ('further', models.JSONField(default=list)),
                ('fund', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.fund')),
                ('contributor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.organization')),
            ],
            options={
                'constraints': [quipu.books.seals.Seal(fields=('code', 'fund', 'contributor'), keys=('code',), name='kept_agreement')],
            },
        ),
        migrations.CreateModel(
            name='Alias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='aliases', to='books.organization')),
            ],
        ),
        migrations.CreateModel(
            name='Identifier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(max_length=32)),
                ('value', models.TextField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identifiers', to='books.organization')),
            ],
        ),
        migrations.CreateModel(
            name='Instalment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('expected_on', models.DateField()),
                ('amount', models.DecimalField(decimal_places=3, max_digits=18)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instalments', to='books.agreement')),
            ],
        ),
        migrations.CreateModel(
            name='Mou',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.TextField(blank=True)),
                ('indirect_cost', models.CharField(blank=True, max_length=32)),
                ('signed_on', models.DateField(null=True)),
                ('further', models.JSONField(default=list)),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mous', to='books.fund')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mous', to='books.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('fund', 'organization'), name='one_mou')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('code', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('name', models.TextField(blank=True)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('left_on', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordinal', models.IntegerField()),
                ('word', models.CharField(max_length=32)),
                ('key', models.CharField(db_index=True, max_length=200)),
                ('entry', models.IntegerField(null=True)),
                ('posting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='references', to='books.posting')),
            ],
            options={
                'constraints': [quipu.books.seals.Seal(fields=(), keys=('id',), name='sealed_reference')],
            },
        ),
        migrations.CreateModel(
            name='Window',
            fields=[
                ('code', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('title', models.TextField(blank=True)),
                ('further', models.JSONField(default=list)),
                ('fund', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.fund')),
            ],
            options={
                'constraints': [quipu.books.seals.Seal(fields=('code',), keys=('code',), name='kept_window')],
            },
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('code', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('title', models.TextField(blank=True)),
                ('kind', models.TextField(blank=True)),
                ('description_code', models.TextField(blank=True)),
                ('further', models.JSONField(default=list)),
                ('fund', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.fund')),
                ('window', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.window')),
            ],
            options={
                'constraints': [quipu.books.seals.Seal(fields=('code', 'fund', 'kind'), keys=('code',), name='kept_project')],
            },
        ),
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=32)),
                ('since', models.DateField()),
                ('until', models.DateField(null=True)),
                ('fund', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.fund')),
                ('organization', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.project')),
            ],
        ),
        migrations.CreateModel(
            name='Participation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.TextField(blank=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='books.organization')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='books.project')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('project', 'organization'), name='one_participation')],
            },
        ),
        migrations.CreateModel(
            name='Amendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signed_on', models.DateField()),
                ('text', models.TextField()),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='books.agreement')),
            ],
        ),
        migrations.CreateModel(
            name='Chain',
            fields=[
                ('id', models.SmallIntegerField(primary_key=True, serialize=False)),
            ],
            options={
                'constraints': [quipu.books.seals.Seal(fields=(), keys=('id',), name='sealed_chain')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('ordinal', models.IntegerField()),
                ('movement', models.CharField(max_length=32)),
                ('place', models.CharField(max_length=140)),
                ('other', models.CharField(blank=True, max_length=140)),
                ('category', models.CharField(blank=True, max_length=32)),
                ('standing', models.CharField(blank=True, max_length=32)),
                ('year', models.SmallIntegerField()),
                ('adjusts', models.SmallIntegerField(null=True)),
                ('effective_on', models.DateField()),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('original_amount', models.BigIntegerField(null=True)),
                ('original_currency', models.CharField(blank=True, max_length=3)),
                ('rate', models.CharField(blank=True, max_length=32)),
                ('agreement', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.agreement')),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='books.entry')),
                ('posting', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='books.posting')),
                ('fund', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.fund')),
                ('other_fund', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.fund')),
                ('contributor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.organization')),
                ('organization', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.organization')),
                ('project', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.project')),
            ],
            options={
                'indexes': [models.Index(fields=['fund', 'movement', 'year', 'effective_on', 'amount', 'posting'], name='entry_fund'), models.Index(fields=['project', 'organization', 'movement', 'year', 'effective_on', 'amount', 'posting'], name='entry_participation'), models.Index(fields=['posting'], name='entry_posting')],
                'constraints': [quipu.books.seals.Seal(fields=(), keys=('id', 'reverses'), name='sealed_entry')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('posting', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='event', serialize=False, to='books.posting')),
                ('status', models.CharField(blank=True, max_length=32)),
                ('year', models.SmallIntegerField(null=True)),
                ('until', models.DateField(null=True)),
                ('fund', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.fund')),
                ('organization', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.organization')),
                ('project', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.project')),
            ],
            options={
                'indexes': [models.Index(fields=['fund', 'year'], name='event_year'), models.Index(fields=['project', 'organization'], name='event_status')],
                'constraints': [quipu.books.seals.Seal(fields=(), keys=('posting',), name='sealed_event')],
            },
        ),
        migrations.CreateModel(
            name='Memo',
            fields=[
                ('posting', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='memo', serialize=False, to='books.posting')),
                ('texts', models.TextField()),
            ],
        ),
    ]
