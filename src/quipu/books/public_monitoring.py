"""What the books make public of monitoring: approved lessons; public reviews with what came of them; risks that say so.

Words of people who work here never: who wrote, who approved and why stay inside.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from quipu.books import models, office
from quipu.rules import monitoring, record


def rows() -> Iterator[tuple[str, tuple[Any, ...]]]:
    """All rows of the record, table by table."""
    lessons = list(models.Lesson.objects.filter(state=monitoring.State.APPROVED).select_related("project"))
    reviews = list(models.Review.objects.filter(is_public=True).select_related("project"))
    papers = _papers({one.document_id for one in (*lessons, *reviews) if one.document_id})
    for one in sorted(lessons, key=lambda one: one.code):
        yield (
            "lessons",
            record.Lesson(
                code=one.code,
                fund=one.project.fund_id,
                project=one.project_id,
                kind=one.kind,
                organization=one.organization_id or "",
                year=one.year,
                titles=_said(one.titles),
                texts=_said(one.texts),
                published=one.source,
                link=one.link,
                document=papers.get(one.document_id, ""),
                on=timezone.localdate(one.decided_at) if one.decided_at else None,
            ),
        )
    for one in sorted(reviews, key=lambda one: one.code):
        yield (
            "reviews",
            record.Review(
                code=one.code,
                fund=one.project.fund_id,
                project=one.project_id,
                kind=one.kind,
                on=one.on,
                titles=_said(one.titles),
                texts=_said(one.summary),
                by_whom=one.by_whom,
                link=one.link,
                document=papers.get(one.document_id, ""),
            ),
        )
    yield from _recommended()
    for one in models.Risk.objects.filter(is_public=True).order_by("code"):
        yield (
            "risks",
            record.Risk(
                *(one.code, one.project_id, one.kind, _said(one.texts), one.likelihood, one.impact),
                *(_said(one.answers), one.state, one.reviewed_on),
            ),
        )


def _recommended() -> Iterator[tuple[str, tuple[Any, ...]]]:
    recommended = models.Recommendation.objects.filter(review__is_public=True).select_related("review")
    for one in recommended.prefetch_related("responses").order_by("code"):
        answer = max(one.responses.all(), key=lambda each: each.pk, default=None)
        yield (
            "recommendations",
            record.Recommendation(
                *(one.code, one.review_id, one.review.project_id, one.number, _said(one.texts)),
                *(one.organization_id or "", one.role),
                *((answer.answer, _said(answer.texts), answer.body, answer.on) if answer else ("", "{}", "", None)),
            ),
        )
    actions = models.Action.objects.filter(recommendation__review__is_public=True)
    for one in actions.select_related("recommendation__review").order_by("code"):
        yield (
            "improvements",
            record.Improvement(
                *(one.code, one.recommendation_id, one.recommendation.review.project_id, one.number, _said(one.texts)),
                *(one.organization_id or "", one.role, one.due, one.state, one.done_on, one.note),
            ),
        )


def _said(texts: dict[str, str]) -> str:
    """Words by language as one text, the same for the same words."""
    told = {language: text[: record.LONGEST_TEXT // 4] for language, text in texts.items()}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def _papers(codes: set[str]) -> dict[str, str]:
    """The hash under which each of some documents is public today."""
    today = office.today()
    found = {}
    opened = models.Version.objects.filter(document__in=codes, state="checked", cleared_at__isnull=False, waits=False)
    for one in opened.select_related("document").order_by("number"):
        paper = one.document
        if paper.visibility == "public" or (paper.visibility == "embargoed" and paper.until <= today):
            found[paper.code] = one.sheet or one.sha256
    return found
