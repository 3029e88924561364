"""What stands in the books while a posting is judged: codes, keys, sums, statuses, asked once each under the chain's lock.

The ledger only grows, so a sum up to a position of the chain never changes: it is remembered for the process, and the
next posting adds only what came after it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db import connections, transaction

from quipu.books import database, models, records
from quipu.rules.controls import Participation
from quipu.rules.entries import MOST, Entry
from quipu.rules.journal import CloseYear, Directive, Known, Posted, ReopenYear, StatusChange
from quipu.rules.statuses import CLOSED

SOME = 500  # keys asked for in one go
FIELDS = Entry._fields
_REFERS = ("fund", "other_fund", "project", "organization", "contributor", "agreement", "reverses")
_NAMES = ("id", "posting_id", *FIELDS[2:])
COLUMNS = tuple(f"{name}_id" if name in _REFERS else name for name in _NAMES)


def rows(sql: str, parameters: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a statement, by the bare driver."""
    with database.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        return list(cursor.fetchall())


def entries(where: str, parameters: Iterable[Any] = ()) -> list[Entry]:
    """Entries in the order of the chain."""
    found = models.Entry.objects.extra(where=[where], params=list(parameters)).order_by("id")  # noqa: S610 - values are bound
    return [Entry(*row) for row in found.values_list(*COLUMNS)]


class _Asked(Mapping[str, Any]):
    """A mapping that asks the database for a code when it is first needed."""

    def __init__(self, ask: Callable[[str], Any]) -> None:
        self._ask = ask
        self.known: dict[str, Any] = {}

    def __getitem__(self, code: str) -> Any:
        if code not in self.known:
            self.known[code] = self._ask(code)
        if self.known[code] is None:
            raise KeyError(code)
        return self.known[code]

    def __iter__(self) -> Iterator[str]:
        raise TypeError("asked by code only")

    __len__ = __iter__  # type: ignore[assignment]


def _one(table: str, *columns: str) -> Callable[[str], Any]:
    """Asks for columns of the row with a code. By hand: this happens several times for each posting."""
    sql = f"SELECT {', '.join(columns)} FROM books_{table} WHERE code = %s"

    def ask(code: str) -> Any:
        found = rows(sql, [code])
        return None if not found else found[0] if len(columns) > 1 else found[0][0]

    return ask


