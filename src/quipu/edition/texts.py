"""The operator's texts as a source of an edition: pages in Markdown, what the site says of itself, labels a fund changed.

HOME/texts/<language>/<name>.md    a page, in place of ours or beside them
HOME/texts/site.toml               name, operator, address … and [es], [fr] where they differ
HOME/texts/labels.toml             [<fund>.<language>] with key of a term = "label"

An edition keeps the files as they stood; what is wrong with them is found when it is made, and left out when it is read.
"""

import hashlib
import json
import os
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from quipu.edition.engine import connect, quoted
from quipu.edition.home import Home
from quipu.edition.open import Edition
from quipu.edition.parts import Spool
from quipu.iati.read import Report
from quipu.rules.findings import severity
from quipu.rules.languages import LANGUAGES
from quipu.rules.terms import TERMS

LARGEST = 256 << 10  # bytes of one file
LONGEST_SETTING = 2_000  # characters
LONGEST_LABEL = 60
SITE, LABELS = "site.toml", "labels.toml"
SETTINGS = ("name", "operator", "address", "mail", "telephone", "investigation", "licence")
PLACEHOLDERS = ("site", "operator", "reach", "investigation", "licence")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_PAGE = re.compile(r"([a-z]{2})/([a-z0-9]+(?:-[a-z0-9]+)*)\.md")

Labels = dict[str, dict[str, dict[str, str]]]  # fund → language → key of a term → label
Found = Callable[[str, int, str], None]  # rule, line, detail


@dataclass(frozen=True, slots=True)
class Texts:
    """All that an operator says. pages: Markdown by (language, name). site: settings by language, "" for all of them."""

    pages: Mapping[tuple[str, str], str] = field(default_factory=dict)
    site: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    labels: Labels = field(default_factory=dict)

    def setting(self, name: str, language: str) -> str:
        """A setting in a language, else the one for all languages; "" where there is none."""
        return self.site.get(language, {}).get(name) or self.site.get("", {}).get(name, "")


def of(edition: Edition) -> Texts:
    """The texts as they stood when the edition was made."""
    if "texts" not in edition.memo:
        rows = edition.rows("SELECT path, body FROM operator_texts")
        edition.memo["texts"] = read(dict(rows), lambda *_: None)
    found: Texts = edition.memo["texts"]
    return found


def labels_of(edition: Edition, fund: str, language: str) -> dict[str, str]:
    """What a fund, given by its identifier, calls things: labels by the key of a term."""
    found: dict[str, str] = {}
    for name, spoken in of(edition).labels.items():
        if language in spoken and identifier_of(edition, name) == fund:
            found |= spoken[language]
    return found


def identifier_of(edition: Edition, fund: str) -> str:
    """The identifier of a fund that is named by it, or by the code of its books."""
    if "fund codes" not in edition.memo:
        codes = edition.rows(
            "SELECT c.code, a.identifier FROM accounts c JOIN activities a USING (key) WHERE c.kind = 'fund'"
        )
        edition.memo["fund codes"] = dict(codes)
    return str(edition.memo["fund codes"].get(fund, fund))


def make(home: Home, sources: list[dict[str, Any]], funds: list[str]) -> dict[str, Any] | None:
    """The texts of a home as a source, as `parts.make` answers for a file; None where there are none.

    sources: what labels may name a fund of; funds: those that the operator lists.
    """
    files: dict[str, str] = {}
    findings: list[tuple[int, str, str]] = []

    def found(rule: str, line: int, detail: str) -> None:
        findings.append((line, rule, detail))

    for path, body in _files(home.root / "texts", found):
        files[path] = body
    texts = read(files, found)
    for fund in sorted(set(texts.labels) - set(funds) - _known(home, sources, sorted(texts.labels))):
        found("label-fund", 0, f"{LABELS}: [{fund}]")
    if not files and not findings:
        return None
    whole = json.dumps(files, sort_keys=True).encode()
    report = Report("texts", hashlib.sha256(whole).hexdigest(), len(whole), len(whole))
    report.findings = Counter(severity(rule) for _, rule, _ in findings)
    with home.working("spool") as folder:
        spool = Spool(Path(folder))
        for path, text in sorted(files.items()):
            spool.add("operator_texts", (path, text))
        for ordinal, (line, rule, detail) in enumerate(sorted(findings), 1):
            spool.add("findings", (ordinal, line, "", rule, severity(rule), detail))
        made = [asdict(part) for part in spool.seal(home)]
    return {**asdict(report), "findings": dict(report.findings), "parts": made, "kind": "texts"}


