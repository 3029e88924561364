"""Public documents as a source of an edition: what lies in HOME/documents, each file with a YAML beside it.

A file that did not change since it was looked at is not read again. What is taken in is kept by its hash, once and for
good, so that an edition serves it also when the office has removed it from the folder.
"""

import hashlib
import json
import os
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from quipu.edition import extract, pages
from quipu.edition.code import mark, reader
from quipu.edition.home import Home, HomeError, write_atomically
from quipu.edition.open import Edition
from quipu.edition.parts import Spool
from quipu.iati.read import Report
from quipu.rules import contents, filing, record
from quipu.rules.filing import FORMS, Said, Value
from quipu.rules.findings import DOCUMENT_RULES, ERROR, Finding

LARGEST_MB = 50  # megabytes of one document, unless QUIPU_DOCUMENT_MB says otherwise
LARGEST_YAML = 64 << 10
MOST_BRACKETS = 500  # in a YAML: the time to read it grows with their square
AT_ONCE = 2  # documents whose words are read side by side
PIECE = 1 << 20
SHORTEST_HASH = 12  # of a document's hash, where it is cut short: in an address, behind supersedes
YAMLS = (".yaml", ".yml")
NAME = "documents"  # of the source
# Published without what is wrong; any other error leaves the document out.
PUBLISHED_STILL = ("document-subject-unknown", "document-supersedes")
_SHA = re.compile(r"[0-9a-f]{64}")
_words_lock = threading.Lock()


@dataclass(slots=True)
class Lying:
    """What lies in the folder under one name. sha256: "" for what is not public or was not read to its end."""

    file: str  # its path in the folder; the YAML's where it stands alone
    beside: str = ""  # the YAML's path
    sha256: str = ""
    bytes: int = 0
    said: Said = field(default_factory=Said)
    findings: list[Finding] = field(default_factory=list)
    path: str = ""  # where its bytes lie, for what lies in no folder of the office's

    @property
    def is_public(self) -> bool:
        """Whether the office wants it published and nothing stands against it."""
        return self.said.is_public and bool(self.sha256) and not any(map(_leaves_out, self.findings))


def _leaves_out(finding: Finding) -> bool:
    return finding.severity == ERROR and finding.rule not in PUBLISHED_STILL


# What lies there


def look(home: Home, *, today: date | None = None) -> list[Lying]:
    """Everything in HOME/documents with what is wrong with it, by path. Reads only what changed since the last look.

    Raises HomeError where the home cannot be written. today: None leaves out what depends on the day.
    """
    home.prepare()
    largest = _largest()
    pairs = list(_pairs(home.documents))
    known = _known(home)
    found: dict[str, Lying] = {}
    stamps = {one.file: _stamp(str(home.documents), one, largest) for one in pairs}
    anew = []
    for one in pairs:
        before = known.get(one.file)
        if before and stamps[one.file] and before["stamp"] == stamps[one.file] and not one.findings:
            found[one.file] = _of_plain(before["lying"])
        else:
            anew.append(one)
    with ThreadPoolExecutor(AT_ONCE) as some:
        for looked in some.map(lambda one: _look(home, one, largest), anew):
            found[looked.file] = looked
    lying = [found[one.file] for one in pairs]
    if anew or len(known) != len(pairs):
        hide = home.withheld.redacted
        kept = {one.file: {"stamp": stamps[one.file], "lying": asdict(one)} for one in lying if _is_plain(one, hide)}
        write_atomically(_memory(home), json.dumps(kept))
    _together(lying)
    for one in lying:
        if today and filing.is_later(one.said, today):
            one.findings.append(Finding("document-later", one.beside, one.said.on))
    return lying


def _is_plain(one: Lying, hide: Callable[[str], str]) -> bool:
    """Whether nothing of it holds a name that is withheld: what does is looked at each time, and remembered nowhere."""
    told = [one.file, one.beside, *one.said.titles.values(), *one.said.descriptions.values(), *map(str, one.findings)]
    return all(hide(text) == text for text in told)


def _largest() -> int:
    """How many bytes a document may have. Raises HomeError for a setting that is no number."""
    said = os.environ.get("QUIPU_DOCUMENT_MB", "") or str(LARGEST_MB)
    if not said.isdecimal() or int(said) == 0:
        raise HomeError(f"QUIPU_DOCUMENT_MB must be a whole number above zero, not “{said}”.")
    return int(said) << 20


def _memory(home: Home) -> Path:
    """What was looked at before, by this program."""
    return home.cache / f"documents-{mark('quipu.rules', 'quipu.edition')}.json"


