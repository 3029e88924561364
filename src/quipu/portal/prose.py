"""The texts of the footer: the operator's before ours, their Markdown as safe HTML, their placeholders filled in."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from quipu.edition.texts import PLACEHOLDER, Texts
from quipu.portal.languages import DEFAULT, LANGUAGES, Words
from quipu.rules.identity import slug

# Texts that stand on pages with more than them; every other one is a page below /about/.
ADDRESSES = {
    **{name: f"/{name}" for name in ("about", "contact", "feedback", "glossary")},
    "fraud": "/feedback/fraud",
}
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
HEADING = re.compile(r"<h([23])>(.*?)</h\1>")


@dataclass(frozen=True, slots=True)
class Told:
    """A text for a reader. lang: the language it is in, "" where it is the reader's own."""

    title: str
    body: Markup
    lang: str = ""


def address(name: str) -> str:
    """Where a text stands."""
    return ADDRESSES.get(name, f"/about/{name}")


def told(name: str, said: Texts, words: Words, site: str, at: Callable[[str], str] = str) -> Told | None:
    """A text, None where there is none. at: makes an address of this site one of this language and edition."""
    found = _source(name, said, words.language)
    if found is None:
        return None
    markdown, language = found
    filled = PLACEHOLDER.sub(lambda match: _filled(match[1], said, words, site) or match[0], markdown)
    title, _, rest = filled.lstrip().partition("\n")
    if not title.startswith("# "):
        title, rest = name.replace("-", " ").capitalize(), filled
    body = Markup(_html(rest, at))  # noqa: S704 - rendered from the operator's Markdown with raw HTML switched off
    return Told(title.lstrip("# ").strip(), body, "" if language == words.language else language)


def added(said: Texts, language: str) -> list[tuple[str, str]]:
    """(address, title) of the pages that the operator adds to ours, by title."""
    names = {name for _, name in said.pages if name not in ADDRESSES and not _ours(name, DEFAULT)}
    found = ((address(name), _title(name, said, language)) for name in names)
    return sorted(found, key=lambda page: page[1].casefold())


def _title(name: str, said: Texts, language: str) -> str:
    found = _source(name, said, language)
    first = found[0].lstrip().partition("\n")[0] if found else ""
    return first[2:].strip() if first.startswith("# ") else name.replace("-", " ").capitalize()


def _source(name: str, said: Texts, language: str) -> tuple[str, str] | None:
    """Markdown and its language. The operator's own words come first, in whatever language they are."""
    if not NAME.fullmatch(name):
        return None
    for wanted in dict.fromkeys((language, DEFAULT, *LANGUAGES)):
        if (wanted, name) in said.pages:
            return said.pages[wanted, name], wanted
    for wanted in dict.fromkeys((language, DEFAULT)):
        if ours := _ours(name, wanted):
            return ours, wanted
    return None


@cache
def _ours(name: str, language: str) -> str:
    path = files("quipu.portal").joinpath("texts", language, f"{name}.md")
    return path.read_text("utf-8") if path.is_file() else ""


def _filled(placeholder: str, said: Texts, words: Words, site: str) -> str:
    """What stands for a word in braces, as Markdown; "" for one that is none."""

    def of(name: str) -> str:
        return said.setting(name, words.language)

    match placeholder:
        case "site":
            return site
        case "operator":
            return of("operator") or words.gettext("the office that runs this site")
        case "licence":
            return of("licence") or words.gettext("Each source keeps the licence that its publisher gave it.")
        case "investigation":
            lines = [line.strip() for line in of("investigation").splitlines() if line.strip()]
            return _listed(lines) or words.gettext(
                "No investigation office is named here yet. That of the organization concerned stands on its own site."
            )
        case "reach":
            lines = [line.strip() for line in of("address").splitlines() if line.strip()]
            lines = ["  \n".join(lines)] if lines else []
            lines += [each for name in ("mail", "telephone") for each in [of(name)] if each]
            return _listed(lines) or words.gettext("The office has not entered an address here yet.")
    return ""


def _listed(lines: Iterable[str]) -> str:
    return "\n".join("- " + _mail(line).replace("\n", "\n  ") for line in lines)


def _mail(line: str) -> str:
    """A mail address alone becomes a link."""
    return f"<{line}>" if re.fullmatch(r"[^\s<>@]+@[^\s<>@]+\.[a-zA-Z]+", line) else line


def narrative(markdown: str, at: Callable[[str], str]) -> Markup:
    """A piece of narrative within a page: the same Markdown, its headings below those of the page."""
    render, tokens = _tokens(markdown, at)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + 3, 6)}"
    return Markup(render.renderer.render(tokens, render.options, {}))  # noqa: S704 - raw HTML is switched off


def _html(markdown: str, at: Callable[[str], str]) -> str:
    """HTML without raw HTML and without pictures; every heading can be linked to, a page has one heading of the first rank."""
    render, tokens = _tokens(markdown, at)
    for token in tokens:
        if token.type in ("heading_open", "heading_close") and token.tag == "h1":
            token.tag = "h2"
    html: str = render.renderer.render(tokens, render.options, {})
    return HEADING.sub(lambda m: f'<h{m[1]} id="{slug(m[2])}">{m[2]}</h{m[1]}>', html)


def _tokens(markdown: str, at: Callable[[str], str]) -> tuple[Any, Any]:
    render = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    tokens = render.parse(markdown)
    for token in tokens:
        for link in token.children or ():
            if link.type == "link_open":
                _lead(link, at)
    return render, tokens


def _lead(link: Any, at: Callable[[str], str]) -> None:
    href = str(link.attrGet("href") or "")
    if href.startswith("/") and not href.startswith("//"):
        link.attrSet("href", at(href))
    elif not href.startswith(("#", "mailto:", "tel:")):
        link.attrSet("rel", "noopener noreferrer")
