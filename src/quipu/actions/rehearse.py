"""Rehearse: the people of a demonstration, who are invented and sign in with a word that everybody knows; and their work."""

import tomllib
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from quipu.actions import mandates, people, write_section
from quipu.actions.mandates import Wanted
from quipu.actions.results import framework, reading
from quipu.actions.returns import dispensing, leading, owing, reporting, standing, talking, writing
from quipu.books import models, office
from quipu.rules.mandates import Scope
from quipu.rules.money import exponent
from quipu.rules.results.kinds import STANDS
from quipu.rules.returns.checks import CONFIRMED
from quipu.rules.returns.rows import AMOUNT, COMMENT

WORD = "demonstration"  # everybody's password


def approvers() -> tuple[str, ...]:
    """Who may sign off a journal here, so that a demonstration can be loaded once more."""
    return tuple(person.pk for person in mandates.who_may("approve vouchers"))


def rehearse(file: Path) -> int:
    """Makes the people that a file names and that are not here yet, with their mandates. Answers how many were made."""
    told = tomllib.loads(file.read_text("utf-8"))
    made = 0
    for one in told["person"]:
        if models.Person.objects.filter(email=one["email"]).exists():
            continue
        person = people.create(by="", name=one["name"], email=one["email"], password=WORD)
        for mandate in one["mandates"]:
            role = mandate.pop("role")
            wanted = Wanted(role, Scope(**mandate))
            mandates.give(by="", person=person.code, wanted=wanted, reason="the demonstration", as_house=True)
        made += 1
    return made


def rehearse_returns(file: Path) -> int:
    """Makes the returns that a file tells of and that are not here yet, and leads them on. Answers how many were made."""
    told = tomllib.loads(file.read_text("utf-8"))
    codes = dict(models.Person.objects.values_list("email", "code"))
    made = 0
    for one in told["return"]:
        place = one["fund"], one["organization"], one["year"], one["kind"]
        if standing.in_force(*place) is not None:
            continue
        by = codes[one["by"]]
        fund, organization, year, kind = place
        record = writing.begin(
            by=by, fund=fund, organization=organization, year=year, kind=kind, until=one.get("until")
        )
        writing.write(by=by, record=record, sent=_cells(one["cells"], record.fund.currency))
        if one.get("confirm"):
            answers = {str(entry.id): (CONFIRMED, "") for entry in standing.transfers_of(record)}
            writing.answer(by=by, record=record, answers=answers)
        for act in one.get("acts", ()):
            leading.lead(by=codes[act["by"]], record=record, act=act["act"], seen=None, reason=act.get("reason", ""))
        for remark in one.get("remarks", ()):
            talking.say(by=codes[remark["by"]], record=record, text=remark["text"], row=remark.get("row", ""))
        made += 1
    return made


def _cells(told: dict[str, list[str]], currency: str) -> dict[str, dict[str, int | str | None]]:
    """By row, an amount and perhaps a comment."""
    found: dict[str, dict[str, int | str | None]] = {}
    for key, (amount, *comment) in told.items():
        found[key] = {COMMENT: comment[0]} if comment else {}
        if amount:
            found[key][AMOUNT] = int(Decimal(amount).scaleb(exponent(currency)))
    return found


def rehearse_year_end(file: Path) -> None:
    """More time is asked for, and reports are begun, as a file tells; once, and where the books have what they are about.

    No mail of a rehearsal goes out: nobody lives at the addresses of its people.
    """
    told = tomllib.loads(file.read_text("utf-8"))
    codes = dict(models.Person.objects.values_list("email", "code"))
    today = office.today()
    owed = owing.owed([today.year - 1], today)
    for one in told["dispensation"] if not models.Dispensation.objects.exists() else ():
        for each in owed:
            if (each.fund, each.organization, each.duty) == (one["fund"], one["organization"], one["duty"]):
                until = today + timedelta(days=one["days"])
                if each.is_missing:
                    dispensing.ask(by=codes[one["by"]], owed=each, until=until, reason=one["reason"])
    for one in told["report"] if not models.Report.objects.exists() else ():
        if any(each.fund == one["fund"] for each in owed):
            record = reporting.begin(by=codes[one["by"]], fund=one["fund"], year=today.year - 1)
            text = "\n\n".join(filter(None, (record.narrative.get("en", ""), one["text"])))
            reporting.tell_narrative(by=codes[one["by"]], record=record, language="en", text=text)
    models.Mail.objects.filter(state="waiting").update(state="dropped", text="", values={})


# Results


