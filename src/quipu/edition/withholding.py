"""Taking down: parts are written again without what is withheld, caches that hold it thrown away, a document's bytes removed.

An order is on the list before anything else happens, so that whatever is killed in the middle is finished by whoever comes
next: another takedown, the next publication, `./quipu takedown`. Sources that are read later go through the same statements
(`leave_out`), so that nothing comes back.
"""

import base64
import json
import secrets
import shutil
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quipu.edition import sealing, withheld
from quipu.edition.engine import Connection, connect, quoted
from quipu.edition.home import Home
from quipu.edition.manifest import Manifest, load
from quipu.edition.withheld import ACTIVITY, DOCUMENT, PERSON, TEXT, VOUCHER, Order, State, digest, words_of
from quipu.rules.record import TABLES, columns

MEMORY = "256MB"
PREVIEWS = "previews"  # below a home: made again by whoever wants one
SALT = 16  # bytes
KEYED = tuple(table for table in TABLES if columns(table)[0].name == "key" and table != "accounts")
# Of an activity of the books the money stays, because the sums of its fund stand on it: words and places go.
WORDS = ("texts", "places", "documents", "readings", "xml")
# Words that people wrote about results at the desk, beside those of a file
_OF_RESULTS = {
    "aims": ("assumptions",),
    "indicators": ("method", "verification", "assumptions", "baseline_source"),
    "result_texts": ("text",),
    "targets": ("reason",),
    "observations": ("origin", "link", "choice"),
    "beneficiaries": ("origin",),
}
ROWS_OF = {"result": "readings", "transaction": "entries", "place": "places", "link": "documents"}
BLANKED = {"readings": ("title", "text"), "entries": ("text",), "places": ("name", "description"), "documents": ()}
# Columns of codes, hashes and identifiers: no name of a person stands there.
_CODES = frozenset(
    (
        *(
            "sha256",
            "hash",
            "content_hash",
            "supersedes",
            "identifier",
            "format",
            "dimension",
            "vocabulary",
            "code",
            "rule",
        ),
        *(
            "severity",
            "currency",
            "movement",
            "kind",
            "role",
            "type",
            "literal_type",
            "language",
            "languages",
            "literal",
        ),
        *("title_language", "version", "hierarchy", "status", "aid_type", "finance_type", "flow_type", "tied_status"),
        *(
            "collaboration_type",
            "scope",
            "updated",
            "percentage",
            "administrative",
            "original_currency",
            "fund",
            "project",
        ),
        *("other_fund", "agreement", "category", "standing", "rate", "recorded", "path", "provider_activity"),
        *("receiver_activity", "activity", "categories", "period_from", "period_to", "duty", "row", "state"),
        *("restates", "workbook", "parent", "direction", "gathers", "measure", "breaks", "counted", "why"),
        *("indicator", "observation", "breakdown", "of", "way", "aspect", "who"),
    )
)
_NAMELESS = frozenset({"unread", "accounts", "reserves", "instalments", "deadlines", "xml"})


