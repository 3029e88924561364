"""The workbook of a programme's readings, drawn from the books in the reader's language."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from quipu.actions.results import framework
from quipu.actions.results.uploading import Held
from quipu.books import models
from quipu.desk.drawing import said, spoken
from quipu.desk.results.words import called
from quipu.desk.results_workbooks import words
from quipu.files import results_book
from quipu.files.results_book import FREE, HEADING, PART, WHOLE, Book, Line
from quipu.rules.mandates import Scope
from quipu.rules.results.filled import FREE as UNNAMED
from quipu.rules.results.filled import Place
from quipu.rules.results.kinds import SUMS
from quipu.rules.results.states import OPEN

ROOM = 3  # rows for further parts of a list that is open
Lists = Mapping[str, tuple[str, Mapping[str, str]]]


def template(held: Held, address: str, may: Callable[[Scope], bool]) -> bytes:
    """The workbook of a period, with the indicators whose readings somebody writes and that nothing counts by itself."""
    own = {code: one for code, one in held.indicators.items() if not one.counted and may(held.scope(code))}
    drawing = _Rows(held, own)
    book = Book(held.project.code, held.since, held.until, spoken().language, list(drawing.lines()))
    return results_book.draw(book, words.texts(held, address))


class _Rows:
    """The rows of a workbook: outcomes and outputs as headings, indicators with what stands, and their parts."""

    def __init__(self, held: Held, indicators: Mapping[str, Any]) -> None:
        self.held, self.indicators = held, indicators
        self.lists: Lists = words.lists_of(held.project.code)
        self.targets: dict[str, list[Any]] = {}
        for one in models.Target.objects.filter(indicator__in=indicators).order_by("id"):
            self.targets.setdefault(one.indicator_id, []).append(one)
        reported = models.Reading.objects.filter(indicator__in=indicators, is_reported=True, until__lt=held.until)
        self.last = {one.indicator_id: one for one in reported.order_by("until")}

    def lines(self) -> Iterator[Line]:
        """All rows, in the framework's order; what hangs under the programme itself comes first."""
        above: tuple[Any, Any] = (None, None)
        for one in sorted(self.indicators.values(), key=_in_order):
            outcome, output = one.outcome, one.output
            if outcome is not None and above[0] != outcome.pk:
                yield Line(HEADING, f"{outcome.number}  {called(outcome.titles)}")
            if output is not None and above[1] != output.pk:
                yield Line(HEADING, f"{outcome.number}.{output.number}  {called(output.titles)}")
            above = (outcome.pk if outcome else None, output.pk if output else None)
            for reading in self._readings(one.code) or [None]:
                yield from self._of(one, reading)

    def _readings(self, code: str) -> list[Any]:
        """What a row each is for: all drafts; without one, the reading that is reported or else the last."""
        every = self.held.readings[code]
        if drafts := [one for one in every if one.state in OPEN]:
            return drafts
        return [one for one in every if one.is_reported] or every[-1:]

    def _of(self, indicator: Any, reading: Any) -> Iterator[Line]:
        """The rows of a reading: the whole, and each part."""
        code, kind = indicator.code, indicator.kind
        whole = Place(code, reading.code if reading else "")
        last = self.last.get(code)
        target, is_aim = self._target(indicator)
        shared = {"unit": called(indicator.unit), "kind": kind}
        yield Line(
            WHOLE,
            called(indicator.titles),
            whole.key,
            code,
            called=said(words.KIND_LABELS[kind]),
            baseline=words.number(kind, indicator.baseline),
            target=words.number(kind, target.value) if target else "",
            last=words.number(kind, last.value) if last else "",
            stands=words.number(kind, reading.value) if reading else "",
            origin=f"{reading.source} · {said(words.STATES[reading.state])}" if reading else "",
            is_fixed=reading is not None and reading.state not in OPEN,
            is_aim=is_aim,
            **shared,
        )
        cells = reading.cells if reading else {}
        past = last.cells if last else {}
        for name, (choices, is_open) in self.held.offered[code].items():
            stand, before = cells.get(name, {}), past.get(name, {})
            free = [choice for choice in (*stand, *before) if choice not in choices]
            for choice in dict.fromkeys((*choices, *free)):
                place = whole._replace(list=name, choice=choice)
                yield Line(
                    PART,
                    words.part(place, self.lists),
                    place.key,
                    last=words.number(kind, before.get(choice, "")),
                    stands=words.number(kind, stand.get(choice, "")),
                    list=name,
                    **shared,
                )
            for n in range(1, ROOM + 1 if is_open else 1):
                place = whole._replace(list=name, choice=f"{UNNAMED}{n}")
                yield Line(FREE, f"{self.lists[name][0]}: …", place.key, list=name, **shared)

    def _target(self, indicator: Any) -> tuple[Any, bool]:
        """The target that the value is looked at beside, and whether it is of just that: the period's own, or of the end."""
        until = self.held.until
        found = framework.targets_in_force(self.targets.get(indicator.code, ()))
        to_come = next((one for one in found if one.since is None and one.until >= until), found[-1] if found else None)
        if indicator.gathers != SUMS:
            return to_come, to_come is not None
        own = next((one for one in found if (one.since, one.until) == (self.held.since, until)), None)
        return own or to_come, own is not None


def _in_order(one: Any) -> tuple[int, int, int]:
    outcome = one.outcome.number if one.outcome else 0
    return outcome, one.output.number if one.output else 0, one.number


def name_of(held: Held) -> str:
    """What the file is called."""
    days: list[date] = [one for one in (held.since, held.until) if one is not None]
    return f"{said('readings')}-{held.project.code}-{'-'.join(f'{one:%Y%m%d}' for one in days)}.xlsx"