def rehearse_results(file: Path) -> int:
    """Makes the frameworks and readings that a file tells of, where there are none yet. Answers how many programmes have them.

    One person writes all of a programme, another approves; nothing here is done in any other way than at the desk.
    """
    told = tomllib.loads(file.read_text("utf-8"))
    codes = dict(models.Person.objects.values_list("email", "code"))
    here = [
        one
        for one in told["programme"]
        if models.Project.objects.filter(code=one["project"]).exists()
        and not models.Indicator.objects.filter(project=one["project"]).exists()
    ]
    for one in told["measure"] if here else ():
        if not models.Measure.objects.filter(code=one["code"]).exists():
            words = {"titles": one["title"], "unit": one.get("unit", {}), "kind": one["kind"]}
            framework.keep_measure(by=codes[here[0]["by"]], code=one["code"], is_new=True, **words)
    for one in here:
        _Programme(one, told["source"], codes[one["by"]], codes[one["approver"]]).make()
    return len(here)


class _Programme:
    """A programme's results as a file tells them: its editor, and who approves."""

    def __init__(self, told: dict[str, Any], sources: dict[str, Any], editor: str, approver: str) -> None:
        self.told, self.sources, self.editor, self.approver = told, sources, editor, approver
        self.project: str = told["project"]

    def make(self) -> None:
        """Everything, in the order in which it would be written."""
        by, project = self.editor, self.project
        for one in self.told.get("list", ()):
            framework.keep_list(by=by, project=project, code=one["code"], titles=one["title"], choices=one["choices"])
        periods = {
            until: framework.keep_cycle(by=by, project=project, since=since, until=until)
            for since, until in self.told.get("cycle", ())
        }
        for number, one in enumerate(self.told.get("outcome", ()), 1):
            self._outcome(number, one)
        for one in self.told.get("indicator", ()):
            self._indicator(one, "")
        for one in self.told.get("beneficiaries", ()):
            source = self.sources[one["from"]]["source"]
            framework.keep_beneficiaries(
                by=by, project=project, until=one["until"], counts=one["counts"], source=source
            )
        for one in self.told.get("section", ()):
            write_section.write_section(by=by, kind="project", code=project, is_public=True, **one)
        for until in self.told.get("locked", ()):
            framework.lock(by=self.approver, cycle=periods[until].pk, is_locked=True)

    def _outcome(self, number: int, told: dict[str, Any]) -> None:
        assumptions = told.get("assumptions", "")
        made = framework.keep_outcome(
            by=self.editor, project=self.project, number=number, titles=told["title"], assumptions=assumptions
        )
        for one in told.get("indicator", ()):
            self._indicator(one, made.code)
        for nth, one in enumerate(told.get("output", ()), 1):
            organization = one.get("organization", "")
            output = framework.keep_output(
                by=self.editor, outcome=made.code, number=nth, titles=one["title"], organization=organization
            )
            for each in one.get("indicator", ()):
                self._indicator(each, output.code)

    def _indicator(self, told: dict[str, Any], parent: str) -> None:
        names = ("direction", "gathers", "measure", "breaks", "method", "verification", "baseline", "baseline_source")
        said = framework.IndicatorSaid(
            told["title"],
            told["kind"],
            parent,
            unit=told.get("unit", {}),
            is_of_people=told.get("people", False),
            is_public=told.get("public", True),
            baseline_on=told.get("baseline_on"),
            **{name: told[name] for name in names if name in told},
        )
        made = framework.keep_indicator(by=self.editor, project=self.project, said=said)
        for one in told.get("target", ()):
            framework.set_target(by=self.editor, indicator=made.code, **one)
        for one in told.get("reading", ()):
            self._reading(made, one)

    def _reading(self, indicator: Any, told: dict[str, Any]) -> None:
        """A reading led as far as the file says: to approval, and to being the one that is reported."""
        source = self.sources[told["from"]]
        detail = told.get("detail", "")
        said = reading.ReadingSaid(
            indicator.code,
            told.get("until") or self.told["until"],
            told["value"],
            f"{source['source']}: {detail}" if detail else source["source"],
            since=told.get("since") if indicator.gathers == STANDS else told.get("since") or self.told.get("since"),
            cells=told.get("cells", {}),
            on=told.get("on", source.get("on")),
            link=source.get("link", ""),
        )
        made = reading.write(by=self.editor, said=said)
        state = told.get("state", "approved")
        if state != "draft":
            reading.lead(by=self.editor, code=made.code, act="submit")
        if state == "approved":
            reading.lead(by=self.approver, code=made.code, act="approve")
        if "chosen" in told:
            reading.choose(by=self.approver, code=made.code, reason=told["chosen"])
