"""Letters of the public: noticed, taken in, forwarded, handed over, answered and closed; each with its row of history.

The letter itself stays a file in HOME/letters. No address is shown or kept here: mails name the letter, and whoever sends
them looks the address up. Reports of fraud or abuse never come here; the gateway says where they go.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.conf import settings

from quipu.actions import history, jobs, mandates
from quipu.actions.history import PERSONAL, Thing
from quipu.actions.tell import tell, write
from quipu.books import models
from quipu.books.records import further
from quipu.letters import box
from quipu.letters.box import Kept, NoLetter
from quipu.letters.drop import folder
from quipu.letters.letter import MISTAKE, RELAY
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import EVERYTHING, Scope

LETTER = "letter"
VERB = "answer letters"


def subjects() -> dict[str, Scope]:
    """What identifiers and codes of funds and projects stand for: two questions for all of them."""
    found: dict[str, Scope] = {}
    for project in models.Project.objects.all():
        scope = Scope(project.fund_id, project.code)
        names = (
            project.code,
            f"{project.fund_id}/{project.code}",
            *(words[0] for words in further(project, "iati") if words),
        )
        found |= dict.fromkeys(names, scope)
    for fund in models.Fund.objects.all():
        names = (fund.code, *(words[0] for words in further(fund, "iati") if words))
        found |= dict.fromkeys(names, Scope(fund.code))
    return found


def scope_of(kept: Kept, known: Mapping[str, Scope]) -> Scope:
    """Whose a letter is: the fund or project it is written to or about; the whole house's where that is none of ours."""
    about = kept.letter.about
    if about.of:
        return known.get(about.of, EVERYTHING)
    parts = about.page.partition("?")[0].split("/")
    if len(parts) > 2 and parts[1] in ("fund", "project"):
        return known.get(unquote(unquote(parts[2]).replace("~", "/")), EVERYTHING)
    return EVERYTHING


def find(code: str) -> tuple[Kept, Scope]:
    """A letter and whose it is. Raises Refused where there is none."""
    try:
        kept = box.find(home(), code)
    except NoLetter:
        raise Refused(Finding("letter-missing", "")) from None
    return kept, scope_of(kept, subjects())


def thing(kept: Kept, scope: Scope) -> Thing:
    """A letter, as history knows it."""
    return Thing(LETTER, kept.code, scope)


def notice() -> list[str]:
    """New letters: each is forwarded to whom it is written to, and told to those who answer such letters. Answers codes."""
    if not folder(home()).is_dir():
        return []
    lying = {file.stem for file in folder(home()).glob("[!.]*.json")}
    new = sorted(lying - set(models.Handling.objects.values_list("code", flat=True)))
    known = subjects() if new else {}
    for code in new:
        try:
            kept = box.find(home(), code)
        except NoLetter:  # no letter, or a torn one: those who list letters are told
            continue
        _notice(kept, scope_of(kept, known))
    return new


def _notice(kept: Kept, scope: Scope) -> None:
    def begin() -> None:
        models.Handling.objects.get_or_create(code=kept.code, defaults={"noticed_at": datetime.now(UTC)})
        if kept.closed_at:
            return
        if kept.letter.kind == RELAY and _forward(kept):
            history.keep(by="", verb="forward", thing=thing(kept, scope))
        tell(
            people=[person.pk for person in mandates.who_may(VERB, scope)],
            subject="A letter has arrived",
            text="Somebody wrote a letter to the office. Read it and take it in.",
            address=f"/desk/letters/{kept.code}",
        )

    jobs.once(f"letter {kept.code}", begin)


def _forward(kept: Kept) -> bool:
    """Queues the letter to its reader; False where no address is named."""
    from quipu.letters import contacts  # noqa: PLC0415 - read at each letter: the file is the operator's

    if not contacts.read(home()).address(kept.letter.about.of, kept.letter.to):
        return False
    write(to=f"contact {kept.code}", subject="A letter for you", text=FORWARDED, kind=LETTER)
    models.Handling.objects.filter(code=kept.code).update(forwarded_at=datetime.now(UTC))
    return True


