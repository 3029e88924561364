"""Keep a framework: outcomes, outputs, indicators, targets, lists and periods of a programme. Revisions stay in the history."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from quipu.actions import history, recording
from quipu.actions.history import Thing
from quipu.actions.results import cutting
from quipu.actions.subjects import known, scope_of
from quipu.books import models
from quipu.rules.findings import Finding, Refused
from quipu.rules.languages import LANGUAGES
from quipu.rules.mandates import Scope
from quipu.rules.narrative import PROJECT
from quipu.rules.results import beneficiaries, values
from quipu.rules.results.kinds import BREAKS, DIRECTIONS, GATHERS, SMALLEST, STANDS, Kind

Titles = Mapping[str, str]  # by language
OUTCOME, OUTPUT, INDICATOR, MEASURE = "outcome", "output", "indicator", "measure"
MODELS: dict[str, Any] = {OUTCOME: models.Outcome, OUTPUT: models.Output, INDICATOR: models.Indicator}


def project_of(record: Any) -> Any:
    """The programme of an outcome, an output, an indicator or a reading."""
    if isinstance(record, models.Output):
        return record.outcome.project
    return record.indicator.project if isinstance(record, models.Reading) else record.project


def scope(record: Any) -> Scope:
    """Whose it is: the programme's, and the organization's that answers for it."""
    indicator = record.indicator if isinstance(record, models.Reading) else record
    output = indicator.output if isinstance(indicator, models.Indicator) else None
    organization = getattr(indicator, "organization_id", None) or (output and output.organization_id) or ""
    project = project_of(record)
    return Scope(project.fund_id, project.code, organization)


def thing(kind: str, record: Any) -> Thing:
    """What history calls it."""
    return Thing(kind, record.code, scope(record))


def named(titles: Titles, place: str = "titles") -> dict[str, str]:
    """Titles by language without blanks. Raises Refused where there is none."""
    found = {language: " ".join(text.split()) for language, text in titles.items() if text.strip()}
    if not found:
        raise Refused(Finding("result-title-missing", place))
    if unknown := set(found) - set(LANGUAGES):
        raise Refused(Finding("section-language", place, " ".join(sorted(unknown))))
    if wrong := recording.no_nul(*found.values()):
        raise Refused(*wrong)
    return found


# Outcomes and outputs


def keep_outcome(
    *,
    by: str,
    project: str,
    number: int,
    titles: Titles,
    assumptions: str = "",
    code: str = "",
    seen: int | None = None,
) -> Any:
    """Makes an outcome, or changes the one of that code. Raises Refused."""
    with history.whole():
        owner = known(PROJECT, project)
        record = _there(models.Outcome, code, project=owner.code)
        _free(models.Outcome.objects.filter(project=owner), number, record)
        before = _told(record)
        record = record or models.Outcome(code=f"{owner.code}-o{number}", project=owner)
        record.number, record.titles, record.assumptions = number, named(titles), _words(assumptions)
        return _kept(by, OUTCOME, record, before, seen)


def keep_output(
    *,
    by: str,
    outcome: str,
    number: int,
    titles: Titles,
    organization: str = "",
    assumptions: str = "",
    code: str = "",
    seen: int | None = None,
) -> Any:
    """Makes an output, or changes the one of that code. Raises Refused."""
    with history.whole():
        owner = _alive(models.Outcome, outcome)
        record = _there(models.Output, code, outcome=owner.code)
        _free(models.Output.objects.filter(outcome=owner), number, record)
        before = _told(record)
        record = record or models.Output(code=f"{owner.code}-{number}", outcome=owner)
        record.number, record.titles, record.assumptions = number, named(titles), _words(assumptions)
        record.organization_id = _organization(organization)
        return _kept(by, OUTPUT, record, before, seen)


# Indicators


@dataclass(frozen=True, slots=True)
class IndicatorSaid:
    """An indicator as it is typed. parent: the code of its output or outcome, "" for the programme itself.

    breaks: lists it is told apart by, of rules/results/kinds or the programme's own. counted: see rules/registers.
    """

    titles: Titles
    kind: str
    parent: str = ""
    number: int = 0  # 0: the next one
    unit: Titles = field(default_factory=dict)
    direction: str = ""
    gathers: str = STANDS
    measure: str = ""
    is_of_people: bool = False
    breaks: Sequence[str] = ()
    counted: Mapping[str, Any] = field(default_factory=dict)
    method: str = ""
    verification: str = ""
    assumptions: str = ""
    organization: str = ""
    baseline: str = ""
    baseline_on: date | None = None
    baseline_source: str = ""
    is_public: bool = True


SEALED = ("kind", "unit", "gathers")  # of an indicator with approved readings


def keep_indicator(*, by: str, project: str, said: IndicatorSaid, code: str = "", seen: int | None = None) -> Any:
    """Makes an indicator, or changes the one of that code. Raises Refused."""
    with history.whole():
        owner = known(PROJECT, project)
        record = _there(models.Indicator, code, project=owner.code)
        siblings = models.Indicator.objects.filter(project=owner)
        number = said.number or (record.number if record else 1 + max((one.number for one in siblings), default=0))
        _free(siblings, number, record)
        outcome, output = parents(owner.code, said.parent)
        found = _faults(owner.code, said, record)
        if found:
            raise Refused(*found)
        before = _told(record)
        record = record or models.Indicator(code=f"{owner.code}-i{number}", project=owner)
        told = asdict(said)
        for name in ("titles", "unit", "parent", "number", "measure", "organization", "baseline"):
            told.pop(name)
        for name, value in told.items():
            setattr(record, name, _words(value) if isinstance(value, str) else value)
        before_counted = before.get("counted") or {}
        # What it counts is said by itself (actions/registers/counting); other words of it leave that as it is
        record.breaks, record.counted = list(said.breaks), dict(said.counted) or before_counted
        record.number, record.titles = number, named(said.titles)
        record.unit = named(said.unit, "unit") if any(map(str.strip, said.unit.values())) else {}
        record.outcome, record.output = outcome, output
        record.measure_id, record.organization_id = said.measure or None, _organization(said.organization)
        record.baseline = str(values.read(said.kind, said.baseline, "", "baseline")) if said.baseline.strip() else ""
        kept = _kept(by, INDICATOR, record, before, seen)
        cutting.decide(kept)
    return kept


def parents(project: str, code: str) -> tuple[Any, Any]:
    """The outcome and the output that a code names in a programme; the outcome of an output is its own. Raises Refused."""
    if not code:
        return None, None
    output = models.Output.objects.filter(code=code, outcome__project=project).select_related("outcome").first()
    outcome = output.outcome if output else models.Outcome.objects.filter(code=code, project=project).first()
    if outcome is None:
        raise Refused(Finding("result-elsewhere", "parent", code))
    return outcome, output


def lists_of(project: str) -> dict[str, Any]:
    """The programme's own lists by their codes."""
    return {one.code: one for one in models.Breakdown.objects.filter(project=project, ended_at=None)}


