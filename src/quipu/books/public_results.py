"""What the books make public of results: frameworks of programmes, and readings that another person approved.

People who wrote or decided never, nor notes and remarks, nor an indicator that is not public. What of figures about people is
public was decided when they became so (`books/cuts`, decision 30): the rest is in no row, and a row without a choice says that.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from quipu.books import cuts, models, office, records
from quipu.rules import record
from quipu.rules.mandates import Scope
from quipu.rules.results import beneficiaries
from quipu.rules.results.states import OPEN, State

OUTCOME, OUTPUT = "outcome", "output"
TITLE, UNIT, CHOICE = "title", "unit", "choice"
IN_FORCE, REVISED, GIVEN_UP = "in force", "revised", "given up"
SMALL = "too few people"  # the reason of an absent number
PENDING = "decided when it is approved"  # of people's parts in a preview
CHECKED = "checked"  # of a version of a document
Row = tuple[str, tuple[Any, ...]]


def rows(keys: Mapping[str, int], drafts: Sequence[Scope] = ()) -> Iterator[Row]:
    """All rows of the record. keys: of the activities, by the codes of their projects.

    drafts: where readings count as well that are not approved yet, for a preview.
    """
    yield from _measures()
    yield from _Results(keys, drafts).rows()


def _measures() -> Iterator[Row]:
    for one in models.Measure.objects.filter(ended_at=None).order_by("code"):
        for language, title in sorted(one.titles.items()):
            unit = one.unit.get(language, "")
            yield (
                "measures",
                record.Measure(one.code, language, _short(title), _short(unit), one.kind, one.fund_id or "", one.theme),
            )


class _Results:
    """All results on their way into rows, each table counted through under each activity."""

    def __init__(self, keys: Mapping[str, int], drafts: Sequence[Scope]) -> None:
        self.keys, self.drafts = keys, drafts
        self.identities, self.merged = records.identities(), records.mergers()
        self.titles = dict(models.Organization.objects.values_list("code", "title"))
        self.measures = set(models.Measure.objects.filter(ended_at=None).values_list("code", flat=True))
        self._counts: dict[tuple[str, int], int] = defaultdict(int)
        self.own = {(one.project_id, one.code): one for one in models.Breakdown.objects.order_by("pk")}
        people = models.Indicator.objects.filter(is_of_people=True, is_public=True).values_list("code", flat=True)
        self.cuts = cuts.of([*people, *(cuts.beneficiaries(project) for project in keys)])

    def rows(self) -> Iterator[Row]:
        for outcome in models.Outcome.objects.order_by("project", "number"):
            yield from self._aim(OUTCOME, outcome.project_id, outcome, "", None)
        for output in models.Output.objects.select_related("outcome").order_by("outcome", "number"):
            yield from self._aim(OUTPUT, output.outcome.project_id, output, output.outcome_id, output.organization_id)
        public = list(
            models.Indicator.objects.filter(is_public=True)
            .select_related("project", "output")
            .order_by("project", "number")
        )
        for one in public:
            yield from self._indicator(one)
        yield from self._targets({one.code: one for one in public})
        yield from self._readings({one.code: one for one in public})
        yield from self._beneficiaries()

    def place(self, table: str, project: str) -> tuple[int, int, int]:
        """Where the next row of an activity stands: its key, its copy, how many there were before."""
        key = self.keys[project]
        self._counts[table, key] += 1
        return key, 0, self._counts[table, key]

    def _texts(self, project: str, of: str, role: str, said: Mapping[str, str], choice: str = "") -> Iterator[Row]:
        for language, text in sorted(said.items()):
            place = self.place("result_texts", project)
            yield "result_texts", record.ResultText(*place, of, role, choice, language, _short(text))

    def _body(self, code: str | None) -> tuple[str, str]:
        """The identity and the name of an organization, as it is shown."""
        if not code:
            return "", ""
        shown = records.shown_as(code, self.merged)
        return self.identities[code], self.titles[shown] or shown

    def _aim(self, kind: str, project: str, one: Any, parent: str, organization: str | None) -> Iterator[Row]:
        identity, name = self._body(organization)
        words = (identity, name, _short(one.assumptions))
        place = self.place("aims", project)
        yield "aims", record.Aim(*place, kind, one.code, parent, one.number, *words, ended=_day(one.ended_at))
        yield from self._texts(project, one.code, TITLE, one.titles)

    def _indicator(self, one: Any) -> Iterator[Row]:
        yield (
            "indicators",
            record.Indicator(
                *self.place("indicators", one.project_id),
                code=one.code,
                number=one.number,
                parent=one.output_id or one.outcome_id or "",
                kind=one.kind,
                direction=one.direction,
                gathers=one.gathers,
                measure=one.measure_id if one.measure_id in self.measures else "",
                people=one.is_of_people,
                breaks=" ".join(one.breaks),
                counted=str(one.counted.get("register", "register")) if one.counted else "",
                organization=self._body(one.organization_id)[0],
                name=self._body(one.organization_id)[1],
                method=_short(one.method),
                verification=_short(one.verification),
                assumptions=_short(one.assumptions),
                baseline=_short(one.baseline),
                baseline_on=one.baseline_on,
                baseline_source=_short(one.baseline_source),
                ended=_day(one.ended_at),
            ),
        )
        yield from self._texts(one.project_id, one.code, TITLE, one.titles)
        yield from self._texts(one.project_id, one.code, UNIT, one.unit)
        for code in one.breaks:
            own = self.own.pop((one.project_id, code), None)  # told once, of the first that is cut by it
            if own is not None:
                yield from self._texts(one.project_id, code, TITLE, own.titles)
                for choice, words in own.choices:
                    yield from self._texts(one.project_id, code, CHOICE, words, choice)

    def _targets(self, public: Mapping[str, Any]) -> Iterator[Row]:
        found = list(models.Target.objects.filter(indicator__in=public).order_by("indicator", "id"))
        last = {(one.indicator_id, one.since, one.until): one.pk for one in found}
        for one in found:
            is_last = last[one.indicator_id, one.since, one.until] == one.pk
            state = (IN_FORCE if one.value else GIVEN_UP) if is_last else REVISED
            place = self.place("targets", public[one.indicator_id].project_id)
            words, on = (_short(one.value), _short(one.reason)), _day(one.at) or one.until
            row = record.Target(*place, one.indicator_id, one.since, one.until, *words, on=on, state=state)
            yield "targets", row

    def _readings(self, public: Mapping[str, Any]) -> Iterator[Row]:
        states = [State.APPROVED, *(([*OPEN, State.SUBMITTED]) if self.drafts else ())]
        found = list(
            models.Reading.objects.filter(indicator__in=public, state__in=states).order_by(
                "indicator", "until", "since", "made_at", "code"
            )
        )
        papers = _papers({code for one in found for code in one.documents})
        for one in found:
            indicator = public[one.indicator_id]
            if one.state == State.APPROVED or self._is_read(indicator):
                yield from self._reading(one, indicator, papers)

    def _is_read(self, indicator: Any) -> bool:
        """Whether drafts of it are within what a preview's maker may read."""
        organization = indicator.organization_id or (indicator.output and indicator.output.organization_id) or ""
        own = Scope(indicator.project.fund_id, indicator.project_id, organization)
        return any(scope.covers(own) for scope in self.drafts)

    def _reading(self, one: Any, indicator: Any, papers: Mapping[str, str]) -> Iterator[Row]:
        project = indicator.project_id

        def why_absent(code: str = "", choice: str = "") -> str:
            if not indicator.is_of_people:
                return ""
            if one.state != State.APPROVED:
                return PENDING if code else ""
            return "" if self.cuts.is_shown(indicator.code, code, (one.since, one.until), choice) else SMALL

        why = why_absent()
        state = one.state if one.state in (State.APPROVED, State.SUBMITTED) else State.DRAFT
        yield (
            "observations",
            record.Observation(
                *self.place("observations", project),
                code=one.code,
                indicator=indicator.code,
                since=one.since,
                until=one.until,
                value="" if why else _short(one.value),
                why=why,
                origin=_short(one.source),
                on=one.on,
                link=_short(one.link),
                reported=one.is_reported,
                choice=_short(one.choice) if one.is_reported else "",
                state=str(state),
                approved=_day(one.decided_at) if one.state == State.APPROVED else None,
            ),
        )
        for code, told in one.cells.items():
            absent = ""
            for choice, text in told.items():
                if reason := why_absent(code, choice):
                    absent = reason
                    continue
                row = (one.code, code, _short(choice), _short(text), "")
                yield "observation_cells", record.ObservationCell(*self.place("observation_cells", project), *row)
            if absent:
                row = (one.code, code, "", "", absent)
                yield "observation_cells", record.ObservationCell(*self.place("observation_cells", project), *row)
        for sha256 in dict.fromkeys(papers[code] for code in one.documents if code in papers):
            place = self.place("observation_papers", project)
            yield "observation_papers", record.ObservationPaper(*place, one.code, sha256)

    def _beneficiaries(self) -> Iterator[Row]:
        last = {(one.project_id, one.until): one for one in models.Beneficiaries.objects.order_by("id")}
        for (project, until), one in sorted(last.items()):
            table = cuts.beneficiaries(project)
            for cell in beneficiaries.CELLS:
                if cell in one.counts:
                    way, aspect, who = cell.split("/")
                    is_shown = self.cuts.is_shown(table, f"{way}/{aspect}", (None, until), who)
                    said = (one.counts[cell], "") if is_shown else (None, SMALL)
                    place = self.place("beneficiaries", project)
                    row = (*place, until, way, aspect, who, *said, _short(one.source))
                    yield "beneficiaries", record.Beneficiary(*row)


def _papers(codes: set[str]) -> dict[str, str]:
    """Of documents of the desk that are public today: the hash of their newest public version, by code."""
    is_open = Q(document__visibility="public") | Q(
        document__visibility="embargoed", document__until__lte=office.today()
    )
    cleared = models.Version.objects.filter(
        is_open, document__in=codes, state=CHECKED, cleared_at__isnull=False, waits=False
    )
    return {one.document_id: one.sheet or one.sha256 for one in cleared.order_by("document", "number")}


def _day(moment: datetime | None) -> date | None:
    """The day it was where the office is."""
    return None if moment is None else timezone.localdate(moment)


def _short(text: str) -> str:
    return text[: record.LONGEST_TEXT]
