"""Long lists come in pages, each with the number of the next."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from ninja import Query, Schema

Row = TypeVar("Row")
PAGE = 100
PageNumber = Query(1, ge=1, le=100_000, description="Which page of 100 rows.")


class Page(Schema, Generic[Row]):
    """A page of rows; next: the number of the next one, null for the last."""

    items: list[Row]
    next: int | None


def paged(rows: Any, page: int, told: Callable[[Sequence[Any]], list[Any]]) -> dict[str, Any]:
    """A page of rows. told: draws all rows of it together."""
    found = list(rows[(page - 1) * PAGE : page * PAGE + 1])
    return {"items": told(found[:PAGE]), "next": page + 1 if len(found) > PAGE else None}