def _faults(project: str, said: IndicatorSaid, record: Any) -> list[Finding]:
    found = []
    if said.kind not in list(Kind):
        found.append(Finding("result-kind", "kind", said.kind))
    if said.direction not in DIRECTIONS or said.gathers not in GATHERS:
        found.append(Finding("result-kind", "direction"))
    unknown = set(said.breaks) - set(BREAKS) - set(lists_of(project))
    if unknown:
        found.append(Finding("result-kind", "breaks", " ".join(sorted(unknown))))
    if said.measure:
        measure = models.Measure.objects.filter(code=said.measure, ended_at=None).first()
        if measure is None or measure.kind != said.kind:
            found.append(Finding("result-kind", "measure", said.measure))
        others = models.Indicator.objects.filter(project=project, measure=said.measure, ended_at=None)
        if others.exclude(code=record.code if record else "").exists():
            found.append(Finding("result-measured-twice", "measure", said.measure))
    if record is not None and record.readings.filter(state="approved").exists():
        unit = {language: " ".join(text.split()) for language, text in said.unit.items() if text.strip()}
        now = {"kind": said.kind, "unit": unit, "gathers": said.gathers}
        found += [Finding("result-kind-sealed", name) for name in SEALED if getattr(record, name) != now[name]]
        if record.is_of_people and not said.is_of_people:  # what is not public of them would be
            found.append(Finding("result-people-sealed", "is_of_people"))
    return found


def set_target(
    *, by: str, indicator: str, until: date, value: str, since: date | None = None, reason: str = "", group: str = ","
) -> Any:
    """Says what an indicator is meant to reach; a revision needs a reason, and what stood before stays. Raises Refused.

    value "": the target of that period is given up.
    """
    with history.whole():
        record = _alive(models.Indicator, indicator)
        if since and since > until:
            raise Refused(Finding("period-backwards", "until"))
        history.alone(thing(INDICATOR, record), None)
        last = record.targets.filter(since=since, until=until).order_by("-id").first()
        told = str(values.read(record.kind, value, group)) if value.strip() else ""
        if told == (last.value if last else ""):
            raise Refused(Finding("target-same", "value"))
        if last is not None and not reason.strip():
            raise Refused(Finding("reason-missing", "reason"))
        made = models.Target.objects.create(
            indicator=record,
            since=since,
            until=until,
            value=told,
            reason=reason.strip(),
            by=by,
            at=datetime.now(UTC),
        )
        period = f"{since or ''}/{until}"
        history.keep(
            by=by,
            verb="set target",
            thing=thing(INDICATOR, record),
            before={f"target {period}": last.value} if last else {},
            after={f"target {period}": told},
            reason=reason.strip(),
            is_public=record.is_public,
        )
    return made


