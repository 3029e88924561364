"""Rehearse plans: the work plan of a demonstration, written by its invented people through the same verbs as at the desk."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from quipu.actions.plans import closing, filling, planning, requesting
from quipu.actions.results import framework
from quipu.books import models, office
from quipu.rules.money import exponent
from quipu.rules.plans import Quarter, read_quarter

FIELDS = ("spent", "committed", "state", "remark")


def rehearse_plans(file: Path) -> int:
    """Makes the work plan that a file tells of, where its programme is here and has none. Answers how many pieces of work.

    Whatever would lie ahead of the office's day is left out. No mail of it goes out.
    """
    told = tomllib.loads(file.read_text("utf-8"))
    project = models.Project.objects.filter(code=told["project"]).select_related("fund").first()
    if project is None or models.Work.objects.filter(project=project).exists():
        return 0
    people = dict(models.Person.objects.values_list("email", "code"))
    stage = _Stage(project, {role: people[email] for role, email in told["people"].items()})
    outputs = {f"{one['outcome']}.{one['number']}": stage.output(one) for one in told["output"]}
    for one in told["work"]:
        stage.work(one, outputs[one["output"]])
    for one in told["approve"]:
        stage.approve(one)
    for one in told["revise"]:
        stage.plan(stage.works[one["titles"]], one["planned"])
    for one in told["close"]:
        stage.close(one)
    for one in told["tranche"]:
        stage.tranche(one)
    for one in told["request"]:
        stage.request(one)
    models.Mail.objects.filter(state="waiting").update(state="dropped", text="", values={})
    return len(told["work"])


class _Stage:
    """A programme, and who plays: by role, and who fills in lines by organization."""

    def __init__(self, project: Any, people: dict[str, str]) -> None:
        self.project, self.people, self.today = project, people, office.today()
        self.works: dict[str, Any] = {}

    def units(self, amount: str) -> int:
        """An amount in minor units of the fund's currency."""
        return int(Decimal(amount).scaleb(exponent(self.project.fund.currency)))

    def output(self, one: dict[str, Any]) -> str:
        """The output of that number, made where the programme has none yet."""
        lead = self.people["lead"]
        outcome = models.Outcome.objects.filter(project=self.project, number=one["outcome"]).first()
        outcome = outcome or framework.keep_outcome(
            by=lead, project=self.project.code, number=one["outcome"], titles=one["outcomes"]
        )
        output = models.Output.objects.filter(outcome=outcome, number=one["number"]).first()
        output = output or framework.keep_output(
            by=lead, outcome=outcome.code, number=one["number"], titles=one["titles"]
        )
        return str(output.code)

    def work(self, one: dict[str, Any], output: str) -> None:
        """A piece of work, planned and filled in."""
        said = planning.WorkSaid(output, one["organization"], one["titles"], one["place"])
        made = planning.keep_work(by=self.people["lead"], project=self.project.code, said=said)
        made.titles, self.works[one["titles"]["en"]] = one["titles"], made
        self.plan(
            made, {f"{year}-Q{n}": amount for year, row in one["planned"].items() for n, amount in enumerate(row, 1)}
        )
        for text, words in one["filled"].items():
            quarter = _quarter(text)
            if quarter.since <= self.today:
                spent, committed, *rest = words
                line = dict(zip(FIELDS, (self.units(spent), self.units(committed), *rest), strict=True))
                filling.fill(
                    by=self.people[one["organization"]],
                    project=self.project.code,
                    organization=one["organization"],
                    quarter=quarter,
                    said={made.code: line},
                )

    def plan(self, work: Any, planned: dict[str, str]) -> None:
        """Amounts of quarters."""
        amounts = {_quarter(text): self.units(amount) for text, amount in planned.items()}
        said = planning.WorkSaid(work.output_id, work.organization_id, work.titles, work.place, amounts)
        planning.keep_work(by=self.people["lead"], project=self.project.code, said=said, code=work.code)

    def approve(self, one: dict[str, Any]) -> None:
        """The plan of a year, by its decision."""
        if one["on"] <= self.today:
            planning.approve(
                by=self.people["secretariat"],
                project=self.project.code,
                year=one["year"],
                on=one["on"],
                decision=one["decision"],
            )

    def close(self, one: dict[str, Any]) -> None:
        """Quarters, with what is missing of them."""
        for quarter in map(_quarter, one["quarters"]):
            if quarter.has_ended(self.today):
                closing.close(
                    by=self.people["lead"], project=self.project.code, quarter=quarter, reason=one.get("reason", "")
                )

    def tranche(self, one: dict[str, Any]) -> None:
        """A tranche, with its condition as far as it is met."""
        met: date | None = one.get("met_on")
        is_met = met is not None and met <= self.today
        said = planning.TrancheSaid(
            one["planned_on"],
            self.units(one["amount"]),
            one["condition"],
            met if is_met else None,
            one["evidence"] if is_met else "",
        )
        planning.keep_tranche(by=self.people["lead"], project=self.project.code, said=said)

    def request(self, one: dict[str, Any]) -> None:
        """A request, led on as far as it went."""
        quarter = _quarter(one["quarter"]) if "quarter" in one else None
        if one["decided_on"] > self.today or (quarter and not quarter.has_ended(self.today)):
            return
        amounts = {body: self.units(amount) for body, amount in one["amounts"].items()}
        said = requesting.RequestSaid(
            amounts, one["decision"], one["decided_on"], one.get("tranche", 0), one.get("note", ""), quarter
        )
        made = requesting.write(by=self.people["secretariat"], project=self.project.code, said=said)
        for act in one.get("acts", ()):
            by = self.people["committee" if act == "sign" else "agent"]
            requesting.lead(by=by, code=made.code, act=act)


def _quarter(text: str) -> Quarter:
    found = read_quarter(text)
    assert found is not None, text
    return found