def _files(folder: Path, found: Found) -> Iterator[tuple[str, str]]:
    """(path below the folder, text) of every file that is read; what is hidden is nobody's business."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "replace")
        if any(part.startswith(".") for part in name.split("/")):
            continue
        page = _PAGE.fullmatch(name)
        if name not in (SITE, LABELS) and not (page and page[1] in LANGUAGES):
            found("texts-misplaced", 0, name)
            continue
        try:
            if path.stat().st_size > LARGEST:
                found("texts-too-large", 0, name)
                continue
            text = path.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            found("texts-unreadable", 0, name)
            continue
        if "\0" in text:
            found("texts-unreadable", 0, name)
        elif text.strip():
            yield name, text.replace("\r\n", "\n").replace("\r", "\n")


def _known(home: Home, sources: list[dict[str, Any]], funds: list[str]) -> set[str]:
    """Those of the names that an activity bears, or a fund of the books."""
    if not funds:
        return set()
    named = ", ".join(map(quoted, funds))
    engine, known = connect(), set()
    for table, column, condition in (("activities", "identifier", "true"), ("accounts", "code", "kind = 'fund'")):
        paths = [home.part(p["sha256"]) for source in sources for p in source["parts"] if p["table"] == table]
        if paths:
            rows = engine.execute(
                f"SELECT DISTINCT {column} FROM read_parquet([{', '.join(map(quoted, paths))}])"
                f" WHERE {condition} AND {column} IN ({named})"
            ).fetchall()
            known |= {name for (name,) in rows}
    engine.close()
    return known


def read(files: Mapping[str, str], found: Found) -> Texts:
    """What the files say. found is told of all that is left out, and why."""
    pages: dict[tuple[str, str], str] = {}
    for path, body in sorted(files.items()):
        if match := _PAGE.fullmatch(path):
            pages[match[1], match[2]] = body
            _check_placeholders(path, body, found)
    return Texts(pages, _site(files.get(SITE, ""), found), _labels(files.get(LABELS, ""), found))


def _check_placeholders(path: str, body: str, found: Found) -> None:
    for number, line in enumerate(body.splitlines(), 1):
        for word in PLACEHOLDER.findall(line):
            if word not in PLACEHOLDERS:
                found("texts-placeholder", number, f"{path}: {{{word}}}")


def _toml(path: str, body: str, found: Found) -> dict[str, Any]:
    try:
        return tomllib.loads(body)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found("texts-settings", 0, f"{path}: {error}")
        return {}


def _site(body: str, found: Found) -> dict[str, dict[str, str]]:
    site: dict[str, dict[str, str]] = {}
    told = _toml(SITE, body, found)
    plain = {name: value for name, value in told.items() if not isinstance(value, dict)}
    for language, settings in (
        ("", plain),
        *((name, value) for name, value in told.items() if isinstance(value, dict)),
    ):
        if language and language not in LANGUAGES:
            found("texts-setting", 0, f"{SITE}: [{language}]")
            continue
        for name, value in settings.items():
            said = "\n".join(map(str, value)) if name == "investigation" and isinstance(value, list) else value
            if name in SETTINGS and isinstance(said, str) and 0 < len(said.strip()) <= LONGEST_SETTING:
                site.setdefault(language, {})[name] = said.strip()
            else:
                found("texts-setting", 0, f"{SITE}: {name}")
    return site


def _labels(body: str, found: Found) -> Labels:
    labels: Labels = {}
    for fund, spoken in _toml(LABELS, body, found).items():
        for language, said in spoken.items() if isinstance(spoken, dict) else [("", None)]:
            if language not in LANGUAGES or not isinstance(said, dict):
                found("label-language", 0, f"{LABELS}: [{fund}.{language}]")
                continue
            for key, label in said.items():
                place = f"{LABELS}: [{fund}.{language}] {key}"
                if key not in TERMS:
                    found("label-term", 0, place)
                elif not isinstance(label, str) or not label.strip() or len(label) > LONGEST_LABEL or "\n" in label:
                    found("label-odd", 0, place)
                else:
                    labels.setdefault(fund, {}).setdefault(language, {})[key] = label.strip()
    return labels
