"""A preview: the public's own pages over an edition that nobody else sees, and whose links stay inside it."""

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve

from quipu.actions.publish import preview as make
from quipu.desk.drawing import address, said
from quipu.desk.editions import opened
from quipu.desk.rights import needs
from quipu.edition import preview
from quipu.edition.open import BeingMade
from quipu.portal.languages import MANNERS
from quipu.portal.views import missing, withheld

PUBLIC = "quipu.portal.urls"
_LINK = re.compile(r'(\s(?:href|action|src|data-suggest)=")(/[^"]*)')


@needs("read drafts")
def listed(request: HttpRequest) -> HttpResponse:
    """My previews of the last day, and the act that makes another one."""
    home = opened.home()
    if request.method == "POST" and "make" in request.POST:
        name, _ = make(home, by=request.user.pk, scopes=request.rights.reach("read drafts"))
        messages.success(request, said("This is what would go out now. Nobody else can read it."))
        return redirect(address("preview", name))
    return render(request, "editions/previews.html", {"previews": preview.listed(home, request.user.pk)})


@needs("read drafts")
def show(request: HttpRequest, name: str, rest: str | None = None) -> HttpResponse:
    """/desk/preview/<name>/…: a public page as it would be, for whoever made the preview alone."""
    return shown(request, name, rest or "/", address("preview", name))


def shown(request: HttpRequest, name: str, path: str, before: str) -> HttpResponse:
    """A page of one's own preview. path: of the public page; before: the address below which the preview is read."""
    known = preview.opened(opened.home(), name)
    if known is None or known[1]["by"] != request.user.pk:
        raise Http404(name)
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(
            f"{said('A preview can be read only.')}\n", status=405, content_type="text/plain; charset=utf-8"
        )
    return inside(_drawn(request, known[0], path), request, before)


def _drawn(request: HttpRequest, place: Any, path: str) -> HttpResponse:
    """The public's view of a page over the edition of a preview."""
    editions = opened.of(place)
    request.editions, request.edition = editions, editions.current()
    request.prefix, request.pinned, request.preview = request.words.before, False, True
    request.path_info = path
    order = withheld.order_of(request)
    if order is not None:
        return withheld.gone(request, order)
    try:
        found = resolve(path, PUBLIC)
        answer: HttpResponse = found.func(request, *found.args, **found.kwargs)
    except (Http404, Resolver404, ObjectDoesNotExist) as error:
        return missing.not_found(request, error)
    except BeingMade:
        return HttpResponse(status=503, headers={"Retry-After": "30"})
    return answer


def inside(answer: HttpResponse, request: HttpRequest, before: str) -> HttpResponse:
    """An answer whose links lead to pages of the preview, in whatever language; kept by nobody, indexed by nobody."""
    base = before[len(request.words.before) :]

    def led(path: str) -> str:
        manner, rest = "", path
        first = path.split("/", 2)[1]
        if first in MANNERS:
            manner, rest = f"/{first}", path[len(first) + 1 :] or "/"
        number = str(request.edition.number)
        rest = rest.removeprefix(f"/e/{number}") if re.match(rf"/e/{number}(?:/|$|\?)", rest) else rest
        if rest.startswith(("/static/", "/desk", "/e/", "//")):
            return path
        return f"{manner}{base}{rest or '/'}"

    if "Location" in answer:
        answer["Location"] = led(answer["Location"])
    if not answer.streaming and answer.get("Content-Type", "").startswith("text/html"):
        answer.content = _LINK.sub(lambda found: found[1] + led(found[2]), answer.content.decode()).encode()
    for name in ("ETag", "Last-Modified"):
        del answer[name]
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