@dataclass(slots=True)
class Effect:
    """What a takedown does, or would do: rows by table, parts, documents and editions it reaches.

    remain: documents whose own words still hold a name; only their bytes as a whole can be taken down.
    """

    rows: dict[str, int] = field(default_factory=dict)
    parts: int = 0
    documents: list[str] = field(default_factory=list)
    editions: list[int] = field(default_factory=list)
    remain: list[str] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing that is published holds it."""
        return not (self.parts or self.documents)


# Orders


def ask(
    home: Home,
    kind: str,
    target: Mapping[str, str],
    *,
    reason: str,
    told: str = "",
    by: str,
    positions: tuple[int, ...] = (),
) -> Order:
    """An order as it would stand on the list: of a name only salted hashes, of a voucher its positions in the chain."""
    kept: dict[str, Any] = {name: value for name, value in target.items() if value}
    if kind == PERSON:
        words, salt = words_of(target["words"]), secrets.token_hex(SALT)
        kept = {"count": len(words), "salt": salt, "hash": digest(salt, words)}
    if kind == VOUCHER:
        kept["positions"] = sorted({*positions, *_positions(home, target["reference"])})
    if kind in (ACTIVITY, TEXT):
        kept["identifier"] = _identifier(home, target["identifier"])
        kept["keys"] = _keys(home, kept["identifier"], target.get("publisher", ""))
    return Order(0, kind, kept, reason, told, datetime.now(UTC).date().isoformat(), by)


def put(home: Home, order: Order) -> Order:
    """Puts an order on the list, under the next number. From now on its pages answer that it is withheld."""
    with home.settling():
        last = max((each.number for each in withheld.state(home.root, fresh=True).orders), default=0)
        line = {name: getattr(order, name) for name in ("kind", "target", "reason", "told", "on", "by")}
        withheld.add(home.root, {"order": last + 1, **line, "at": _now()})
    return replace(order, number=last + 1)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _paths(home: Home, table: str) -> list[str]:
    """All parts of a table that any edition is made of."""
    found = {part["sha256"] for m in _manifests(home) for _, part in m.parts(table)}
    return [str(path) for sha in sorted(found) if (path := home.part(sha)).is_file()]


def _manifests(home: Home) -> list[Manifest]:
    return [load(home, number) for number in home.numbers()]


def _asked(home: Home, table: str, column: str, where: str, values: list[str]) -> list[Any]:
    paths = _paths(home, table)
    if not paths:
        return []
    connection = connect(memory=MEMORY)
    try:
        sql = f"SELECT DISTINCT {column} FROM read_parquet([{', '.join(map(quoted, paths))}]) WHERE {where} ORDER BY 1"
        return [value for (value,) in connection.execute(sql, values).fetchall()]
    finally:
        connection.close()


def _identifier(home: Home, typed: str) -> str:
    """The identifier of an activity that is called so by its code in the books, or by another of its identifiers."""
    if _asked(home, "activities", "identifier", "identifier = ?", [typed]):
        return typed
    keys = [
        *_asked(home, "accounts", "key", "code = ?", [typed]),
        *_asked(home, "identifiers", "key", "value = ? AND type LIKE 'A%'", [typed]),
    ]
    wanted = ", ".join(map(str, keys)) or "NULL"
    found = _asked(home, "activities", "identifier", f"key IN ({wanted})", [])
    return str(found[0]) if len(found) == 1 else typed


def _keys(home: Home, identifier: str, publisher: str) -> list[int]:
    where, values = "identifier = ?", [identifier]
    if publisher:
        where, values = f"{where} AND publisher = ?", [*values, publisher]
    return _asked(home, "activities", "key", where, values)


def _positions(home: Home, reference: str) -> list[int]:
    return _asked(home, "vouchers", "position", "reference = ?", [reference])


# What of a table goes


@dataclass(slots=True)
class _Cut:
    """Conditions under which rows of a table go, and under which a column of it is emptied."""

    rows: list[str] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)

    def blank(self, condition: str, *names: str) -> None:
        for name in names:
            self.columns.setdefault(name, []).append(condition)


class _Cutter:
    """What of one source's parts goes, by the orders of a home. files: the parts by table."""

    def __init__(self, connection: Connection, state: State, orders: list[Order], files: Mapping[str, Path]) -> None:
        self.connection, self.state, self.files = connection, state, files
        self.cuts = {table: _Cut() for table in TABLES}
        self._named: dict[str, list[str]] = {}
        self.has_names = any(order.kind == PERSON for order in orders)
        for order in orders:
            getattr(self, f"_{order.kind}", lambda _: None)(order.target)

    def _document(self, target: dict[str, Any]) -> None:
        same = f"sha256 = {quoted(target['sha256'])}"
        for table in ("filed", "filed_texts", "filed_about"):
            self.cuts[table].rows.append(same)
        self.cuts["papers"].blank(same, "title")
        for table in ("lessons", "reviews"):
            self.cuts[table].blank(f"document = {quoted(target['sha256'])}", "document")

    def _activity(self, target: dict[str, Any]) -> None:
        keys = self._keyed(target)
        of_books = f"key IN (SELECT key FROM {self._read('accounts')})" if "accounts" in self.files else "false"
        stays = {"activities", "entries", "relations", "participants", "portions", "budgets", "dates", "identifiers"}
        for table in KEYED:
            gone = keys if table not in stays else f"{keys} AND NOT {of_books}"
            self.cuts[table].rows.append(gone)
        self.cuts["activities"].blank(keys, "title")
        self.cuts["findings"].rows.append(f"identifier = {quoted(target['identifier'])}")
        self._returns(keys)

    def _returns(self, keys: str) -> None:
        """What a withheld fund's organizations report, and what was decided about it; of a project, what names it."""
        codes = self._select("code", "accounts", f"kind = 'fund' AND {keys}")
        for table in ("returns", "dispensations", "waived_rules", "deadlines", "measures"):
            self.cuts[table].rows.append(f"fund IN ({codes})")
        self._plans(f"kind = 'project' AND ({keys} OR fund IN ({codes}))")
        codes = self._select("code", "accounts", f"kind = 'project' AND {keys}")
        for table in ("lessons", "reviews", "recommendations", "improvements", "risks"):
            self.cuts[table].rows.append(f"project IN ({codes})")
        self.cuts["dispensations"].rows.append(f"project IN ({codes})")
        self.cuts["revolving"].rows.append(f"project IN ({codes})")
        of_row = f"row IN ({codes}) OR EXISTS (SELECT 1 FROM ({codes}) c(code) WHERE starts_with(row, c.code || '/'))"
        self.cuts["waived_rules"].rows.append(of_row)
        for table in ("registers", "registered", "register_totals", "register_counts", "resources"):
            self.cuts[table].rows.append(f"project IN ({codes})")

    def _plans(self, projects: str) -> None:
        """What a withheld programme, or one of a withheld fund, spent by output."""
        codes = self._select("code", "accounts", projects)
        self.cuts["outputs_spent"].rows.append(f"project IN ({codes})")

    def _text(self, target: dict[str, Any]) -> None:
        keys, role, language = self._keyed(target), target["role"], target.get("language", "")
        self.cuts["xml"].rows.append(keys)  # the activity as it was written holds all of its texts
        if role in ROWS_OF:
            table = ROWS_OF[role]
            for other, names in _OF_RESULTS.items() if role == "result" else ():
                self.cuts[other].blank(keys, *names)
            if BLANKED[table]:
                self.cuts[table].blank(keys, *BLANKED[table])
            else:
                self.cuts[table].rows.append(keys)
            return
        spoken = "true"
        if language:  # a text that states no language has its activity's
            own = self._select("key", "activities", f"language = {quoted(language)}")
            spoken = f"(language = {quoted(language)} OR (language = '' AND key IN ({own})))"
        kind = f" AND type = {quoted(target['type'])}" if target.get("type") else ""
        self.cuts["texts"].rows.append(f"{keys} AND role = {quoted(role)}{kind} AND {spoken}")
        if role == "title":
            same = f"language = {quoted(language)}" if language else "true"
            self.cuts["activities"].blank(f"{keys} AND {same}", "title")

    def _voucher(self, target: dict[str, Any]) -> None:
        same = f"reference = {quoted(target['reference'])}"
        at = f"position IN ({', '.join(map(str, target['positions'])) or 'NULL'})"
        self.cuts["vouchers"].blank(same, "title")
        self.cuts["posted"].blank(same, "text")
        self.cuts["papers"].blank(at, "title")
        self.cuts["events"].blank(at, "text")
        self.cuts["returns"].blank(same, "reason", "remark")  # what was posted under it
        self.cuts["entries"].blank(same, "text")
        if "entries" in self.files:
            self.cuts["xml"].rows.append(f"key IN ({self._select('key', 'entries', same)})")

    def _keyed(self, target: dict[str, Any]) -> str:
        """A condition on the key of an activity: those known when it was ordered, and those of a source that came later."""
        keys = ", ".join(map(str, target["keys"])) or "NULL"
        where = f"identifier = {quoted(target['identifier'])}"
        where += f" AND publisher = {quoted(target['publisher'])}" if target.get("publisher") else ""
        return f"key IN (SELECT unnest([{keys}]::BIGINT[]) UNION ALL {self._select('key', 'activities', where)})"

    def _select(self, column: str, table: str, where: str) -> str:
        if table not in self.files:
            return "SELECT NULL::BIGINT WHERE false"
        return f"SELECT {column} FROM {self._read(table)} WHERE {where}"

    def _read(self, table: str) -> str:
        return f"read_parquet({quoted(self.files[table])})"

    def cut(self, table: str, target: Path) -> tuple[int, int] | None:
        """Writes a part again without what goes. Answers (rows changed or gone, rows left); None where nothing goes.

        Nothing is written where no row is left.
        """
        there, found = self._read(table), self.cuts[table]
        if self.has_names and table not in _NAMELESS:
            self._hide(table)
        if self.has_names and table == "xml":
            self._hide_xml()
        gone = " OR ".join(f"({each})" for each in found.rows) or "false"
        emptied = {name: " OR ".join(f"({each})" for each in some) for name, some in found.columns.items()}
        changed = [f"(({some}) AND {quoted_name(name)} <> '')" for name, some in emptied.items()]
        hidden = self._named.get(table, [])
        changed += [f"{quoted_name(name)} IN (SELECT old FROM hidden_{table})" for name in hidden]
        if gone == "false" and not changed:
            return None
        touched = " OR ".join([f"({gone})", *changed])
        ((many, left),) = self.connection.execute(
            f"SELECT count(*) FILTER ({touched}), count(*) FILTER (NOT ({gone})) FROM {there}"
        ).fetchall()
        if not many:
            return None
        if left:
            new = []
            for name in {*emptied, *hidden}:
                value = quoted_name(name)
                if name in hidden:
                    value = (
                        f"coalesce((SELECT any_value(new) FROM hidden_{table} h WHERE h.old = p.{value}), p.{value})"
                    )
                if name in emptied:
                    value = f"CASE WHEN {emptied[name]} THEN '' ELSE {value} END"
                new.append(f"{value} AS {quoted_name(name)}")
            replaced = f" REPLACE ({', '.join(new)})" if new else ""
            rows = f"SELECT * FROM (SELECT *{replaced} FROM {there} p WHERE NOT ({gone}))"
            sealing.write(self.connection, rows, table, left, target)
        return many, left

    # Names

    def _hide(self, table: str) -> None:
        """Finds the texts of a table that hold a name, and what they become."""
        found: dict[str, str] = {}
        named = []
        for column in columns(table):
            if column.type != "VARCHAR" or column.name in _CODES:
                continue
            values = self.connection.execute(f"SELECT DISTINCT {quoted_name(column.name)} FROM {self._read(table)}")
            while some := values.fetchmany(2_000):
                for (old,) in some:
                    if old and (new := self.state.redacted(old)) != old:
                        found[old] = new
            named.append(column.name)
        self._named[table] = named if found else []
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE hidden_{table} (old VARCHAR, new VARCHAR)")
        if found:
            self.connection.executemany(f"INSERT INTO hidden_{table} VALUES (?, ?)", list(found.items()))

    def _hide_xml(self) -> None:
        """An activity's XML goes where a name stands in it: it is nobody's to write anew."""
        pieces: dict[tuple[int, int], list[str]] = {}
        rows = self.connection.execute(f"SELECT key, copy, body FROM {self._read('xml')} ORDER BY key, copy, piece")
        keys: set[int] = set()
        while some := rows.fetchmany(500):
            for key, copy, body in some:
                for done in [each for each in pieces if each != (key, copy)]:
                    keys |= self._with_name(done, pieces.pop(done))
                pieces.setdefault((key, copy), []).append(body)
        for done, bodies in pieces.items():
            keys |= self._with_name(done, bodies)
        if keys:
            self.cuts["xml"].rows.append(f"key IN ({', '.join(map(str, sorted(keys)))})")

    def _with_name(self, of: tuple[int, int], bodies: list[str]) -> set[int]:
        text = zlib.decompress(base64.b64decode("".join(bodies))).decode("utf-8", "replace")
        return {of[0]} if self.state.redacted(text) != text else set()


