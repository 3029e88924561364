"""Harmless: whether a file that somebody handed in can be served, found out in a process of its own, with limits.

Pictures are drawn anew, so that nothing but the picture is left. Every other file is taken as it is or refused with
the reason: nobody's signature is broken, and the hash is that of the file on the editor's own disk.
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.parsers import expat

from quipu.rules import contents
from quipu.rules.filing import FORMS
from quipu.rules.findings import ERROR, Finding

MEMORY = 768 << 20  # of the process
SECONDS = 20  # of computing; by the clock, half as many again
PIXELS = 60_000_000  # of a picture
PARTS = 5_000  # files in a packed one
UNPACKED = 400 << 20  # bytes of all of them
RATIO, SMALL = 200, 8 << 20  # unpacked to packed; below SMALL bytes nobody asks
OBJECTS = 400_000  # of a PDF
AROUND = 1_024  # bytes after a PDF's end
PICTURES = ("png", "jpg", "webp")


@dataclass(slots=True)
class Looked:
    """What was found. path: of the bytes to keep, the file itself or one drawn anew; offered: what the file says of itself."""

    form: str = ""
    path: Path | None = None
    findings: list[Finding] = field(default_factory=list)
    offered: dict[str, Any] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        """Whether it is not taken."""
        return any(finding.severity == ERROR for finding in self.findings)


def look(path: Path, name: str, folder: Path, most: int) -> Looked:
    """Looks at a file. name: as it was handed in. folder: where one that is drawn anew is put; most: its bytes at most.

    Never raises for what the file holds, and never takes longer than the limits.
    """
    source = str(Path(__file__).parents[2])
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as made:
        out = Path(made.name)
    command = [sys.executable, "-P", "-m", "quipu.actions.harmless", str(path.absolute()), name, str(out), str(most)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module; the environment holds no settings, so no passwords
            command,
            env={"PYTHONPATH": source, "PYTHONUTF8": "1", "PATH": os.environ.get("PATH", "")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS * 1.5,
            check=False,
        )
        told = json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        told = None
    if told is None:
        out.unlink()
        return Looked(findings=[Finding("document-unexamined", "file")])
    looked = Looked(told["form"], None, [Finding(*each) for each in told["findings"]], told["offered"])
    if looked.is_refused or not out.stat().st_size:
        out.unlink()
    if not looked.is_refused:
        looked.path = out if out.exists() else path
    return looked


# What the process does


class No(Exception):
    """The file is not taken."""

    def __init__(self, rule: str, detail: str = "") -> None:
        super().__init__(rule)
        self.finding = Finding(rule, "file", detail)


def examine(path: Path, name: str, out: Path) -> Looked:
    """Looks at a file, in this very process."""
    looked = Looked()
    try:
        if not path.stat().st_size:
            raise No("document-empty")
        looked.form = contents.form_by(path, name)
        if not looked.form:
            raise No("document-form", _kind(path) or f"kinds are {', '.join(FORMS)}")
        if looked.form in PICTURES:
            _picture(path, looked, out)
        elif looked.form == "pdf":
            _pdf(path, looked)
        elif looked.form in ("txt", "csv"):
            _plain(path)
        else:
            _packed(path, looked)
        end = name.rpartition(".")[2].lower()
        if end != looked.form and not (end == "jpeg" and looked.form == "jpg"):
            looked.findings.append(Finding("document-named", "file", looked.form.upper()))
    except No as no:
        looked.findings.append(no.finding)
    return looked


def _kind(path: Path) -> str:
    """What a file seems to be that is not taken."""
    import puremagic  # noqa: PLC0415 - only where it is needed, and inside the limits

    try:
        return str(puremagic.from_file(str(path), mime=True))
    except (puremagic.PureError, ValueError, OSError):
        return ""


# Text

_MARKUP = re.compile(rb"<(!doctype|html|head|body|script|iframe|svg|\?xml|\?php|object|embed)[\s>/]", re.I)
_COMMANDS = re.compile(rb"(^|[,;\t\"\n])[=+@-]\s*(cmd|dde|msexcel|powershell)[^,;\n]{0,40}[|(]", re.I)


def _plain(path: Path) -> None:
    """A text that a browser would take for a page is none, and a table's cells are no commands."""
    with path.open("rb") as file:
        if _MARKUP.search(file.read(4_096)):
            raise No("document-two", "HTML")
        file.seek(0)
        before = b""
        while piece := file.read(1 << 20):
            if b"\0" in piece:
                raise No("document-broken")
            if _COMMANDS.search(before + piece):
                raise No("document-active", "a command in a cell")
            before = piece[-200:]
    if zipfile.is_zipfile(path):
        raise No("document-two", "ZIP")