class Standing:
    """The books as one posting sees them: `known` for the journal's checks, the rest for the controls."""

    def __init__(self, head: tuple[int, str]) -> None:
        self._head = head
        self.keys = _Asked(self._posted)
        self.known = Known(
            funds=_Asked(_one("fund", "currency")),
            windows=_Asked(_one("window", "code")),
            bodies=_Asked(_one("organization", "code")),
            projects=_Asked(_one("project", "fund_id", "kind")),
            agreements=_Asked(_one("agreement", "fund_id", "contributor_id")),
            posted=self.keys,
            communities=_Asked(_one("community", "project_id", "currency")),
            loans=_Asked(_one("loan", "code")),
        )
        self._funds: dict[str, dict[str, int]] = {}
        self._participations: dict[Participation, dict[str, int]] = {}
        self._added: dict[str, tuple[list[Entry], int]] = {}  # by key, with how many of them are lines
        self._moved: dict[str, set[Participation]] = defaultdict(set)  # by project, in the running batch
        self._years: dict[tuple[str, int], bool] = {}
        self._statuses: dict[tuple[str | None, str | None, str | None], str] = {}
        self._asked_of: set[str] = set()  # projects
        self._merged: dict[str, str] | None = None  # which organization is shown as which
        self._mous = _Asked(lambda code: self._mou(*code.split(" ")))
        self._fund_settings = _Asked(_one("fund", "minimum_balance", "over_allocation"))

    # Keys

    def prepare(self, keys: Iterable[str]) -> None:
        """Asks for many keys in few questions."""
        wanted = [key for key in dict.fromkeys(keys) if key not in self.keys.known]
        for first in range(0, len(wanted), SOME):
            some = wanted[first : first + SOME]
            marks = ", ".join(["%s"] * len(some))
            there = {key for (key,) in rows(f"SELECT key FROM books_posting WHERE key IN ({marks})", some)}
            self.keys.known |= {key: None for key in some if key not in there}

    def _posted(self, key: str) -> Posted | None:
        found = (
            models.Posting.objects.filter(key=key)
            .values_list("kind", "position", "number", "lines", "content_hash", "memo_hash", "memo_salt")
            .first()
        )
        if found is None:
            return None
        kind, position, number, lines, content, *memo = found
        memo = tuple(part for part in memo if part)
        if kind == "revolving":
            return self._in_a_box(position, content, memo)
        if number is None:
            return Posted(content, None, memo=memo)
        own = self.of_position(position)
        mirrored = set(
            models.Entry.objects.filter(reverses__in=[entry.number for entry in own]).values_list(
                "reverses_id", flat=True
            )
        )
        undone = {entry.ordinal for entry in own if entry.number in mirrored}
        if models.Reference.objects.filter(key=key, word="reverses", entry=None).exists():
            undone.add(0)
        said = tuple((_participation(entry), entry.year) for entry in own[:lines])
        return Posted(content, said, frozenset(undone), memo=memo)

    @staticmethod
    def _in_a_box(position: int, content: str, memo: tuple[str, ...]) -> Posted:
        """What stands under the key of a community fund's posting."""
        found = models.RevolvingEntry.objects.filter(posting=position)
        community, reverses, reversed_by = found.values_list("community", "reverses", "reversed_by")[0]
        undone = frozenset({0} if reversed_by else ())
        return Posted(content, None, undone, memo=memo, community=community, takes_back=reverses is not None)

    def of_key(self, key: str) -> tuple[list[Entry], int]:
        """The entries under a key and how many of them are its lines, those of the running batch included."""
        if key in self._added:
            return self._added[key]
        position, lines = models.Posting.objects.filter(key=key).values_list("position", "lines").get()
        return self.of_position(position), lines

    @staticmethod
    def of_position(position: int) -> list[Entry]:
        """The entries of one voucher."""
        return entries("posting_id = %s", [position])

    # Sums

    def add(self, key: str, own: list[Entry], lines: int) -> None:
        """What the running batch posts under a key."""
        self._added[key] = (own, lines)
        for entry in own:
            touched = [self._fund(entry.fund)]
            if entry.participation:
                touched.append(self._participation(entry.participation))
                self._moved[entry.participation[0]].add(entry.participation)
            for sums in touched:
                sums[entry.movement] = sums.get(entry.movement, 0) + entry.amount

    def remember(self, head: tuple[int, str]) -> None:
        """Keeps the sums for the process's next posting, as soon as what the batch added to them is committed."""
        alias = database.current()
        of_database = _REMEMBERED[alias, str(connections[alias].settings_dict["NAME"])]
        known = {fund: (*head, dict(sums)) for fund, sums in self._funds.items()}
        transaction.on_commit(lambda: of_database.update(known), using=alias)

    def of_fund(self, fund: str) -> dict[str, int]:
        """All that moved on the fund."""
        return self._fund(fund)

    def of_participation(self, participation: Participation) -> dict[str, int]:
        """All that moved for the participation."""
        return self._participation(participation)

    def _fund(self, fund: str) -> dict[str, int]:
        if fund not in self._funds:
            self._funds[fund] = dict(_remembered(fund, self._head))
        return self._funds[fund]

    def _participation(self, participation: Participation) -> dict[str, int]:
        project, organization = participation[0], self._shown(participation[1])
        if (project, organization) not in self._participations:
            codes = self._together(organization)
            marks = ", ".join(["%s"] * len(codes))
            self._participations[project, organization] = dict(
                rows(
                    "SELECT movement, CAST(sum(amount) AS BIGINT) FROM books_entry"
                    f" WHERE project_id = %s AND organization_id IN ({marks}) GROUP BY movement",
                    [project, *codes],
                )
            )
        return self._participations[project, organization]

    # Organizations that are one

    def _shown(self, organization: str) -> str:
        """The code that an organization is shown under: what was merged is judged as one."""
        if self._merged is None:
            self._merged = records.mergers()
        return records.shown_as(organization, self._merged)

    def _together(self, organization: str) -> list[str]:
        """The code it is shown under, and all that are merged into it."""
        end = self._shown(organization)
        return [end, *sorted(code for code in self._merged or {} if self._shown(code) == end)]

    # Statuses and years

    def take(self, directive: Directive) -> None:
        """What the running batch decides."""
        match directive:
            case CloseYear() | ReopenYear():
                self._years[directive.fund, directive.year] = isinstance(directive, CloseYear)
            case StatusChange():
                whose = self.whose(directive)
                self._statuses[self._of_one(whose["fund"], whose["project"], whose["organization"])] = directive.status

    def whose(self, change: StatusChange) -> dict[str, str | None]:
        """The fund, project and organization that a status is of."""
        place = change.place
        is_fund = place.organization is None and place.code in self.known.funds
        return {
            "fund": place.code if is_fund else None,
            "project": None if is_fund else place.code,
            "organization": place.organization,
        }

    def is_closed(self, fund: str, year: int) -> bool:
        """Whether the year's report is out."""
        if (fund, year) not in self._years:
            last = rows(
                "SELECT p.kind FROM books_event e JOIN books_posting p ON p.position = e.posting_id"
                " WHERE e.fund_id = %s AND e.year = %s ORDER BY e.posting_id DESC LIMIT 1",
                [fund, year],
            )
            self._years[fund, year] = last == [("close-year",)]
        return self._years[fund, year]

    def status(self, participation: Participation) -> str:
        """The participation's status, or that of its project or fund where those are financially closed."""
        project, organization = participation
        fund, _ = self.known.projects[project]
        if project not in self._asked_of:
            self._asked_of.add(project)
            told = rows(
                "SELECT fund_id, project_id, organization_id, status FROM books_event"
                " WHERE (fund_id = %s OR project_id = %s) AND status <> '' ORDER BY posting_id",
                [fund, project],
            )
            last = {self._of_one(*whose): status for *whose, status in told}
            self._statuses = {**last, **self._statuses}
        whole = {self._statuses.get(whose) for whose in ((fund, None, None), (None, project, None))}
        return CLOSED if CLOSED in whole else self._statuses.get(self._of_one(None, project, organization), "")

    def _of_one(
        self, fund: str | None, project: str | None, organization: str | None
    ) -> tuple[str | None, str | None, str | None]:
        return fund, project, None if organization is None else self._shown(organization)

    def closed_participations(self, fund: str) -> Iterable[Participation]:
        """Those of the fund that are financially closed, by themselves or with their project."""
        changed = set(
            models.Event.objects.filter(project__fund=fund, status=CLOSED).values_list("project_id", flat=True)
        )
        changed |= {project for _, project, _ in self._statuses if project}
        for project in changed:
            if self.known.projects[project][0] == fund:
                for participation in self.participations(project):
                    if self.status(participation) == CLOSED:
                        yield participation

    def participations(self, project: str) -> Iterable[Participation]:
        """Those of a project on which anything ever moved."""
        found = rows(
            "SELECT DISTINCT organization_id FROM books_entry WHERE project_id = %s AND organization_id IS NOT NULL",
            [project],
        )
        moved = {(project, code) for (code,) in found} | self._moved[project]
        return sorted({(project, self._shown(organization)) for project, organization in moved})

    # Agreements

    def indirect_cost(self, fund: str, organization: str) -> str | None:
        """The agreed rate in per cent, "" for the default; None without a signed MOU."""
        found: str | None = self._mous.get(f"{fund} {organization}")
        return found

    def _mou(self, fund: str, organization: str) -> str | None:
        """Its own memorandum, else that of one it is merged with."""
        codes = dict.fromkeys((organization, *self._together(organization)))
        marks = ", ".join(["%s"] * len(codes))
        found = dict(
            rows(
                "SELECT organization_id, indirect_cost FROM books_mou"
                f" WHERE fund_id = %s AND organization_id IN ({marks})",
                [fund, *codes],
            )
        )
        return next((found[code] for code in codes if code in found), None)

    def minimum_balance(self, fund: str) -> int:
        """What the fund always keeps."""
        return int(self._fund_settings[fund][0])

    def may_overallocate(self, fund: str) -> bool:
        """Whether allocations above what is available are the fund's way."""
        return bool(self._fund_settings[fund][1] == "allow")