def quoted_name(name: str) -> str:
    """A column name that may be a word of SQL."""
    return f'"{name}"'


def leave_out(connection: Connection, home: Home, written: dict[str, Path]) -> dict[str, int]:
    """Takes what is withheld out of a new source's files, before they are sealed. Answers the rows that are left, by table."""
    state = home.withheld
    if not state.orders:
        return {}
    cutter, left = _Cutter(connection, state, state.orders, written), {}
    cuts = []
    for table, path in written.items():
        without = path.with_name(f"{path.name}.without")
        cut = cutter.cut(table, without)
        if cut:
            left[table] = cut[1]
            cuts.append((without, path))
    for without, path in cuts:  # only now: the others were asked about while these were cut
        if without.exists():
            without.replace(path)
    return left


# Doing it


@dataclass(slots=True)
class _Plan:
    """Parts and what takes their place, by their hash; the editions that are made of them."""

    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    editions: set[int] = field(default_factory=set)


def foresee(home: Home, order: Order, name: str = "") -> Effect:
    """What an order would do. Nothing is changed. name: in words, where the order is for one."""
    state = withheld.state(home.root, fresh=True)
    imagined = State([*state.orders, order], state.done, state.replaced, state.marks, state.generation)
    with home.working("takedown") as folder:
        plan = _plan(home, imagined, [order], Path(folder), keep=False)
    return _effect(home, imagined, plan, [order])