def targets_in_force(targets: Sequence[Any]) -> list[Any]:
    """Of rows in the order they were written: the last of each period, without those that were given up."""
    last = {(one.since, one.until): one for one in sorted(targets, key=lambda one: one.pk)}
    return sorted((one for one in last.values() if one.value), key=lambda one: (one.until, one.since or date.min))


def end(*, by: str, kind: str, code: str, reason: str, seen: int | None = None) -> Any:
    """Nothing is added to it any more; what was read of it stays. Raises Refused."""
    if not reason.strip():
        raise Refused(Finding("reason-missing", "reason"))
    with history.whole():
        record = _alive(MODELS[kind], code)
        before = _told(record)
        record.ended_at = datetime.now(UTC)
        return _kept(by, kind, record, before, seen, verb="end", reason=reason.strip())


# Measures of several programmes, lists of a programme, its periods


def keep_measure(
    *,
    by: str,
    code: str,
    titles: Titles,
    kind: str,
    unit: Titles | None = None,
    fund: str = "",
    theme: str = "",
    is_new: bool = False,
    seen: int | None = None,
) -> Any:
    """Makes what indicators of several programmes measure alike, or changes its words. Raises Refused."""
    with history.whole():
        record = models.Measure.objects.filter(code=code).first()
        if is_new and (found := [Finding("record-taken", "code", code)] if record else recording.code(code)):
            raise Refused(*found)
        if not is_new and record is None:
            raise Refused(Finding("record-unknown", "code", code))
        if kind not in list(Kind) or (record is not None and record.kind != kind):
            raise Refused(Finding("result-kind", "kind", kind))
        if fund:
            known("fund", fund)
        before = _told(record)
        record = record or models.Measure(code=code, fund_id=fund or None)
        record.titles, record.kind, record.theme = named(titles), kind, theme.strip()
        record.unit = named(unit, "unit") if unit and any(map(str.strip, unit.values())) else {}
        own = Thing(MEASURE, code, Scope(record.fund_id or ""))
        history.alone(own, seen)
        record.save()
        history.keep(by=by, verb="keep", thing=own, before=before, after=_told(record), is_public=True)
    return record


def end_measure(*, by: str, code: str, reason: str, seen: int | None = None) -> Any:
    """Nothing measures it any more; what was measured by it stays with its indicators. Raises Refused."""
    if not reason.strip():
        raise Refused(Finding("reason-missing", "reason"))
    with history.whole():
        record = _alive(models.Measure, code)
        before = _told(record)
        own = Thing(MEASURE, code, Scope(record.fund_id or ""))
        history.alone(own, seen)
        record.ended_at = datetime.now(UTC)
        record.save()
        history.keep(
            by=by, verb="end", thing=own, before=before, after=_told(record), reason=reason.strip(), is_public=True
        )
    return record


def keep_list(
    *,
    by: str,
    project: str,
    code: str,
    titles: Titles,
    choices: Sequence[tuple[str, Titles]],
    smallest: int = SMALLEST,
    seen: int | None = None,
) -> Any:
    """A list of the programme's own by which results are told apart. Choices are added and renamed, never taken away."""
    with history.whole():
        owner = known(PROJECT, project)
        found = recording.code(code)
        if code in BREAKS:
            found.append(Finding("record-taken", "code", code))
        if not choices:
            found.append(Finding("field-missing", "choices"))
        record = models.Breakdown.objects.filter(project=owner, code=code).first()
        gone = {said for said, _ in record.choices} - {said for said, _ in choices} if record else set()
        found += [Finding("result-cell", "choices", one) for one in sorted(gone)]
        if record is not None and smallest < record.smallest:
            found.append(Finding("result-kind", "smallest", str(smallest)))
        if found:
            raise Refused(*found)
        before = _told(record)
        record = record or models.Breakdown(project=owner, code=code)
        record.titles, record.smallest = named(titles), max(smallest, SMALLEST)
        record.choices = [[one, named(words, "choices")] for one, words in choices]
        own = Thing("list", f"{owner.code} {code}", scope_of(owner))
        history.alone(own, seen)
        record.save()
        history.keep(by=by, verb="keep", thing=own, before=before, after=_told(record), is_public=True)
        for indicator in models.Indicator.objects.filter(project=owner):
            if code in indicator.breaks:
                cutting.decide(indicator)
    return record


