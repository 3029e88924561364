"""Publish: the one corridor from sources, files, documents and books, to an edition."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from quipu.books import database
from quipu.edition import documents, make
from quipu.edition import preview as previews
from quipu.edition.code import mark
from quipu.edition.home import Home
from quipu.edition.make import Progress
from quipu.edition.open import Editions
from quipu.rules.mandates import Scope


def publish(home: Home, paths: list[Path] | None, progress: Progress | None = None) -> dict[str, Any]:
    """Makes a new edition from files, the home's documents and its books, and moves the pointer. Answers what `--json` prints.

    paths: None keeps the files of the current edition. seconds: wall clock of the whole publication; bytes: of the sources,
    unpacked; document_findings: what is wrong with documents, a sentence each. Raises HomeError, FileNotFoundError, and
    NoBooks where there are books that cannot be read.
    """
    lying = look(home)
    manifest, seconds = make.publish(home, paths, progress, _books(home), lying)
    check(home, lying)
    return {
        "edition": manifest.number,
        "path": str(home.manifest(manifest.number).parent),
        "seconds": round(seconds, 3),
        "files": len(manifest.files),
        "documents": sum(one.is_public for one in lying),
        "document_findings": [str(finding) for one in lying for finding in one.findings],
        "position": manifest.position,
        "activities": manifest.totals["activities"],
        "transactions": manifest.totals["transactions"],
        "copies": manifest.totals["copies"],
        "findings": manifest.findings,
        "bytes": sum(source["bytes"] for source in manifest.sources),
        "content": manifest.content,
    }


def look(home: Home, drafts: Sequence[Scope] = ()) -> list[documents.Lying]:
    """The office's documents, of the home's folder and of the desk, and what is wrong with each. Raises HomeError.

    drafts: where those of the desk that are not public yet are looked at as well.
    """
    today = datetime.now(UTC).date()
    return documents.together(documents.look(home, today=today), _of_desk(home, today, drafts))


def _of_desk(home: Home, today: date, drafts: Sequence[Scope]) -> list[documents.Lying]:
    """What people at the desk made public; nothing where there are no books."""
    if not database.found(home.root):
        return []
    database.open_books()
    from quipu.actions.documents import shown  # noqa: PLC0415 - models need Django's settings

    return [documents.kept_elsewhere(home, one.path, one.name, one.sha256, one.said) for one in shown(today, drafts)]


def check(home: Home, lying: list[documents.Lying]) -> None:
    """Adds what the current edition does not hold of what the documents are about to their findings."""
    if home.current() is None or not any(one.is_public for one in lying):
        return
    documents.check(Editions(home).current(), lying)


def preview(home: Home, *, by: str, scopes: Sequence[Scope] = ()) -> tuple[str, int]:
    """Makes the edition that would go out now, for one person alone. Answers its name and its number.

    scopes: where that person may read drafts, which stand in it beside what is public. Raises HomeError and NoBooks.
    """
    name, manifest = previews.make_preview(home, by=by, books=_books(home, drafts=scopes), lying=look(home, scopes))
    return name, manifest.number


def _books(home: Home, drafts: Sequence[Scope] = ()) -> Any:
    """The home's books as a source; None where there are none, or nothing has been posted."""
    if not database.found(home.root):
        return None
    database.open_books()
    from quipu.books.public import Books  # noqa: PLC0415 - models need Django's settings

    books = Books(mark("quipu.books", "quipu.rules"), drafts=drafts)
    return books if books.head.position else None
