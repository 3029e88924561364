"""Keep how an organization's own files are read: which column holds what, and what its own words stand for.

What is kept is never changed: another answer is a new mapping, and a run that was shown by the old one stays as it was shown.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from quipu.actions import history
from quipu.actions.history import Thing
from quipu.books import models
from quipu.rules.cells import folded
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.returns import filled

MAPPING = "mapping"  # the kind of thing that history calls it


def thing(mapping: Any) -> Thing:
    """A mapping as history knows it."""
    return Thing(MAPPING, str(mapping.pk), Scope("", "", mapping.organization_id))


def keep(
    *,
    by: str,
    organization: str,
    name: str,
    sheet: str,
    heads: Mapping[str, str],
    words: Mapping[str, str],
    instead: Any = None,
) -> Any:
    """A mapping; instead: of which it takes the place, with all words that were known there. Raises Refused."""
    heads = {holds: head.strip() for holds, head in heads.items() if head.strip()}
    found = []
    if not name.strip():
        found.append(Finding("mapping-name", "name"))
    if not filled.needed(heads):
        found.append(Finding("mapping-columns", "project"))
    if found:
        raise Refused(*found)
    known = dict(instead.words) if instead is not None else {}
    words = {**known, **{folded(word): code for word, code in words.items() if code}}
    now = datetime.now(UTC)
    with history.whole():
        if instead is not None:
            history.alone(thing(instead), None)
            if (instead.name, instead.sheet, instead.heads, instead.words) == (name.strip(), sheet, heads, words):
                return instead
            models.Mapping.objects.filter(pk=instead.pk, ended_at=None).update(ended_at=now)
        made = models.Mapping.objects.create(
            organization_id=organization, name=name.strip()[:200], sheet=sheet, heads=heads, words=words, by=by, at=now
        )
        history.keep(by=by, verb="keep", thing=thing(made), after={"name": made.name, "heads": heads, "words": words})
    return made


def end(*, by: str, mapping: Any) -> None:
    """It is used no more; runs that were read by it stay as they are."""
    with history.whole():
        history.alone(thing(mapping), None)
        if models.Mapping.objects.filter(pk=mapping.pk, ended_at=None).update(ended_at=datetime.now(UTC)):
            history.keep(by=by, verb="end", thing=thing(mapping), before={"name": mapping.name})
