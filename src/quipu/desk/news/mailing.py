"""Mails go out: in their reader's language, with addresses that lead back here, each handed over once.

Nobody can know whether a mail was taken whose worker died while it was handed over. Letters of the public go again then,
under the same Message-ID, because lost is worse; everything else stays unsure, because twice is.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django_tasks import task

from quipu.actions import history, jobs
from quipu.books import models
from quipu.desk.drawing import said, speaking
from quipu.desk.languages import words
from quipu.letters import box, contacts
from quipu.letters.letter import Letter
from quipu.portal.languages import DEFAULT, MANNERS

TRIED = timedelta(days=2)  # how long a mail is tried that the other side does not take
SOON, LATE = 60.0, 3600.0  # seconds between two tries: first, and at most
LETTER, DIGEST = "letter", "digest"
PERMANENT = 500  # of an answer of a mail server


class NotTaken(Exception):
    """The other side does not take a mail."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a mail goes to, with the letter that is forwarded."""

    email: str
    language: str = DEFAULT
    letter: Letter | None = None


@task()  # type: ignore[untyped-decorator]
def send(*, key: str, mail: int) -> str:
    """Hands one mail over, and answers what became of it."""
    del key  # the mail's own state says what was done
    with history.whole():
        row = models.Mail.objects.select_for_update().filter(pk=mail).first()
        if row is None or row.state not in ("waiting", "handed over"):
            return row.state if row else "gone"
        if row.state == "handed over" and row.kind != LETTER:
            return _now(row, "unsure")
        reader = _reader(row.to)
        if reader is None:
            return _now(row, "dropped")
        message = _message(row, reader)
        _now(row, "handed over")
    return _hand_over(row, message)


def _hand_over(row: Any, message: EmailMessage) -> str:
    try:
        connection = get_connection()
        connection.open()  # whatever fails here, nothing went out
    except (OSError, SMTPException) as error:
        return _again(row, error)
    try:
        connection.send_messages([message])
    except SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        return _again(row, error, permanent=all(code >= PERMANENT for code in codes))
    except SMTPResponseException as error:
        return _again(row, error, permanent=error.smtp_code >= PERMANENT)
    except (OSError, SMTPException) as error:  # it may have been taken
        if row.kind == LETTER:
            return _again(row, error)
        return _now(row, "unsure")
    finally:
        connection.close()
    return _now(row, "sent")


def _again(row: Any, error: Exception, *, permanent: bool = False) -> str:
    """Later, or never: without the address, which stands in what servers answer."""
    age = datetime.now(UTC) - row.at
    if permanent or age > TRIED:
        _now(row, "dropped")
        raise NotTaken(f"Mail {row.pk} was not taken: {type(error).__name__}.") from None
    _now(row, "waiting")
    raise jobs.Later(min(LATE, max(SOON, age.total_seconds() / 2)), type(error).__name__) from None


def _now(row: Any, state: str) -> str:
    row.state = state
    fields = ["state"]
    if state in ("sent", "dropped"):  # nobody needs its words any more
        row.text, row.values = "", {}
        fields += ["text", "values"]
    row.save(update_fields=fields)
    return state


def _reader(to: str) -> Reader | None:
    """Who that is today; None where nobody is to be written to."""
    kind, _, code = to.partition(" ")
    if kind == "person":
        person = models.Person.objects.filter(code=code).first()
        if person is None or not person.is_active or not person.email:
            return None
        return Reader(person.email, person.language if person.language in MANNERS else DEFAULT)
    home = Path(settings.HOME)
    try:
        kept = box.find(home, code)
    except box.NoLetter:
        return None
    letter = kept.letter
    tongue = letter.about.language if letter.about.language in MANNERS else DEFAULT
    if kind == "writer":
        return Reader(letter.reply_to, tongue) if letter.reply_to else None
    address = contacts.read(home).address(letter.about.of, letter.to)
    return Reader(address, letter=letter) if address else None


def _message(row: Any, reader: Reader) -> EmailMessage:
    tongue = words(reader.language)
    with speaking(tongue):
        subject = " ".join(_filled(row.subject, row.values).split())
        parts = [_filled(row.text, row.values)]
        if reader.letter:
            parts += _forwarded(reader.letter)
        if row.address:
            parts.append(absolute(f"{tongue.before}{plain(row.address)}"))
        headers = {"Message-ID": _name(row.key), "Auto-Submitted": "auto-generated"}
        if row.kind == DIGEST:
            stop = absolute(tongue.before + unsubscribing(row.to.partition(" ")[2]))
            parts.append(f"{said('No more of these mails:')} {stop}")
            headers["List-Unsubscribe"] = f"<{stop}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    body = "\n\n".join(parts) + "\n"
    answer_to = [reader.letter.reply_to] if reader.letter and reader.letter.reply_to else []
    return EmailMessage(
        f"{settings.SITE_NAME}: {subject}", body, to=[reader.email], headers=headers, reply_to=answer_to
    )


def _filled(text: str, values: dict[str, str]) -> str:
    """A text of ours with its values, in the language that is spoken; one without values stands as it is."""
    told = said(text)
    return told % values if values else told


def _forwarded(letter: Letter) -> list[str]:
    """A letter as its reader gets it."""
    told = [letter.text]
    if letter.about.page:
        told.append(absolute(letter.about.page))
    if letter.name:
        told.append(said("From: %(name)s", name=letter.name))
    if letter.reply_to:
        told.append(said("If you answer this mail, your answer goes to the writer, and so does your address."))
    else:
        told.append(said("The writer left no address."))
    return told


def plain(path: str) -> str:
    """An address without the language of whoever caused the mail."""
    first = path.split("/", 2)[1]
    return path.removeprefix(f"/{first}") if first in MANNERS else path


def _name(key: str) -> str:
    """The same for the same mail, so that a second copy can be known as one."""
    host = urlsplit(settings.ADDRESS).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"


def absolute(path: str) -> str:
    """An address with its host, as the operator names it; without one, the path alone."""
    return f"{settings.ADDRESS}{path}"


def unsubscribing(person: str) -> str:
    """The address (without language) at which somebody's digest is stopped, without signing in."""
    return str(reverse("unsubscribe", args=[_signer().sign(person)], urlconf="quipu.urls")).removeprefix(
        words(DEFAULT).before
    )


def unsubscribed(word: str) -> str | None:
    """Whose digest such an address stops; None where it is none of ours."""
    try:
        return str(_signer().unsign(word))
    except BadSignature:
        return None


def _signer() -> Signer:
    return Signer(salt="quipu.digest")