def finish(home: Home, step: Callable[[str], None] = lambda _: None) -> Effect:
    """Does whatever orders still wait for: nothing where none does. Only inside of home.publishing().

    step: told before each step, of which any may be the last of a process that is killed.
    """
    state = withheld.state(home.root, fresh=True)
    orders = state.unfinished
    if not orders:
        return Effect()
    step("looking for it")
    with home.working("takedown") as folder:
        plan = _plan(home, state, orders, Path(folder), keep=True)
    effect = _effect(home, state, plan, orders)
    if plan.parts:
        step("putting parts in the place of others")
        line = {"replaced": list(plan.parts.values()), "editions": sorted(plan.editions), "at": _now()}
        with home.settling():
            withheld.add(home.root, line)
    step("throwing caches away")
    with home.settling():
        _sweep(home, withheld.state(home.root, fresh=True), step)
    step("writing that it is done")
    numbers = [order.number for order in orders]
    withheld.add(home.root, {"done": numbers, **asdict(effect), "at": _now()})
    return effect


def effect_of(home: Home, order: Order) -> Effect:
    """What a takedown did, whoever did it; of several that were finished at once, what they did together."""
    line = withheld.state(home.root, fresh=True).done[order.number]
    told = {name: line[name] for name in ("parts", "documents", "editions", "remain")}
    return Effect(line["rows"], **told)


