"""What the columns of the books are made of: codes, references by code, seals."""

from typing import Any

from django.db import models

from quipu.books.seals import Seal

CODE, KEY, WORD, HASH = 64, 200, 32, 128


def code(**options: Any) -> Any:
    """A column that holds a code."""
    return models.CharField(max_length=CODE, **options)


def to(model: str, **options: Any) -> Any:
    """A reference by code. Nothing that is referred to is ever deleted; indexes are chosen by hand."""
    return models.ForeignKey(model, on_delete=models.PROTECT, db_index=False, related_name="+", **options)


def sealed(name: str, *keys: str) -> Seal:
    """Rows that are added and never changed or removed; keys: columns that are unique."""
    return Seal(name=f"sealed_{name}", keys=keys)


def kept(name: str, *fields: str) -> Seal:
    """Entries rest on these columns: the row stays, and they do."""
    return Seal(name=f"kept_{name}", fields=fields, keys=("code",))