FORWARDED = "Somebody wrote to you on the public pages. Your address was not shown to them."


def take(*, by: str, kept: Kept, scope: Scope, seen: int | None = None) -> None:
    """Somebody looks after it from now on. Raises Refused."""
    with history.whole():
        row = _open(kept, scope, seen)
        _hand(row, by)
        history.keep(by=by, verb="take in", thing=thing(kept, scope), after={"taken_by": by})


def hand_over(*, by: str, kept: Kept, scope: Scope, to: str, seen: int | None = None) -> None:
    """Another person who may answer it looks after it, and is told. Raises Refused."""
    with history.whole():
        row = _open(kept, scope, seen)
        if to not in {person.pk for person in mandates.who_may(VERB, scope)}:
            raise Refused(Finding("person-unknown", "to"))
        before = row.taken_by
        _hand(row, to)
        history.keep(
            by=by, verb="hand over", thing=thing(kept, scope), before={"taken_by": before}, after={"taken_by": to}
        )
        tell(
            people=[to],
            subject="A letter was handed to you",
            text="A letter to the office is yours to answer now.",
            address=f"/desk/letters/{kept.code}",
        )


def forward(*, by: str, kept: Kept, scope: Scope, seen: int | None = None) -> None:
    """Sends it (again) to the contact it was written to. Raises Refused."""
    with history.whole():
        _open(kept, scope, seen)
        if not _forward(kept):
            raise Refused(Finding("letter-nobody", ""))
        history.keep(by=by, verb="forward", thing=thing(kept, scope))


def answer(*, by: str, kept: Kept, scope: Scope, text: str, seen: int | None = None) -> None:
    """An answer by mail, in the name of the house; neither side sees an address. Raises Refused."""
    with history.whole():
        row = _open(kept, scope, seen)
        if not kept.letter.reply_to:
            raise Refused(Finding("letter-no-reply", ""))
        if not text.strip():
            raise Refused(Finding("field-missing", "text"))
        write(
            to=f"writer {kept.code}",
            subject="An answer to your letter %(code)s",
            text="%(text)s",
            values={"code": kept.code, "text": text.strip()},
            kind=LETTER,
        )
        row.answered_at = datetime.now(UTC)
        row.taken_by, row.taken_at = row.taken_by or by, row.taken_at or row.answered_at
        row.save(update_fields=["answered_at", "taken_by", "taken_at"])
        history.keep(by=by, verb="answer", thing=thing(kept, scope), after={"text": PERSONAL})


def close(*, by: str, kept: Kept, scope: Scope, outcome: str, publish: bool = False, seen: int | None = None) -> None:
    """Nothing more is to be done. publish: the outcome of a correction is told on the gateway. Raises Refused."""
    with history.whole():
        _open(kept, scope, seen)
        found = []
        if not outcome.strip():
            found.append(Finding("letter-outcome", "outcome"))
        if publish and kept.letter.kind != MISTAKE:
            found.append(Finding("letter-not-told", "publish"))
        if found:
            raise Refused(*found)
        said = {"outcome": outcome.strip() if publish else PERSONAL, "published": publish}
        history.keep(by=by, verb="close", thing=thing(kept, scope), after=said, is_public=publish)
        box.close(home(), kept.code, outcome, publish=publish)  # last: it is a file, and stays whatever fails after it


def _open(kept: Kept, scope: Scope, seen: int | None) -> Any:
    """The handling of a letter that nobody else handles at this moment. Raises Refused."""
    history.alone(thing(kept, scope), seen)
    try:
        now = box.find(home(), kept.code)
    except NoLetter:
        raise Refused(Finding("letter-missing", "")) from None
    if now.closed_at:
        raise Refused(Finding("letter-closed", ""))
    found, _ = models.Handling.objects.get_or_create(code=kept.code, defaults={"noticed_at": datetime.now(UTC)})
    return found


def _hand(row: Any, to: str) -> None:
    row.taken_by, row.taken_at = to, datetime.now(UTC)
    row.save(update_fields=["taken_by", "taken_at"])


def home() -> Path:
    """Where the letters lie."""
    return Path(settings.HOME)
