import uuid

import screening.privacy.encryption
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0011_conversation'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeyCheck',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('hashed', models.CharField(max_length=32)),
                ('encrypted', screening.privacy.encryption.EncryptedField()),
            ],
        ),
    ]
