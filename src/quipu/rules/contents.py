"""What a file is by its content, whatever it is called."""

import codecs
import zipfile
from pathlib import Path

from quipu.rules.filing import FORMS

PIECE = 1 << 20
BEGINNINGS = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff"}
INSIDE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
PACKED = ("odt", "ods")  # their first file says what they are
_BROKEN = (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, ValueError, EOFError)


def is_of(path: Path, form: str) -> bool:
    """Whether a file begins, or is packed, as its form is."""
    with path.open("rb") as file:
        head = file.read(PIECE)
    if form in ("txt", "csv"):
        try:
            codecs.getincrementaldecoder("utf-8")().decode(head)  # the last letter may be cut in two
        except UnicodeDecodeError:
            return False
        return bool(head) and b"\0" not in head
    if form == "webp":
        return head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    if form in BEGINNINGS:
        return BEGINNINGS[form] in head[:1024] if form == "pdf" else head.startswith(BEGINNINGS[form])
    try:
        with zipfile.ZipFile(path) as packed:
            if form in INSIDE:
                return INSIDE[form] in packed.namelist()
            with packed.open("mimetype") as kind:
                return kind.read(200).decode("ascii", "replace") == FORMS[form].media
    except _BROKEN:
        return False


def form_by(path: Path, name: str = "") -> str:
    """The form of file that a content has; "" for none that is taken. name: decides only what no content can say, text or CSV."""
    for form in ("png", "jpg", "webp", *INSIDE, *PACKED, "pdf"):
        if is_of(path, form):
            return form
    if is_of(path, "txt"):
        return "csv" if name.lower().endswith(".csv") else "txt"
    return ""
