"""The words of a document, read in a process of its own: what a file does to its reader, it does to no publication."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

VERSION = 1  # of what is read out of a document: raised when it changes, texts are read anew
LONGEST = 2_000_000  # characters that are kept
MEMORY = 768 << 20  # of the process
SECONDS = 20  # of computing; by the clock, half as many again
BROKEN = 3  # the exit code for a file that its format's reader cannot open


@dataclass(frozen=True, slots=True)
class Words:
    """What was read. is_broken: nobody could open the file. is_cut: the limits, or a fault of the reader, ended it."""

    text: str
    is_broken: bool = False
    is_cut: bool = False


def words(path: Path, form: str, between: str = "\n") -> Words:
    """The text of a document. Never raises for what the file holds, and never takes longer than the limits.

    between: what stands between its pages or paragraphs; a page's own text holds no form feed.
    """
    source = str(Path(__file__).parents[2])
    command = [sys.executable, "-P", "-m", "quipu.edition.extract", form, str(path.absolute()), between]
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
    except subprocess.TimeoutExpired:
        return Words("", is_cut=True)
    if done.returncode:
        return Words("", is_broken=done.returncode == BROKEN, is_cut=done.returncode != BROKEN)
    return Words(done.stdout.decode("utf-8", "replace"))


# What the process does


class Broken(Exception):
    """The reader of this format cannot open the file."""


def _pdf(path: str) -> Iterator[str]:
    from pypdf import PdfReader  # noqa: PLC0415 - only where it is needed, and inside the limits
    from pypdf.errors import DependencyError, PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(path)
        pages = reader.pages
        count = len(pages)
    except DependencyError:  # encrypted in a way that is not read here: a reader may still open it
        raise
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, OSError) as error:
        raise Broken from error
    if not count:
        raise Broken
    for page in pages:
        yield page.extract_text()


def _docx(path: str) -> Iterator[str]:
    from docx import Document  # noqa: PLC0415
    from docx.table import Table  # noqa: PLC0415

    try:
        document = Document(path)
    except (KeyError, ValueError, OSError) as error:
        raise Broken from error
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield "\t".join(cell.text for cell in row.cells)
        else:
            yield block.text


def _xlsx(path: str) -> Iterator[str]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    try:
        book = CalamineWorkbook.from_path(path)
    except (CalamineError, OSError) as error:
        raise Broken from error
    for name in book.sheet_names:
        yield name
        for row in book.get_sheet_by_name(name).to_python():
            line = "\t".join(_written(value) for value in row if value != "")
            if line:
                yield line


def _written(value: object) -> str:
    """A cell as people write it: a workbook keeps every number with a fraction."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _plain(path: str) -> Iterator[str]:
    with Path(path).open(encoding="utf-8-sig", errors="replace") as file:
        yield from (line.rstrip("\n") for line in file)


READERS = {"pdf": _pdf, "docx": _docx, "xlsx": _xlsx, "txt": _plain, "csv": _plain}


def cut(pieces: Iterable[str], between: str = "\n") -> str:
    """The pieces, one below the other, as far as LONGEST; without what is no text."""
    found: list[str] = []
    room = LONGEST
    for piece in pieces:
        text = "".join(c if c.isprintable() or c in "\n\t" else " " for c in piece[:room])
        found.append(text)
        room -= len(text) + 1
        if room <= 0:
            break
    return between.join(found).strip(" \n\t")


def main(form: str, path: str, between: str = "\n") -> int:
    """Writes the text to stdout. Answers the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # a reader writes no file
    try:
        text = cut(READERS[form](path), between)
    except Broken:
        return BROKEN
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