def _participation(entry: Entry) -> str:
    """As a line names it, "" for none."""
    return "/".join(entry.participation) if entry.participation else ""


# fund → (position, hash there, sums), per database
_REMEMBERED: dict[tuple[str, str], dict[str, tuple[int, str, dict[str, int]]]] = defaultdict(dict)


def forget(alias: str) -> None:
    """Another database stands under the alias."""
    for key in [key for key in _REMEMBERED if key[0] == alias]:
        del _REMEMBERED[key]


def _remembered(fund: str, head: tuple[int, str]) -> dict[str, int]:
    """The fund's sums at the head. Called under the lock, when all up to the head is committed."""
    alias = database.current()
    of_database = _REMEMBERED[alias, str(connections[alias].settings_dict["NAME"])]
    position, known_hash, sums = of_database.get(fund, (0, "", {}))
    if (position, known_hash) == head:
        return sums
    if position and rows("SELECT hash FROM books_posting WHERE position = %s", [position]) != [(known_hash,)]:
        position, sums = 0, {}
    if position < head[0]:
        # Behind a position few entries stand: an engine that walked along the fund's index would look at all of them.
        of_fund = "id > %s AND fund_id || '' = %s" if position else "id > %s AND fund_id = %s"
        later = rows(
            f"SELECT movement, CAST(sum(amount) AS BIGINT) FROM books_entry WHERE {of_fund} GROUP BY movement",
            [position * MOST + MOST - 1, fund],
        )
        sums = dict(sums)
        for movement, amount in later:
            sums[movement] = sums.get(movement, 0) + amount
        of_database[fund] = (*head, sums)
    return sums
