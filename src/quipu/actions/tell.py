"""Tell: mails to people who work here, queued in the transaction of the act they are about.

Only for what somebody has to know at once: something was handed to them, or came back to them. All else waits for the
digest. A mail is handed over once: of one whose worker died meanwhile nobody can say whether it went out.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from uuid import uuid4

from quipu.actions import history, jobs
from quipu.books import models


def tell(
    *, people: Iterable[str], subject: str, text: str, address: str, values: Mapping[str, str] | None = None
) -> None:
    """Mails to people by their codes. subject, text: texts of ours in English, which are said in each reader's language;
    values: for their placeholders. address: the page to look at, as "/desk/…".

    Inside a verb's transaction they go out with it or not at all.
    """
    for code in dict.fromkeys(people):
        write(to=f"person {code}", subject=subject, text=text, address=address, values=values)


def write(
    *,
    to: str,
    subject: str,
    text: str,
    address: str = "",
    values: Mapping[str, str] | None = None,
    kind: str = "",
    key: str = "",
) -> bool:
    """One mail. key: the same one is never written twice; whether it was written now."""

    def keep() -> bool:
        mail = models.Mail.objects.create(
            key=name,
            to=to,
            subject=subject,
            text=text,
            values=dict(values or {}),
            address=address,
            kind=kind,
            at=datetime.now(UTC),
        )
        jobs.queue("mail", key=f"mail {name}", mail=mail.pk)
        return True

    name = key or uuid4().hex
    with history.whole():
        return bool(jobs.once(f"write {name}", keep)) if key else keep()


def settle(*, by: str) -> int:
    """Somebody looked at the mails nobody can be sure of and leaves it at that; how many there were."""
    with history.whole():
        count = int(models.Mail.objects.filter(state="unsure").update(state="dropped", text="", values={}))
        if count:
            history.keep(by=by, verb="settle", thing=history.Thing("house", "mails"), after={"mails": count})
    return count