def _plan(home: Home, state: State, orders: list[Order], folder: Path, *, keep: bool) -> _Plan:
    plan = _Plan()
    seen: dict[str, dict[str, Any] | None] = {}
    connection = connect(memory=MEMORY, spill=folder / "spill")
    for manifest in _manifests(home):
        for source in manifest.sources:
            groups = _groups(source["parts"])
            for group in groups:
                fresh = [part for part in group if part["sha256"] not in seen]
                if not fresh:
                    continue
                files = {
                    part["table"]: home.part(part["sha256"]) for part in group if home.part(part["sha256"]).is_file()
                }
                cutter = _Cutter(connection, state, orders, files)
                for part in fresh:
                    seen[part["sha256"]] = _cut(home, cutter, part, folder, keep) if part["table"] in files else None
        touched = {
            part["sha256"] for source in manifest.sources for part in source["parts"] if seen.get(part["sha256"])
        }
        if touched:
            plan.editions.add(manifest.number)
    connection.close()
    plan.parts = {sha: made for sha, made in seen.items() if made}
    # What stands on the database of an edition that is made again, is made again with it.
    for number in home.numbers():
        folder_of = home.cache / f"{number:06d}"
        bases = {int(path.stem[-6:]) for path in folder_of.glob("quipu-*-on-*.duckdb")}
        if bases & plan.editions:
            plan.editions.add(number)
    return plan