# PDF

# What starts something when a page is opened or clicked; and what holds other files.
_RUNS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/Movie", "/Sound", "/RichMediaExecute"}
_ELSEWHERE = {"/GoToR", "/GoToE"}
_RAW = {
    b"/JavaScript": ("document-active", "JavaScript"),
    b"/Launch": ("document-active", "a program is started"),
    b"/EmbeddedFile": ("document-embedded", ""),
    b"/RichMedia": ("document-active", "media that run"),
}
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def _pdf(path: Path, looked: Looked) -> None:
    whole = path.read_bytes()
    if not whole.startswith(b"%PDF-"):
        raise No("document-two", "something stands before the PDF")
    if zipfile.is_zipfile(path):
        raise No("document-two", "ZIP")
    end = whole.rfind(b"%%EOF")
    if end < 0:
        raise No("document-broken")
    if len(whole[end + 5 :].strip(b"\r\n\t \0")) > AROUND or _MARKUP.search(whole[end:]):
        raise No("document-two", "something stands behind the PDF")
    if _MARKUP.search(whole[:AROUND]):
        raise No("document-two", "HTML")
    names = re.findall(rb"/[A-Za-z#][A-Za-z0-9#]{4,40}", whole)
    plain = {_ESCAPED.sub(lambda hit: bytes([int(hit[1], 16)]), name) for name in names}
    for name, (rule, detail) in _RAW.items():
        if any(one.startswith(name) for one in plain):
            raise No(rule, detail)
    _read_pdf(path, looked)


def _read_pdf(path: Path, looked: Looked) -> None:
    from pypdf import PdfReader  # noqa: PLC0415 - only where it is needed, and inside the limits
    from pypdf.errors import DependencyError, PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(path)
        if reader.is_encrypted:
            raise No("document-locked")
        pages = len(reader.pages)
        if not pages:
            raise No("document-broken")
        _walk(reader)
        told = reader.metadata or {}
        language = str(reader.root_object.get("/Lang", ""))
        date = getattr(told, "creation_date", None)
        looked.offered = _offer(str(told.get("/Title") or ""), date and date.date(), language, pages)
    except DependencyError:
        raise No("document-locked") from None
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, OSError, RecursionError):
        raise No("document-broken") from None


def _walk(reader: Any) -> None:
    """Every object of the file once, also those that no page leads to."""
    from pypdf.errors import PyPdfError  # noqa: PLC0415
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject  # noqa: PLC0415

    numbers = {(n, generation) for generation, found in reader.xref.items() for n in found}
    numbers |= {(n, 0) for n in reader.xref_objStm}
    if len(numbers) > OBJECTS:
        raise No("document-packed", f"{len(numbers):,} objects")
    waiting: list[Any] = [reader.trailer]
    for number, generation in sorted(numbers):
        try:
            waiting.append(reader.get_object(IndirectObject(number, generation, reader)))
        except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
            raise No("document-broken", f"object {number}") from None  # another reader might make something of it
        while waiting:
            one = waiting.pop()
            if isinstance(one, DictionaryObject):
                _object(one)
                waiting += [value for value in one.values() if not isinstance(value, IndirectObject)]
            elif isinstance(one, ArrayObject):
                waiting += [value for value in one if not isinstance(value, IndirectObject)]


def _object(one: Any) -> None:
    kind, act = str(one.get("/Type", "")), str(one.get("/S", ""))
    if "/JS" in one or "/JavaScript" in one or act in _RUNS:
        raise No("document-active", act.lstrip("/") or "JavaScript")
    if "/XFA" in one:
        raise No("document-active", "a form that computes (XFA)")
    if act in _ELSEWHERE:
        raise No("document-outside", act.lstrip("/"))
    if act == "/URI" and urlsplit(str(one.get("/URI", ""))).scheme.lower() not in (
        "http",
        "https",
        "mailto",
        "tel",
        "",
    ):
        raise No("document-outside", str(one["/URI"])[:60])
    if kind == "/EmbeddedFile" or "/EmbeddedFiles" in one or "/EF" in one:
        raise No("document-embedded")
    if str(one.get("/Subtype", "")) in ("/RichMedia", "/Screen", "/3D"):
        raise No("document-active", "media that run")


