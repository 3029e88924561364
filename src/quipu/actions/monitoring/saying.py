"""What verbs of monitoring share: words by language, codes that are there, numbers that are free, a record that is kept."""

from collections.abc import Mapping
from typing import Any

from quipu.actions import history
from quipu.actions.history import Thing
from quipu.books import models
from quipu.rules.findings import Finding, Refused
from quipu.rules.languages import LANGUAGES
from quipu.rules.mandates import Scope
from quipu.rules.monitoring import LONGEST

Texts = Mapping[str, str]  # by language


def scope_of(project: Any, organization: str | None = None) -> Scope:
    """Whose something of a programme is."""
    return Scope(project.fund_id, project.code, organization or "")


def texts(said: Texts, place: str, found: list[Finding], *, needed: bool = False, lines: bool = True) -> dict[str, str]:
    """Words by language without blanks; what is wrong is added to what was found. lines: whether they may break."""
    told = {}
    for language, text in said.items():
        bare = text.replace("\r\n", "\n").strip() if lines else " ".join(text.split())
        if bare:
            told[language] = bare
    if needed and not told:
        found.append(Finding("monitoring-text-missing", place))
    if unknown := set(told) - set(LANGUAGES):
        found.append(Finding("section-language", place, " ".join(sorted(unknown))))
    if any("\0" in text or len(text) > LONGEST for text in told.values()):
        found.append(Finding("monitoring-text", place))
    return told


def words(said: str, place: str, found: list[Finding]) -> str:
    """A text of one line."""
    if "\0" in said or len(said) > LONGEST:
        found.append(Finding("monitoring-text", place))
    return " ".join(said.split())


def link(said: str, found: list[Finding]) -> str:
    """An address on the web."""
    bare = said.strip()
    if bare and not bare.startswith(("https://", "http://")):
        found.append(Finding("monitoring-link", "link"))
    return words(bare, "link", found)


def organization(code: str, found: list[Finding]) -> str | None:
    """An organization that there is, None for none."""
    if code and not models.Organization.objects.filter(code=code).exists():
        found.append(Finding("record-unknown", "organization", code))
    return code or None


def document(code: str, project: Any, found: list[Finding]) -> str | None:
    """A document of the programme or its fund, None for none."""
    if not code:
        return None
    there = models.Document.objects.filter(code=code, fund=project.fund_id).first()
    if there is None:
        found.append(Finding("record-unknown", "document", code))
    elif there.project_id not in (None, project.code):
        found.append(Finding("monitoring-elsewhere", "document", code))
    return code


def chosen(value: Any, offered: Any, place: str, found: list[Finding]) -> None:
    """One of those that are offered."""
    if value not in offered:
        found.append(Finding("monitoring-choice", place, str(value)))


def numbered(model: Any, number: int | None, record: Any, found: list[Finding], **owner: Any) -> int:
    """The number of a record among those of its owner: as said where it is free, else the next one."""
    siblings = model.objects.filter(**owner)
    if number is None:
        if record is not None:
            return int(record.number)
        return 1 + int(siblings.order_by("-number").values_list("number", flat=True).first() or 0)
    if not 1 <= number <= 9_999:
        found.append(Finding("monitoring-choice", "number", str(number)))
    elif siblings.filter(number=number).exclude(pk=record.pk if record else "").exists():
        found.append(Finding("monitoring-number-taken", "number", str(number)))
    return number


def there(model: Any, code: str, **owner: Any) -> Any:
    """The record of that code, None for "". Raises Refused where there is none."""
    if not code:
        return None
    found = model.objects.filter(code=code, **owner).first()
    if found is None:
        raise Refused(Finding("record-unknown", "code", code))
    return found


def told(record: Any, *without: str) -> dict[str, Any]:
    """All that is kept of a record, as history keeps it."""
    if record is None:
        return {}
    names = [one.attname for one in record._meta.concrete_fields]
    return {name.removesuffix("_id"): getattr(record, name) for name in names if name not in ("id", *without)}


def kept(
    *,
    by: str,
    record: Any,
    thing: Thing,
    before: Mapping[str, Any],
    seen: int | None,
    is_public: bool,
    reason: str = "",
) -> Any:
    """Saves a record with its row of history; inside the transaction of its verb. Raises Refused."""
    history.alone(thing, seen)
    record.save()
    verb = "amend" if before else "create"
    history.keep(
        by=by, verb=verb, thing=thing, before=before, after=told(record), reason=reason.strip(), is_public=is_public
    )
    return record
