"""A mail server of the tests: each mail is a file that names whom it is for, and taking it takes a moment."""

import time
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class Backend(BaseEmailBackend):
    """Takes mails slowly, so that somebody may be killed before and after."""

    def send_messages(self, email_messages):
        for mail in email_messages:
            time.sleep(0.05)
            (Path(settings.EMAIL_FILE_PATH) / uuid4().hex).write_text(mail.to[0])
            time.sleep(0.05)
        return len(email_messages)
