"""Monitoring of a demonstration: what a file tells of is written by one of its people and decided on by another."""

import tomllib
from pathlib import Path
from typing import Any

from quipu.actions import documents
from quipu.actions.documents import Wish
from quipu.actions.monitoring import lessons, narratives, reviews, risks
from quipu.actions.monitoring.lessons import LessonSaid
from quipu.actions.monitoring.reviews import ActionSaid, ReviewSaid
from quipu.actions.monitoring.risks import RiskSaid
from quipu.books import models, office
from quipu.rules.languages import LANGUAGES

PUBLISH = "publish"


def rehearse_monitoring(file: Path) -> int:
    """Makes what a file tells of programmes that are here and have no monitoring yet. Answers of how many."""
    told = tomllib.loads(file.read_text("utf-8"))
    codes = dict(models.Person.objects.values_list("email", "code"))
    made = 0
    for one in told["programme"]:
        project = models.Project.objects.filter(code=one["project"]).first()
        if project is None or models.Lesson.objects.filter(project=project).exists():
            continue
        writer, approver = codes[one["writer"]], codes[one["approver"]]
        for review in one.get("reviews", ()):
            _review(writer, project.code, review)
        for risk in one.get("risks", ()):
            _risk(writer, project.code, risk)
        for lesson in one.get("lessons", ()):
            _lesson(writer, approver, project.code, lesson, one.get("source", {}))
        for narrative in one.get("narratives", ()):
            _narrative(writer, approver, project.code, narrative)
        made += 1
    models.Mail.objects.filter(state="waiting").update(state="dropped", text="", values={})
    return made


def _texts(told: dict[str, Any], before: str = "") -> dict[str, str]:
    return {language: told[before + language] for language in LANGUAGES if before + language in told}


def _review(by: str, project: str, told: dict[str, Any]) -> None:
    names = ("kind", "titles", "on", "by_whom", "summary", "link", "is_public")
    review = reviews.keep_review(
        by=by, project=project, said=ReviewSaid(**{name: told[name] for name in names if name in told})
    )
    for one in told.get("recommendations", ()):
        to = {name: one[name] for name in ("organization", "role") if name in one}
        said = reviews.keep_recommendation(by=by, review=review.code, texts=_texts(one), **to)
        if answer := one.get("response"):
            words = {"answer": answer["answer"], "body": answer["body"], "on": answer["on"]}
            reviews.respond(by=by, recommendation=said.code, texts=_texts(answer), **words)
        for action in one.get("actions", ()):
            whose = {name: action[name] for name in ("organization", "role", "due") if name in action}
            step = ActionSaid(_texts(action), **whose)
            made = reviews.keep_action(by=by, recommendation=said.code, said=step)
            if "state" in action:
                reviews.move_action(by=by, code=made.code, state=action["state"], done_on=action.get("done_on"))


def _risk(by: str, project: str, told: dict[str, Any]) -> None:
    names = ("kind", "impact", "likelihood", "organization", "role", "state", "reviewed_on", "is_public")
    plain = {name: told[name] for name in names if name in told}
    answers = {"en": told["answer"]} if "answer" in told else {}
    risks.keep(by=by, project=project, said=RiskSaid(texts=_texts(told), answers=answers, **plain))


def _lesson(writer: str, approver: str, project: str, told: dict[str, Any], source: dict[str, str]) -> None:
    said = LessonSaid(
        kind=told["kind"],
        titles=_texts(told),
        texts=_texts(told, "more_"),
        organization=told.get("organization", ""),
        year=told.get("year"),
        source=source.get("name", ""),
        link=source.get("link", ""),
    )
    made = lessons.write(by=writer, project=project, said=said)
    lessons.lead(by=writer, code=made.code, act="submit")
    if told.get("state") != "submitted":
        lessons.lead(by=approver, code=made.code, act="approve")


def _narrative(writer: str, approver: str, project: str, told: dict[str, Any]) -> None:
    if told["year"] >= office.today().year:
        return
    made = narratives.begin(by=writer, project=project, year=told["year"])
    for part, words in told["parts"].items():
        for language, text in words.items():
            narratives.write(by=writer, code=made.code, part=part, language=language, text=text)
    for act in told["acts"]:
        if act == PUBLISH:
            version = models.Version.objects.get(document=made.document_id)
            wish = Wish(answers={"knowledge": "no"})
            documents.publish(by=approver, version=version, wish=wish, today=office.today())
        else:
            made = narratives.lead(by=writer if act == "hand over" else approver, code=made.code, act=act)