def keep_cycle(*, by: str, project: str, since: date, until: date, title: str = "") -> Any:
    """A period that the programme reports by. Raises Refused."""
    with history.whole():
        owner = known(PROJECT, project)
        if since > until:
            raise Refused(Finding("period-backwards", "until"))
        own = Thing("cycle", f"{owner.code} {until}", scope_of(owner))
        history.alone(own, None)
        others = models.Cycle.objects.filter(project=owner, since__lte=until, until__gte=since)
        if others.exists():
            raise Refused(Finding("period-overlaps", "since"))
        record = models.Cycle.objects.create(project=owner, since=since, until=until, title=" ".join(title.split()))
        history.keep(by=by, verb="keep", thing=own, after=_told(record))
    return record


def lock(*, by: str, cycle: int, is_locked: bool, reason: str = "") -> Any:
    """Locks a period, or opens it again with a reason. Raises Refused."""
    with history.whole():
        record = models.Cycle.objects.filter(pk=cycle).first()
        if record is None or bool(record.locked_at) == is_locked:
            raise Refused(Finding("record-unknown", "", str(cycle)))
        if not is_locked and not reason.strip():
            raise Refused(Finding("reason-missing", "reason"))
        own = Thing("cycle", f"{record.project_id} {record.until}", scope_of(record.project))
        history.alone(own, None)
        before = _told(record)
        record.locked_at, record.locked_by = (datetime.now(UTC), by) if is_locked else (None, "")
        record.save()
        verb = "lock" if is_locked else "open"
        history.keep(by=by, verb=verb, thing=own, before=before, after=_told(record), reason=reason.strip())
    return record


def keep_beneficiaries(
    *, by: str, project: str, until: date, counts: Mapping[str, int], source: str, note: str = ""
) -> Any:
    """The table of beneficiaries as of a day; what stood before stays. It is public at once. Raises Refused."""
    with history.whole():
        owner = known(PROJECT, project)
        found = beneficiaries.faults(counts)
        if not source.strip():
            found.append(Finding("reading-source-missing", "source"))
        if found:
            raise Refused(*found)
        own = Thing("beneficiaries", f"{owner.code} {until}", scope_of(owner))
        history.alone(own, None)
        last = models.Beneficiaries.objects.filter(project=owner, until=until).order_by("-id").first()
        record = models.Beneficiaries.objects.create(
            project=owner,
            until=until,
            counts=dict(counts),
            source=source.strip(),
            note=_words(note),
            by=by,
            at=datetime.now(UTC),
        )
        before = last.counts if last else {}
        history.keep(by=by, verb="keep", thing=own, before=before, after=record.counts, is_public=True)
        cutting.decide_beneficiaries(owner.code)
    return record


# What they share


def _there(model: Any, code: str, **owner: str) -> Any:
    """The record of a code, which belongs there and has not ended; None for a new one. Raises Refused."""
    if not code:
        return None
    record = _alive(model, code)
    if any(getattr(record, f"{name}_id") != value for name, value in owner.items()):
        raise Refused(Finding("result-elsewhere", "code", code))
    return record


def _alive(model: Any, code: str) -> Any:
    record = model.objects.filter(code=code).first()
    if record is None:
        raise Refused(Finding("record-unknown", "code", code))
    if record.ended_at is not None:
        raise Refused(Finding("result-ended", "code", code))
    return record


def _free(siblings: Any, number: int, record: Any) -> None:
    taken = siblings.filter(number=number).exclude(code=record.code if record else "").exists()
    if taken or not 1 <= number < 1000:
        raise Refused(Finding("result-number-taken", "number", str(number)))


def _organization(code: str) -> str | None:
    if code and not models.Organization.objects.filter(code=code).exists():
        raise Refused(Finding("record-unknown", "organization", code))
    return code or None


def _words(text: str) -> str:
    if found := recording.no_nul(text):
        raise Refused(*found)
    return text.replace("\r\n", "\n").strip()


def _kept(
    by: str, kind: str, record: Any, before: dict[str, Any], seen: int | None, *, verb: str = "keep", reason: str = ""
) -> Any:
    own = thing(kind, record)
    history.alone(own, seen)
    record.save()
    is_public = getattr(record, "is_public", True) or bool(before.get("is_public"))
    history.keep(by=by, verb=verb, thing=own, before=before, after=_told(record), reason=reason, is_public=is_public)
    return record


def _told(record: Any) -> dict[str, Any]:
    if record is None:
        return {}
    names = [one.attname for one in record._meta.concrete_fields]
    return {name.removesuffix("_id"): getattr(record, name) for name in names if name != "id"}
