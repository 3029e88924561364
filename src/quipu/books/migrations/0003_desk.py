import django.db.models.deletion
import django.db.models.functions.text
import quipu.books.seals
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('books', '0002_walk'),
    ]

    operations = [
        migrations.CreateModel(
            name='Asked',
            fields=[
                ('code', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('by', models.CharField(blank=True, max_length=64)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=32)),
                ('code', models.CharField(max_length=64)),
                ('roles', models.JSONField(default=dict)),
                ('name', models.TextField(blank=True)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('telephone', models.TextField(blank=True)),
                ('shows_name', models.BooleanField(default=False)),
                ('shows_telephone', models.BooleanField(default=False)),
                ('consent_on', models.DateField(null=True)),
                ('consent_by', models.TextField(blank=True)),
                ('consent_until', models.DateField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'code'], name='contact_thing')],
            },
        ),
        migrations.CreateModel(
            name='Counted',
            fields=[
                ('cache_key', models.CharField(max_length=255, primary_key=True, serialize=False)),
                ('value', models.TextField()),
                ('expires', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'quipu_counts',
            },
        ),
        migrations.CreateModel(
            name='Different',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('by', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('first', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.organization')),
                ('second', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='one_different')],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('code', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('type', models.CharField(blank=True, max_length=32)),
                ('titles', models.JSONField(default=dict)),
                ('descriptions', models.JSONField(default=dict)),
                ('languages', models.JSONField(default=list)),
                ('on', models.CharField(blank=True, max_length=10)),
                ('also', models.JSONField(default=list)),
                ('visibility', models.CharField(default='internal', max_length=32)),
                ('until', models.DateField(null=True)),
                ('made_by', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('marked_by', models.CharField(blank=True, max_length=64)),
                ('waits', models.BooleanField(default=False)),
                ('released_by', models.CharField(blank=True, max_length=64)),
                ('fund', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.fund')),
                ('project', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.project')),
                ('supersedes', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.document')),
            ],
            options={
                'indexes': [models.Index(fields=['fund', 'project'], name='document_scope'), models.Index(fields=['visibility', 'until'], name='document_visibility'), models.Index(fields=['supersedes'], name='document_supersedes')],
            },
        ),
        migrations.CreateModel(
            name='Done',
            fields=[
                ('key', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('key', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=32)),
                ('state', models.CharField(max_length=32)),
                ('on', models.DateField()),
                ('words', models.JSONField(default=dict)),
                ('author', models.CharField(max_length=64)),
                ('writers', models.JSONField(default=list)),
                ('approver', models.CharField(blank=True, default='', max_length=64)),
                ('comment', models.TextField(blank=True, default='')),
                ('position', models.BigIntegerField(null=True)),
                ('row', models.CharField(max_length=200, null=True, unique=True)),
                ('made_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('fund', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.fund')),
                ('organization', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.organization')),
                ('project', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.project')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'changed_at'], name='draft_state'), models.Index(fields=['author', 'state'], name='draft_author'), models.Index(fields=['position'], name='draft_position')],
            },
        ),
        migrations.CreateModel(
            name='Enclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('name', models.TextField()),
                ('bytes', models.BigIntegerField()),
                ('by', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='enclosures', to='books.draft')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('draft', 'sha256'), name='one_enclosure')],
            },
        ),
        migrations.CreateModel(
            name='Handling',
            fields=[
                ('code', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('noticed_at', models.DateTimeField()),
                ('taken_by', models.CharField(blank=True, max_length=64)),
                ('taken_at', models.DateTimeField(null=True)),
                ('forwarded_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='History',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.CharField(blank=True, max_length=64)),
                ('verb', models.CharField(max_length=32)),
                ('kind', models.CharField(max_length=32)),
                ('code', models.CharField(max_length=200)),
                ('fund', models.CharField(blank=True, max_length=64)),
                ('project', models.CharField(blank=True, max_length=64)),
                ('organization', models.CharField(blank=True, max_length=64)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('reason', models.TextField(blank=True)),
                ('is_public', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'code', 'id'], name='history_thing'), models.Index(fields=['fund', 'id'], name='history_fund'), models.Index(fields=['is_public', 'id'], name='history_public')],
                'constraints': [quipu.books.seals.Seal(fields=(), keys=('id',), name='sealed_history')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(max_length=64, unique=True)),
                ('email', models.EmailField(max_length=254)),
                ('name', models.TextField(blank=True)),
                ('language', models.CharField(blank=True, max_length=8)),
                ('mandates', models.JSONField(default=list)),
                ('reason', models.TextField(blank=True)),
                ('invited_by', models.CharField(blank=True, max_length=64)),
                ('invited_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Lease',
            fields=[
                ('job', models.CharField(max_length=36, primary_key=True, serialize=False)),
                ('worker', models.CharField(max_length=64)),
                ('until', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('to', models.CharField(max_length=200)),
                ('subject', models.TextField()),
                ('text', models.TextField()),
                ('values', models.JSONField(default=dict)),
                ('address', models.TextField(blank=True)),
                ('kind', models.CharField(blank=True, max_length=32)),
                ('state', models.CharField(default='waiting', max_length=32)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'at'], name='mail_state')],
            },
        ),
        migrations.CreateModel(
            name='Merger',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('by', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('undone_by', models.CharField(blank=True, default='', max_length=64)),
                ('undone_at', models.DateTimeField(null=True)),
                ('undone_reason', models.TextField(blank=True)),
                ('into', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.organization')),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='books.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('organization',), name='one_merger')],
            },
        ),
        migrations.CreateModel(
            name='News',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='news', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('digest', models.CharField(default='weekly', max_length=32)),
                ('calendar', models.CharField(max_length=64, null=True, unique=True)),
                ('calendar_since', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Schedule',
            fields=[
                ('name', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('period', models.CharField(max_length=32)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=32)),
                ('code', models.CharField(max_length=64)),
                ('section', models.CharField(max_length=32)),
                ('language', models.CharField(max_length=8)),
                ('title', models.TextField(blank=True)),
                ('text', models.TextField(blank=True)),
                ('state', models.CharField(max_length=32)),
                ('by', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('released_by', models.CharField(blank=True, default='', max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'code', 'section', 'language', 'id'], name='section_thing'), models.Index(fields=['state', 'id'], name='section_state')],
            },
        ),
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret', models.CharField(max_length=64, unique=True)),
                ('name', models.TextField()),
                ('verbs', models.JSONField(default=list)),
                ('fund', models.CharField(blank=True, max_length=64)),
                ('project', models.CharField(blank=True, max_length=64)),
                ('organization', models.CharField(blank=True, max_length=64)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Unsaved',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.TextField()),
                ('fields', models.JSONField()),
                ('at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'address'), name='one_unsaved')],
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('seconds', models.FloatField()),
                ('links', models.BigIntegerField()),
                ('entries', models.BigIntegerField()),
                ('head', models.CharField(max_length=128)),
                ('edition', models.IntegerField(null=True)),
                ('faults', models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('given', models.CharField(max_length=64)),
                ('sha256', models.CharField(blank=True, db_index=True, max_length=64)),
                ('bytes', models.BigIntegerField(default=0)),
                ('form', models.CharField(blank=True, max_length=8)),
                ('name', models.TextField()),
                ('by', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('state', models.CharField(max_length=32)),
                ('findings', models.JSONField(default=list)),
                ('scanned_at', models.DateTimeField(null=True)),
                ('personal', models.JSONField(default=list)),
                ('offered', models.JSONField(default=dict)),
                ('cleared_by', models.CharField(blank=True, max_length=64)),
                ('cleared_at', models.DateTimeField(null=True)),
                ('cleared_why', models.TextField(blank=True)),
                ('waits', models.BooleanField(default=False)),
                ('answers', models.JSONField(default=dict)),
                ('sheet', models.CharField(blank=True, max_length=64)),
                ('document', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='books.document')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('document', 'number'), name='one_version')],
            },
        ),
        migrations.AddField(
            model_name='fund',
            name='second_eyes',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='mandate',
            name='confirmed_by',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='mandate',
            name='given_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='mandate',
            name='given_by',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='mandate',
            name='reason',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='mandate',
            name='shown_since',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='mandate',
            name='withdrawn_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='mandate',
            name='withdrawn_by',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='mandate',
            name='withdrawn_reason',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='person',
            name='language',
            field=models.CharField(blank=True, default='', max_length=8),
        ),
        migrations.AddField(
            model_name='person',
            name='last_login',
            field=models.DateTimeField(blank=True, null=True, verbose_name='last login'),
        ),
        migrations.AddField(
            model_name='person',
            name='password',
            field=models.CharField(default='!', max_length=128),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='one_person_an_address'),
        ),
    ]