# Packed files: those of office programs

_MACROS = re.compile(
    r"(^|/)(vba(project|data)[^/]*|macrosheets/.*|activex/.*|customui/.*|attachedtoolbars[^/]*|basic/.*|scripts/.*)$",
    re.I,
)
_EMBEDDED = re.compile(r"(^|/)(embeddings/.*|oleobject[^/]*|objectreplacements/.*|object \d+/.*)$", re.I)
_ARCHIVES = re.compile(
    r"\.(zip|rar|7z|gz|bz2|xz|tar|jar|cab|iso|exe|dll|scr|js|vbs|hta|lnk|docm|xlsm|pptm|docx|xlsx|pptx)$", re.I
)
_FETCHES = re.compile(r"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT)\b")
_LINKED = ("http", "https", "mailto", "tel", "")
_DRAWN = (".xml", ".rels", ".vml")


def _packed(path: Path, looked: Looked) -> None:
    size = path.stat().st_size
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            raise No("document-two", "something stands before the packed files")
    try:
        with zipfile.ZipFile(path) as packed:
            if packed.comment:
                raise No("document-two", "something stands behind the packed files")
            _names(packed.infolist())
            left = max(min(UNPACKED, RATIO * size), SMALL)
            for entry in packed.infolist():
                left -= _part(packed, entry, looked, left)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, ValueError, EOFError, OSError) as error:
        raise No("document-broken", type(error).__name__) from None
    except Exception as error:  # what the unpackers of compressed bytes raise
        if isinstance(error, No):
            raise
        raise No("document-broken", type(error).__name__) from None
    looked.offered.setdefault("language", "")


