"""A programme's results for the tests of the desk: a small framework, and readings led to approval."""

from datetime import date
from typing import Any


def framed(by: str, project: str = "P1") -> dict[str, Any]:
    """One outcome with one output, and three indicators: of people by sex and place, of a share, of a milestone."""
    from quipu.actions.results import framework
    from quipu.actions.results.framework import IndicatorSaid

    outcome = framework.keep_outcome(by=by, project=project, number=1, titles={"en": "Water lasts"})
    output = framework.keep_output(
        by=by, outcome=outcome.code, number=1, titles={"en": "Keepers trained"}, organization="ORG1"
    )
    made = {"outcome": outcome, "output": output}
    said = {
        "trained": IndicatorSaid(
            {"en": "Keepers of springs certified", "es": "Guardianes de manantiales certificados"},
            "count",
            output.code,
            unit={"en": "people"},
            direction="up",
            is_of_people=True,
            breaks=("sex", "place"),
            baseline="0",
        ),
        "share": IndicatorSaid({"en": "Springs that run all year"}, "percentage", outcome.code, direction="up"),
        "plan": IndicatorSaid({"en": "River plan adopted"}, "milestone", outcome.code),
    }
    for name, one in said.items():
        made[name] = framework.keep_indicator(by=by, project=project, said=one)
    framework.set_target(by=by, indicator=made["trained"].code, until=date(2025, 12, 31), value="100")
    return made


def approved(writer: str, approver: str, indicator: Any, value: str, **said: Any) -> Any:
    """A reading that somebody wrote and another person approved."""
    from quipu.actions.results import reading
    from quipu.actions.results.reading import ReadingSaid

    told = {"until": date(2025, 12, 31), "source": "Annual report", **said}
    made = reading.write(by=writer, said=ReadingSaid(indicator.code, value=value, **told))
    reading.lead(by=writer, code=made.code, act="submit")
    return reading.lead(by=approver, code=made.code, act="approve")
