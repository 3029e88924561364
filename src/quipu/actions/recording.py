"""What verbs that keep records share: words are checked, a record is said as a journal says it, and history keeps both.

A record is refused where a journal could not say it: what is made at the desk is exported and loaded again the same.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from quipu.actions import history
from quipu.actions.history import Thing
from quipu.books import models, records
from quipu.rules.dates import read_date
from quipu.rules.findings import Finding, Refused
from quipu.rules.journal import Declaration, Journal, quoted, read, read_number, write
from quipu.rules.journal.currencies import CURRENCIES
from quipu.rules.mandates import Scope

CODE = re.compile(r"[A-Za-z0-9._-]{1,64}")
HUNDRED = Decimal(100)
Pairs = list[list[str]]


def code(text: str, place: str = "code") -> list[Finding]:
    """What is wrong with a new code."""
    return [] if CODE.fullmatch(text) else [Finding("record-code", place, text[:64])]


def currency(text: str, place: str = "currency") -> list[Finding]:
    """What is wrong with a currency."""
    return [] if text in CURRENCIES else [Finding("currency-unknown-code", place, text[:3])]


def percent(text: str, place: str) -> tuple[str, list[Finding]]:
    """A rate as it is kept: per cent without the sign, "" for the default."""
    bare = text.strip().removesuffix("%").strip()
    if not bare:
        return "", []
    try:
        rate = Decimal(bare)
    except InvalidOperation:
        rate = Decimal(-1)
    if not rate.is_finite() or not 0 <= rate <= HUNDRED or not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", bare):
        return "", [Finding("rate-unreadable", place, bare[:20])]
    return bare, []


def portions(text: str, place: str) -> tuple[list[str], list[Finding]]:
    """Lines of countries, themes and the like as a journal says them, and what is wrong: shares sum to 100, or none is stated."""
    said: list[str] = []
    seen: set[str] = set()
    shares: list[Decimal | None] = []
    found: list[Finding] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        first, *more = line.replace('"', " ").split()
        share = more.pop().removesuffix("%") if more and more[-1].endswith("%") else ""
        if not re.fullmatch(r"[^\s;\"]{1,64}", first) or (
            share and not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", share)
        ):
            found.append(Finding("portion-unreadable", place, line[:60]))
            continue
        if first in seen:
            found.append(Finding("portion-twice", place, first))
        seen.add(first)
        shares.append(Decimal(share) if share else None)
        said.append(
            " ".join(filter(None, (first, quoted(" ".join(more)) if more else "", f"{share}%" if share else "")))
        )
    stated = [share for share in shares if share is not None]
    if stated and len(stated) < len(shares):
        found.append(Finding("portions-some", place))
    elif stated and sum(stated) != HUNDRED:
        found.append(Finding("portions-not-whole", place, f"{sum(stated):f}%"))
    return said, found


def typed(record: Any, key: str) -> str:
    """The same lines as somebody types them."""
    lines = []
    for words in records.further(record, key):
        if words:
            first, name, share = records.portion(words)
            lines.append(" ".join(filter(None, (first, name, f"{share}%" if share else ""))))
    return "\n".join(lines)


def dated(text: str, place: str) -> tuple[list[tuple[date, str]], list[Finding]]:
    """Lines that begin with a day, with what follows it."""
    said, found = [], []
    for line in filter(None, map(str.strip, text.splitlines())):
        first, _, rest = line.partition(" ")
        day = read_date(first)
        if day is None or not rest.strip():
            found.append(Finding("line-unreadable", place, line[:60]))
        else:
            said.append((day, rest.strip()))
    return said, found


def amount(text: str) -> Decimal | None:
    """An amount as people type it; None where it is none."""
    return read_number(text.strip())


def settled(further: Iterable[Iterable[str]], changes: Mapping[str, list[str]]) -> Pairs:
    """The settings that are kept as written, with those of these keys replaced; every other one stays."""
    kept = [[key, value] for key, value in further if key not in changes]
    return kept + [[key, value] for key, values in changes.items() for value in values if value]


def word(text: str) -> list[str]:
    """One value as a setting's, none for ""."""
    text = text.replace("\r\n", "\n").strip()
    return [quoted(text)] if text else []


def bare(text: object) -> list[str]:
    """One value of which a journal needs no quotes."""
    return [str(text)] if text else []


def sayable(*declarations: Declaration) -> None:
    """Raises Refused where a journal with these words would not be read as what it says."""
    journal = Journal("", declarations)
    back = read(write(journal), "")
    if back.faults or back.items != journal.items:
        detail = str(back.faults[0].expected) if back.faults else ""
        raise Refused(Finding("record-unsayable", "", detail))


def told(*declarations: Declaration) -> dict[str, Any]:
    """A record as history holds it: the words of its declaration by key."""
    said: dict[str, Any] = {}
    for declaration in declarations:
        if declaration.title:
            said["title"] = declaration.title
        for setting in declaration.settings:
            before = said.get(setting.key)
            said[setting.key] = setting.value if before is None else f"{before}; {setting.value}"
    return said


def keep(by: str, thing: Thing, before: Mapping[str, Any], after: Mapping[str, Any], *, reason: str = "") -> None:
    """The row of history of a record that was made or changed; records are public."""
    history.keep(
        by=by,
        verb="change" if before else "make",
        thing=thing,
        before=before,
        after=after,
        reason=reason,
        is_public=True,
    )


def no_nul(*texts: str) -> list[Finding]:
    """No database keeps it in a text."""
    return [Finding("text-unreadable", "")] if any("\0" in text for text in texts) else []


def identifier(kind: str, code_: str, iati: str) -> list[Finding]:
    """What is wrong with an IATI identifier: nobody else publishes under it."""
    if not iati:
        return []
    for name, model in (("fund", models.Fund), ("project", models.Project)):
        for record in model.objects.exclude(further=[]):
            same = any(words and words[0] == iati for words in records.further(record, "iati"))
            if same and (name, record.code) != (kind, code_):
                return [Finding("identifier-taken", "iati", f"{name} {record.code}")]
    return []


def days(starts: date | None, ends: date | None, place: str = "ends") -> list[Finding]:
    """What is wrong with a span."""
    return [Finding("days-reversed", place)] if starts and ends and ends < starts else []


def scope_of_fund(fund: str) -> Scope:
    """Whose a fund's record is."""
    return Scope(fund)