def _names(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > PARTS:
        raise No("document-packed", f"{len(entries):,} parts")
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        parts = name.replace("\\", "/").split("/")
        if ".." in parts or name.startswith(("/", "\\")) or ":" in name or "\\" in name or "\0" in name:
            raise No("document-path", name[:80])
        if (entry.external_attr >> 16) & 0o170000 == 0o120000:
            raise No("document-path", name[:80])
        if name.lower() in seen:
            raise No("document-two", name[:80])
        seen.add(name.lower())
        if entry.flag_bits & 1:
            raise No("document-locked")
        if _MACROS.search(name):
            raise No("document-active", "macros")
        if _EMBEDDED.search(name) or _ARCHIVES.search(name):
            raise No("document-embedded", name[:80])


def _part(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, looked: Looked, left: int) -> int:
    """Unpacks one part without keeping it, reads what it says, and answers its bytes."""
    name, size = entry.filename.lower(), 0
    reading = _Xml(name, looked) if name.endswith(_DRAWN) or name == "mimetype" else None
    with packed.open(entry) as part:
        beginning = b""
        while piece := part.read(1 << 16):
            size += len(piece)
            if size > left:
                raise No("document-packed", f"more than {left:,} bytes in {entry.filename[:60]}")
            if len(beginning) < 8:
                beginning += piece[:8]
            if reading and name != "mimetype":
                reading.feed(piece)
    if beginning.startswith((b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"MZ", b"\xd0\xcf\x11\xe0")):
        raise No("document-embedded", entry.filename[:80])
    if reading and size and name != "mimetype":  # some programs write parts of nothing
        reading.end()
    return size


class _Xml:
    """Reads a part's XML as it comes: relations that lead outside, fields that fetch, what the file says of itself."""

    def __init__(self, name: str, looked: Looked) -> None:
        self.name, self.looked = name, looked
        self.text, self.fields, self.fields_long = "", "", False
        self.reader = expat.ParserCreate(namespace_separator=" ")
        self.reader.buffer_text = True
        self.reader.StartDoctypeDeclHandler = self._doctype
        self.reader.StartElementHandler = self._start
        self.reader.EndElementHandler = self._stop
        self.reader.CharacterDataHandler = self._said

    def feed(self, piece: bytes) -> None:
        """A further piece."""
        try:
            self.reader.Parse(piece, False)
        except expat.ExpatError:
            raise No("document-broken", self.name[:80]) from None

    def end(self) -> None:
        """The part has ended."""
        try:
            self.reader.Parse(b"", True)
        except expat.ExpatError:
            raise No("document-broken", self.name[:80]) from None
        if _FETCHES.search(self.fields):
            raise No("document-outside", "a field that fetches")

    def _doctype(self, *_: Any) -> None:
        raise No("document-entities")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.text = ""
        local = name.rpartition(" ")[2]
        if local == "Relationship" and attributes.get("TargetMode", "").lower() == "external":
            kind, target = attributes.get("Type", "").rpartition("/")[2], attributes.get("Target", "")
            if kind != "hyperlink" or urlsplit(target).scheme.lower() not in _LINKED:
                raise No("document-outside", f"{kind}: {target[:60]}")
        elif local in ("ddeLink", "oleLink", "dbPr", "webPr", "script", "oleObject", "event-listener"):
            raise No("document-outside" if local != "script" else "document-active", local)
        elif local in ("Override", "Default") and re.search(
            "macro|vba|activex", attributes.get("ContentType", ""), re.I
        ):
            raise No("document-active", "macros")
        elif name.endswith(
            ("drawing:1.0 image", "drawing:1.0 object", "drawing:1.0 plugin", "drawing:1.0 floating-frame")
        ):
            if urlsplit(attributes.get("http://www.w3.org/1999/xlink href", "")).scheme:
                raise No("document-outside", "a picture from elsewhere")
        elif local == "fldSimple":
            self.fields += " " + next((v for k, v in attributes.items() if k.endswith(" instr")), "")
        elif local in ("ins", "del") and "wordprocessingml" in name:
            self._note("document-changes")
        elif local == "comment" and "wordprocessingml" in name:
            self._note("document-comments")

    def _note(self, rule: str) -> None:
        if all(one.rule != rule for one in self.looked.findings):
            self.looked.findings.append(Finding(rule, "file"))

    def _said(self, text: str) -> None:
        if len(self.text) < 500:
            self.text += text[:500]

    def _stop(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local == "instrText":
            self.fields = (self.fields + self.text)[-4_000:]
            if _FETCHES.search(self.fields):
                raise No("document-outside", "a field that fetches")
        elif self.name in ("docprops/core.xml", "meta.xml"):
            key = {"title": "title", "created": "on", "creation-date": "on", "language": "language"}.get(local)
            if key and self.text.strip():
                told = self.text.strip()
                self.looked.offered[key] = told[:10] if key == "on" else told[:300]
        self.text = ""


# Pictures


def _picture(path: Path, looked: Looked, out: Path) -> None:
    """Draws a picture anew: what is not picture is gone, where it was taken before all."""
    import warnings  # noqa: PLC0415

    from PIL import ExifTags, Image, ImageOps  # noqa: PLC0415 - only where it is needed, and inside the limits

    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as picture:
            taken = str(picture.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal, ""))[:10]
            has_place = bool(picture.getexif().get_ifd(ExifTags.IFD.GPSInfo))
            form = str(picture.format)
            upright = ImageOps.exif_transpose(picture)
            mode = "RGB" if form == "JPEG" else "RGBA" if upright.has_transparency_data else "RGB"
            plain = upright.convert(mode)
            plain.info.clear()
            options: dict[str, Any] = {"quality": 90} if form != "PNG" else {"optimize": False}
            with out.open("wb") as file:
                plain.save(file, form, **options)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise No("picture-too-large", f"at most {PIXELS:,} points") from None
    except (OSError, ValueError, SyntaxError, KeyError, IndexError, TypeError, EOFError, OverflowError):
        out.write_bytes(b"")
        raise No("document-broken") from None
    looked.offered = _offer("", taken.replace(":", "-"), "", 0)
    looked.findings.append(Finding("picture-place" if has_place else "picture-drawn", "file"))


def _offer(title: str, on: Any, language: str, pages: int) -> dict[str, Any]:
    found = {"title": " ".join(title.split())[:300], "on": str(on or ""), "language": language.lower(), "pages": pages}
    return {name: value for name, value in found.items() if value}


def main(path: str, name: str, out: str, most: str) -> int:
    """Writes what was found to stdout."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))
    looked = examine(Path(path), name, Path(out))
    told = {
        "form": looked.form,
        "findings": [[f.rule, f.place, f.detail] for f in looked.findings],
        "offered": looked.offered,
    }
    sys.stdout.write(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
