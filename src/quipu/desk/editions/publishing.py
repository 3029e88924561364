"""The list of editions with who made them, and making one now: what is open, what changed, the act, how far it is."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quipu.actions import history, publish_now
from quipu.actions.answer_finding import unanswered
from quipu.books import post
from quipu.desk.drawing import said
from quipu.desk.editions import forms, opened, quality
from quipu.desk.rights import needs
from quipu.edition import compare, preview
from quipu.edition.compare import Outline
from quipu.edition.manifest import Manifest
from quipu.rules.findings import Refused

A_PAGE = 50
SHOWN = 20  # findings on the page of the act; all of them stand on the quality list


@dataclass(frozen=True, slots=True)
class Row:
    """An edition in the list. by: a name; told: what changed since the one before, as far as manifests tell."""

    manifest: Manifest
    by: str
    told: Outline | None
    is_current: bool


@needs("read drafts")
def editions(request: HttpRequest) -> HttpResponse:
    """Every edition: number, moment, sources, content, who or what published it; two of them beside each other."""
    home = opened.home()
    page = Paginator(home.numbers()[::-1], A_PAGE).get_page(request.GET.get("page"))
    told = {"page": page, "rows": rows_of(list(page)), "withheld": home.withheld.marks}
    return render(request, "editions/list.html", told)


def rows_of(numbers: list[int]) -> list[Row]:
    """The rows of a page; the edition before its last one is read for what changed."""
    home = opened.home()
    known, current = opened.of(home), home.current()
    before = known.before(numbers[-1]) if numbers else None
    manifests = [known.manifest(n) for n in [*numbers, *([before] if before else [])]]
    changes: list[Outline | None] = [compare.outline(earlier, later) for later, earlier in pairwise(manifests)]
    changes += [None] * (len(numbers) - len(changes))
    by = publish_now.publishers(numbers)
    names = history.names_of(by.values())
    return [
        Row(manifest, names.get(by.get(manifest.number, ""), ""), told, manifest.number == current)
        for manifest, told in zip(manifests, changes, strict=False)
    ][: len(numbers)]


@needs("publish")
def publish(request: HttpRequest) -> HttpResponse:
    """Publish now: the quality list, what changed since the last edition, then the act; it runs beside, and is watched here."""
    home = opened.home()
    form = forms.Publish(request.POST or None, initial={"seen": home.current() or 0})
    cases = quality.found(request)
    if request.method == "POST" and form.is_valid():
        try:
            publish_now.publish_now(home, by=request.user.pk, cases=cases, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said("The edition is being made. This page shows how far it is."))
            return redirect("publish_now")
    state = publish_now.state(home)
    told: dict[str, Any] = {"form": form, "cases": cases[:SHOWN], "count": len(cases), "left": unanswered(cases)}
    told |= {"state": state, "by": history.name_of(state.by) if state else "", "ahead": _ahead()}
    told["changed"] = _changed(request)
    return render(request, "editions/publish.html", told, status=422 if form.errors else 200)


def _ahead() -> dict[str, int]:
    """What the books hold that no edition shows yet: links of the chain, and changes of records."""
    number = opened.home().current()
    manifest = opened.of(opened.home()).manifest(number) if number else None
    links = post.head().position - (manifest.position if manifest else 0)
    return {"links": links, "number": number or 0}


def _changed(request: HttpRequest) -> dict[str, Any] | None:
    """What my newest preview would change of the current edition, counted; None without one that comes after it."""
    home = opened.home()
    current = home.current()
    for name, _, number in preview.listed(home, request.user.pk):
        known = preview.opened(home, name)
        if current is None or number != current + 1 or known is None:
            continue
        editions = opened.of(known[0])
        found = compare.changes(editions.get(current), editions.get(number))
        counted = (
            (said("Vouchers"), len(found.vouchers)),
            (said("Projects and funds"), len(found.activities)),
            (said("Approved budgets"), len(found.budgets)),
            (said("Documents"), len(found.documents)),
            (said("Words"), len(found.words)),
        )
        return {"name": name, "counts": [(label, count) for label, count in counted if count]}
    return None
