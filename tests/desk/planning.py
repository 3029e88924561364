"""A work plan for the tests of the desk: two organizations, two outputs, quarters of 2025, and a ledger that reports."""

from typing import Any

from tests.desk.resulting import framed

LEDGER = """
mou VALLEY ORG2 "Memorandum"
    signed: 2024-01-02

2024-03-01 allocation ^a1 "Decision 1"
    allocation VALLEY > P1/ORG1 300,000.00
    allocation VALLEY > P1/ORG2 100,000.00
2024-03-02 transfer ^t1
    transfer VALLEY > P1/ORG1 10,000.00
2024-03-02 transfer ^t2
    transfer VALLEY > P1/ORG2 4,000.00
2026-04-02 return ^e1
    expenditure P1/ORG1 staff certified 1,000.00 year 2025
    expenditure P1/ORG1 travel certified 250.00 year 2025
2026-04-02 return ^e2
    expenditure P1/ORG2 staff interim 100.00 year 2025
"""


def planned(by: str, ledger: Any = None) -> dict[str, Any]:
    """Three pieces of work: two of ORG1 under two outputs, one of ORG2. All is planned for quarters of 2025."""
    from quipu.actions.plans import planning
    from quipu.actions.plans.planning import WorkSaid
    from quipu.actions.results import framework
    from quipu.books import models
    from quipu.rules.plans import Quarter

    made = framed(by)
    models.Participation.objects.get_or_create(project_id="P1", organization_id="ORG2")
    if ledger is not None:
        ledger.post(LEDGER)
    second = framework.keep_output(by=by, outcome=made["outcome"].code, number=2, titles={"en": "Springs fenced"})
    said = {
        "courses": WorkSaid(
            made["output"].code, "ORG1", {"en": "Courses", "es": "Cursos"}, "Upper valley", amounts(500, 500)
        ),
        "fences": WorkSaid(second.code, "ORG1", {"en": "Fences"}, "", amounts(0, 800)),
        "visits": WorkSaid(made["output"].code, "ORG2", {"en": "Visits"}, "", amounts(300)),
    }
    made |= {name: planning.keep_work(by=by, project="P1", said=one) for name, one in said.items()}
    return {**made, "second": second, "first quarter": Quarter(2025, 1), "next": Quarter(2025, 2)}


def amounts(*dollars: int) -> dict[Any, int]:
    """Planned for the quarters of 2025 from the first on, in cents."""
    from quipu.rules.plans import Quarter

    return {Quarter(2025, number): amount * 100 for number, amount in enumerate(dollars, 1)}


def filled(by: str, work: Any, spent: int, quarter: Any, state: str = "on track", **said: Any) -> Any:
    """A line of one piece of work, in dollars."""
    from quipu.actions.plans import filling

    told = {"spent": spent * 100, "state": state, **said}
    return filling.fill(by=by, project="P1", organization=work.organization_id, quarter=quarter, said={work.code: told})
