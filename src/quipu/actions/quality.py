"""The quality list as a whole: what is wrong or missing in an edition, and with the desk's documents that are public."""

from collections.abc import Iterator
from typing import Any

from quipu.actions import documents
from quipu.books import models
from quipu.edition import quality
from quipu.edition.open import Edition
from quipu.edition.quality import PAPERS, Case
from quipu.rules.findings import ERROR, WARNING, rule_of, severity

UNREAD = "document-no-words"  # a note where it is handed in; of what is public, it keeps readers from finding it


def cases(edition: Edition) -> list[Case]:
    """Everything to mend, the gravest first."""
    return quality.in_order([*quality.cases(edition), *_of_documents(edition)])


def _of_documents(edition: Edition) -> Iterator[Case]:
    """What was found in the newest public file of each document, and in files that were to follow it."""
    known = {(fund, project): (name, title) for name, (fund, project, title) in quality.accounts(edition).items()}
    rows = models.Document.objects.exclude(visibility=documents.INTERNAL).select_related("fund", "project")
    for document in rows.prefetch_related("versions").order_by("code"):
        if not documents.is_shown(document):
            continue
        fund, project = document.fund_id, document.project_id or ""
        subject = document.project or document.fund
        identifier, title = known.get((fund, project), (subject.code, subject.title))
        told = {"fund": fund, "project": project, "identifier": identifier, "title": title}
        for rule, detail in dict.fromkeys(_findings(document)):
            about = " · ".join(filter(None, (documents.title_of(document), detail)))
            yield Case(
                rule, rule_of(rule).sentence, "", PAPERS, severity(rule), detail=about, document=document.pk, **told
            )


def _findings(document: Any) -> Iterator[tuple[str, str]]:
    versions = sorted(document.versions.all(), key=lambda one: one.number)
    last = max(n for n, one in enumerate(versions) if documents.is_open(one))
    for version in versions[last:]:
        answered = documents.WARNED if version.cleared_why else ()  # it was published with a reason, which is kept
        for rule, detail in version.findings:
            if rule not in answered and (rule == UNREAD or severity(rule) in (ERROR, WARNING)):
                yield rule, detail
