"""The operator's texts: glossary, scam alert, disclosure and the rest of the footer; HOME/texts comes before ours."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from markdown_it import MarkdownIt
from markupsafe import Markup

from quipu.portal.languages import DEFAULT
from quipu.portal.render import respond
from quipu.rules.identity import slug

ADDRESSES = {
    "about": "about",
    "glossary": "glossary",
    "about/scam-alert": "scam-alert",
    "about/disclosure": "disclosure",
    "about/accessibility": "accessibility",
}
HEADING = re.compile(r"<h([23])>(.*?)</h\1>")


def show(request: HttpRequest, name: str) -> HttpResponse:
    """/glossary, /about/scam-alert and the like, in the reader's language or in English."""
    if name not in ADDRESSES:
        raise Http404(name)
    return respond(request, "text.html", told=told(request, ADDRESSES[name]))


@dataclass(frozen=True, slots=True)
class Told:
    """A text as a page shows it; lang: where it is not the reader's."""

    title: str
    body: Markup
    lang: str


def told(request: HttpRequest, name: str) -> Told:
    """The text of that name, in the reader's language or in English."""
    found, language = _source(name, request.words.language)
    title = found.partition("\n")[0].lstrip("# ").strip()
    body = Markup(_html(found))  # noqa: S704 - rendered from the operator's Markdown with raw HTML switched off
    return Told(title, body, "" if language == request.words.language else language)


def _source(name: str, language: str) -> tuple[str, str]:
    for wanted in dict.fromkeys((language, DEFAULT)):
        own = Path(settings.HOME) / "texts" / wanted / f"{name}.md"
        if own.is_file():
            return own.read_text("utf-8"), wanted
        ours = files("quipu.portal").joinpath("texts", wanted, f"{name}.md")
        if ours.is_file():
            return ours.read_text("utf-8"), wanted
    raise Http404(name)


@cache
def _html(markdown: str) -> str:
    """HTML without raw HTML; every heading can be linked to."""
    body = MarkdownIt("commonmark", {"html": False}).render(markdown)
    body = re.sub(r"^<h1>.*?</h1>\n?", "", body)
    return HEADING.sub(lambda m: f'<h{m[1]} id="{slug(m[2])}">{m[2]}</h{m[1]}>', body)