def _groups(parts: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Parts of a source that were made together: all of a file's; of the books, their records and each range of the chain."""
    found: dict[Any, list[dict[str, Any]]] = {}
    for part in parts:
        found.setdefault(part.get("until"), []).append(part)
    yield from found.values()


def _cut(home: Home, cutter: _Cutter, part: dict[str, Any], folder: Path, keep: bool) -> dict[str, Any] | None:
    sealed = folder / "part.parquet"
    sealed.unlink(missing_ok=True)
    cut = cutter.cut(part["table"], sealed)
    if cut is None:
        return None
    changed, left = cut
    made = {"table": part["table"], "sha256": part["sha256"], "changed": changed, "now": "", "rows": left, "bytes": 0}
    if left:
        made["bytes"] = sealed.stat().st_size
        made["now"] = sealing.keep(home, sealed) if keep else sealing.digest(sealed)
    return made


def _effect(home: Home, state: State, plan: _Plan, orders: list[Order]) -> Effect:
    found = Effect(editions=sorted(plan.editions), parts=len(plan.parts))
    for part in plan.parts.values():
        found.rows[part["table"]] = found.rows.get(part["table"], 0) + part["changed"]
    hashes = [order.target["sha256"] for order in orders if order.kind == DOCUMENT]
    found.documents = [sha for sha in hashes if any(_bytes_of(home, sha))]
    if any(order.kind == PERSON for order in orders):
        for path in sorted((home.cache / "texts").glob("*.txt")):
            text = path.read_text("utf-8")
            if state.redacted(text) != text:
                found.remain.append(path.name.partition("-")[0])
    return found


def _bytes_of(home: Home, sha256: str) -> Iterator[Path]:
    """The bytes of a document, in whichever form they were kept."""
    yield from (path for path in home.parts.glob(f"{sha256}.*") if path.suffix != ".parquet")


def _sweep(home: Home, state: State, step: Callable[[str], None]) -> None:
    """Removes everything that may hold what is withheld. The same again changes nothing."""
    for number in state.marks:
        for path in home.stale(number):
            _remove(path)
    _remove(home.root / PREVIEWS)
    for path in home.cache.glob("[0-9]*/search-*"):
        # An index shares files with the one below; those hold what was deleted from it, too.
        if state.marks and int(path.parent.name) not in state.marks:
            _remove(path)
    for folder in ("sources", "books", "documents"):
        for path in (home.cache / folder).glob("*.json"):
            if any(part["sha256"] in state.replaced for part in _remembered(path)):
                path.unlink(missing_ok=True)
    for path in home.cache.glob("documents-*.json"):  # what was looked at, with titles
        path.unlink(missing_ok=True)
    step("removing parts")
    for sha256 in state.replaced:
        home.part(sha256).unlink(missing_ok=True)
    step("removing documents")
    for sha256 in state.documents:
        for path in [*_bytes_of(home, sha256), *(home.cache / "texts").glob(f"{sha256}-*")]:
            path.unlink(missing_ok=True)


def _remembered(path: Path) -> list[dict[str, Any]]:
    try:
        known = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return []
    return list(known["parts"] if isinstance(known, dict) else known)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
