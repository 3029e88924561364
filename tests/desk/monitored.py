"""A programme's monitoring for the tests of the desk: one thing of each kind, as it stands."""

from datetime import UTC, date, datetime
from typing import Any


def monitored(project: str = "P1", n: int = 1) -> dict[str, Any]:
    """A narrative that is written, a review with an answer to be given and a step, a risk, a lesson: codes by name."""
    from quipu.books import models

    now = datetime.now(UTC)
    written = {"state": "draft", "author": "someone", "made_at": now, "changed_at": now}
    narrative = models.Narrative.objects.create(
        code=f"N-{project}-{2000 + n}-1", project_id=project, year=2000 + n, **written
    )
    review = models.Review.objects.create(
        code=f"{project}-r{n}", project_id=project, number=n, kind="mid-term", titles={"en": "Mid-term evaluation"}
    )
    said = models.Recommendation.objects.create(
        code=f"{review.code}-1", review=review, number=1, texts={"en": "Meet twice a year"}
    )
    action = models.Action.objects.create(
        **{"code": f"{said.code}-a1", "recommendation": said, "number": 1, "texts": {"en": "Call the meeting"}},
        **{"organization_id": "ORG1", "due": date(2025, 1, 1), "state": "planned"},
    )
    risk = models.Risk.objects.create(
        **{"code": f"{project}-k{n}", "project_id": project, "number": n, "kind": "risk", "likelihood": 3, "impact": 4},
        **{"texts": {"en": "Staff may leave"}, "state": "open", "reviewed_on": date(2025, 1, 1)},
    )
    lesson = models.Lesson.objects.create(
        code=f"{project}-l{n}", project_id=project, number=n, kind="lesson", titles={"en": "Talk early"}, **written
    )
    found = {"yearly": narrative, "reviewed": review, "recommended": said, "action": action}
    return {name: one.pk for name, one in (found | {"risk": risk, "lesson": lesson}).items()}