def _known(home: Home) -> dict[str, Any]:
    try:
        known: dict[str, Any] = json.loads(_memory(home).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known


def _of_plain(plain: dict[str, Any]) -> Lying:
    said = Said(**plain["said"])
    said.about = [(kind, name) for kind, name in said.about]
    return Lying(**{**plain, "said": said, "findings": [Finding(**each) for each in plain["findings"]]})


def _stamp(folder: str, one: Lying, largest: int) -> list[int]:
    """What changes when a file or its YAML does; [] for what is always looked at again."""
    stamp = [largest]
    for name in (one.file, one.beside):
        if name:
            try:
                at = os.stat(f"{folder}/{name}")
            except OSError:
                return []
            stamp += [at.st_ino, at.st_size, at.st_mtime_ns, at.st_ctime_ns]
    return stamp


def _pairs(folder: Path) -> Iterator[Lying]:
    """Each file with the YAML that is named after it: FILE.yaml, or, where only one file is called so, NAME.yaml."""
    paths: list[str] = []
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        within = "" if Path(where) == folder else f"{Path(where).relative_to(folder).as_posix()}/"
        paths += [within + name for name in names if not name.startswith((".", "~"))]
    for path in sorted(path for path in paths if not path.isprintable()):  # no address and no header can hold it
        shown = path.encode("utf-8", "replace").decode()
        yield Lying(shown, findings=[Finding("document-unreadable", shown, "its name")])
    paths = [path for path in paths if path.isprintable()]
    yamls = {path for path in paths if path.lower().endswith(YAMLS)}
    files = sorted(set(paths) - yamls)
    stems = Counter(_stem(file) for file in files)
    used: set[str] = set()
    for file in files:
        named = [path for path in (f"{base}{end}" for base in (file, _stem(file)) for end in YAMLS) if path in yamls]
        used |= set(named)
        one = Lying(file, named[0] if named else "")
        if len(named) > 1 or (named and named[0].rpartition(".")[0] != file and stems[_stem(file)] > 1):
            one.findings.append(Finding("document-unclear", file, ", ".join(named)))
        yield one
    for alone in sorted(yamls - used):
        yield Lying(alone, alone, findings=[Finding("document-missing", alone)])


def _stem(path: str) -> str:
    stem, dot, end = path.rpartition(".")
    return stem if dot and "/" not in end else path


def _look(home: Home, one: Lying, largest: int) -> Lying:
    """One file and its YAML, looked at for the first time, or again where it is not clear what belongs to it."""
    if one.findings:
        return one
    path = home.documents / one.file
    if not one.beside:
        if not _SHA.match(Path(one.file).name):  # papers for the auditors' pack lie here under their hash
            one.findings.append(Finding("document-alone", one.file))
        return one
    keys, lines, trouble = _yaml(home.documents / one.beside)
    if trouble:
        one.findings.append(Finding("document-yaml", filing.place(one.beside, lines.get("", 0)), trouble))
        return one
    one.said, one.findings = filing.read(keys, lines, one.beside)
    try:
        one.findings += _faults(path, one, largest)
        if one.said.is_public and not any(map(_leaves_out, one.findings)):
            one.sha256 = _hash(path)
            if one.sha256 in home.withheld.documents:
                one.said.titles, one.said.descriptions = {}, {}
                one.findings.append(Finding("document-withheld", one.file))
            else:
                one.findings += _words(home, path, one)
    except OSError:
        one.findings.append(Finding("document-unreadable", one.file))
    return one


def _yaml(path: Path) -> tuple[dict[str, Value], dict[str, int], str]:
    """(keys, the line of each, what is wrong). Values stay as they are written: "no" is a language and 2012 a date."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST_YAML:
            return {}, {}, "a link, or too long to be one"
        text = path.read_text("utf-8-sig")
        if text.count("[") + text.count("{") > MOST_BRACKETS:
            return {}, {}, "it is nested too deep"
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            return {}, {}, "an anchor is used"
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except UnicodeDecodeError:
        return {}, {}, "it is not UTF-8"
    except OSError:
        return {}, {}, "it cannot be opened"
    except RecursionError:
        return {}, {}, "it is nested too deep"
    except yaml.YAMLError as error:
        at = getattr(error, "problem_mark", None)
        return {}, {"": at.line + 1} if at else {}, str(getattr(error, "problem", None) or "it is no YAML")
    if not isinstance(node, yaml.MappingNode):
        return {}, {}, "it holds no keys"
    lines: dict[str, int] = {}
    for key, _ in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
        if name in lines or not name:
            return {}, {"": key.start_mark.line + 1}, f"“{name}” stands twice" if name else "a key is no word"
        lines[name] = key.start_mark.line + 1
    value = _value(node)
    assert isinstance(value, dict)
    return value, lines, ""


def _value(node: Any) -> Value:
    if isinstance(node, yaml.MappingNode):
        return {str(getattr(key, "value", "")): _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    return "" if node.tag.endswith(":null") else str(node.value)


def _faults(path: Path, one: Lying, largest: int) -> Iterator[Finding]:
    """What is wrong with the file itself, without reading all of it."""
    if path.is_symlink() or not path.is_file():
        yield Finding("document-unreadable", one.file)
        return
    one.bytes = path.stat().st_size
    form = filing.form_of(one.file)
    if not form:
        yield Finding("document-form", one.file, f"kinds are {', '.join(FORMS)}")
    elif one.bytes > largest:
        yield Finding("document-too-large", one.file, f"{one.bytes:,} bytes; at most {largest:,}")
    elif not contents.is_of(path, form):
        yield Finding("document-content", one.file)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _words(home: Home, path: Path, one: Lying) -> Iterator[Finding]:
    """Reads the words of a document that is seen for the first time, and keeps them."""
    form, kept = filing.form_of(one.file), home.words(one.sha256, extract.VERSION)
    if not FORMS[form].has_words or (kept.is_file() and kept.stat().st_size):
        return
    found = extract.words(path, form)
    if found.is_broken:
        yield Finding("document-broken", one.file)
        return
    _keep_words(home, one.sha256, found.text)
    if found.is_cut:
        yield Finding("document-words", one.file)
    elif not found.text:
        yield Finding("document-no-words", one.file)


def kept_elsewhere(home: Home, path: Path, name: str, sha256: str, said: Said) -> Lying:
    """A document whose bytes lie under their hash somewhere else; name: what its file is called. Reads its words once."""
    one = Lying(f"{sha256[:SHORTEST_HASH]}/{name}", sha256=sha256, bytes=path.stat().st_size, said=said, path=str(path))
    if sha256 in home.withheld.documents:  # it was taken down, and its bytes do not come back either
        one.said.titles, one.said.descriptions = {}, {}
        one.findings.append(Finding("document-withheld", one.file))
    elif not home.words(sha256, extract.VERSION).is_file():
        one.findings += _words(home, path, one)
    return one


def together(lying: list[Lying], others: list[Lying]) -> list[Lying]:
    """Documents of two places as one list: the same file is one document, about all that either place names."""
    first = {one.sha256: one for one in lying if one.is_public}
    found = list(lying)
    for other in others:
        if other.sha256 in first and other.is_public:
            said = first[other.sha256].said
            said.about = list(dict.fromkeys([*said.about, *other.said.about]))
            said.supersedes = said.supersedes or other.said.supersedes
        else:
            found.append(other)
            first.setdefault(other.sha256, other)
    return found


def _together(lying: list[Lying]) -> None:
    """What shows only when all are seen: the same file twice, and which document takes the place of which."""
    first: dict[str, str] = {}
    for one in lying:
        if one.is_public:
            if one.sha256 in first:
                one.findings.append(Finding("document-twice", one.file, first[one.sha256]))
            first.setdefault(one.sha256, one.file)
    by_name = {file: sha for sha, file in first.items()}
    for one in lying:
        wanted = one.said.supersedes
        if wanted and one.is_public:
            near = f"{one.file.rpartition('/')[0]}/{wanted}".lstrip("/")
            hashes = [sha for sha in first if len(wanted) >= SHORTEST_HASH and sha.startswith(wanted.lower())]
            earlier = by_name.get(near) or by_name.get(wanted) or (hashes[0] if len(hashes) == 1 else "")
            if not earlier and _SHA.fullmatch(wanted.lower()):
                earlier = wanted.lower()  # it lies here no more; earlier editions may hold it
            if not earlier or earlier == one.sha256:
                one.findings.append(Finding("document-supersedes", filing.place(one.beside, 0, "supersedes"), wanted))
                earlier = ""
            one.said.supersedes = earlier


def check(edition: Edition, lying: list[Lying]) -> None:
    """Adds what an edition does not hold of what public documents are about to their findings."""
    for one in lying:
        for kind, name in one.said.about if one.is_public else ():
            if not _holds(edition, kind, name):
                place = filing.place(one.beside, 0, "about")
                one.findings.append(Finding("document-subject-unknown", place, f"{kind} {name}"))


def _holds(edition: Edition, kind: str, name: str) -> bool:
    """Whether something is called so; 25_filed.sql says which it is."""
    if kind == "voucher":
        return bool(edition.rows("SELECT 1 FROM vouchers WHERE reference = ? LIMIT 1", [name]))
    known = (
        "SELECT 1 FROM accounts WHERE kind = ? AND code = ? UNION ALL SELECT 1 FROM funds WHERE identifier = ? LIMIT 1"
    )
    return bool(edition.rows(known, [kind, name, name]) or pages.find(edition, name))


# What is taken in


def make(home: Home, lying: list[Lying], read: Callable[[str, int], None]) -> list[dict[str, Any]]:
    """The public documents as a source, as `parts.make` answers for a file; none where there is no public document.

    A document that changed since it was looked at is left out, with a finding.
    """
    for one in lying:
        if one.is_public and not _kept(home, one):
            one.findings.append(Finding("document-changing", one.file))
    taken = sorted((one for one in lying if one.is_public), key=lambda one: one.sha256)
    if not taken:
        return []
    rows = [(table, list(row)) for one in taken for table, row in _rows(one)]
    digest = hashlib.sha256(json.dumps(rows).encode()).hexdigest()
    size = sum(one.bytes for one in taken)
    report = Report(NAME, digest, bytes=size, stored=size)
    read(NAME, 0)
    return [{**asdict(report), "findings": {}, "parts": _parts(home, digest, rows), "documents": len(taken)}]


def _kept(home: Home, one: Lying) -> bool:
    """Puts the bytes where they stay, if they are not there; False where they are not those that were looked at."""
    place = home.document(one.sha256, filing.form_of(one.file))
    if place.exists():
        return True
    arriving = place.with_name(f".{place.name}.{os.getpid()}")
    digest = hashlib.sha256()
    try:
        with Path(one.path or home.documents / one.file).open("rb") as source, arriving.open("wb") as copy:
            for piece in iter(lambda: source.read(PIECE), b""):
                digest.update(piece)
                copy.write(piece)
            os.fsync(copy.fileno())
        if digest.hexdigest() == one.sha256:
            arriving.replace(place)
            return True
    except OSError:
        pass
    arriving.unlink(missing_ok=True)
    return False


def _rows(one: Lying) -> Iterator[tuple[str, tuple[Any, ...]]]:
    said, form = one.said, FORMS[filing.form_of(one.file)]
    name = one.file.rpartition("/")[2]
    yield (
        "filed",
        record.Filed(
            one.sha256,
            name,
            form.media,
            one.bytes,
            said.type,
            said.on,
            " ".join(said.languages),
            said.version,
            said.supersedes,
        ),
    )
    for role, texts in (("title", said.titles), ("description", said.descriptions)):
        for language, text in texts.items():
            yield "filed_texts", record.FiledText(one.sha256, role, language, text)
    for n, (kind, subject) in enumerate(said.about, 1):
        yield "filed_about", record.FiledAbout(one.sha256, n, kind, subject)


def _parts(home: Home, digest: str, rows: list[tuple[str, list[Any]]]) -> list[dict[str, Any]]:
    """The rows as parts, found again where the same documents were taken in before."""
    remembered = home.cache / "documents" / f"{digest}-{reader()}.json"
    if remembered.is_file():
        known: list[dict[str, Any]] = json.loads(remembered.read_text("utf-8"))
        if all(home.part(part["sha256"]).is_file() for part in known):
            return known
    with home.working("spool") as folder:
        spool = Spool(Path(folder))
        for table, row in rows:
            spool.add(table, tuple(row))
        made = [asdict(part) for part in spool.seal(home)]
    remembered.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(remembered, json.dumps(made))
    return made


# What is read


def stored(home: Home, sha256: str) -> Path | None:
    """The bytes of a document that some edition took in; None where there are none."""
    if not _SHA.fullmatch(sha256):
        return None
    return next((path for form in FORMS if (path := home.document(sha256, form)).is_file()), None)


def text(home: Home, sha256: str) -> str:
    """The words of a document that some edition took in, "" where there are none; read again where the cache is gone."""
    if not _SHA.fullmatch(sha256):
        return ""
    with _words_lock:
        try:
            return home.words(sha256, extract.VERSION).read_text("utf-8")
        except FileNotFoundError:
            path = stored(home, sha256)
            form = filing.form_of(path.name) if path else ""
            if path is None or not FORMS[form].has_words:
                return ""
            found = extract.words(path, form).text
            _keep_words(home, sha256, found)
            return found


def _keep_words(home: Home, sha256: str, found: str) -> None:
    place = home.words(sha256, extract.VERSION)
    place.parent.mkdir(parents=True, exist_ok=True)
    arriving = place.with_name(f".{place.name}.{os.getpid()}-{threading.get_ident()}")
    arriving.write_text(found, "utf-8")  # a cache: what is lost with the power is read again
    arriving.replace(place)


assert set(PUBLISHED_STILL) <= set(DOCUMENT_RULES)
