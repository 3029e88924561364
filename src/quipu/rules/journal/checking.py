"""What only shows across the whole journal: codes nobody declared, keys with other content, entries reversed twice."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from quipu.rules import kinds
from quipu.rules.journal.books import NOTHING, Books, Known, Posted, minor_units, written_decimals
from quipu.rules.journal.cursor import HELD, KEY, LONGEST_KEY, Faults, digits_of, in_order, read_number
from quipu.rules.journal.words import (
    AGREEMENT,
    ALONE,
    BODY,
    BUDGET,
    COMMUNITY,
    FORMS,
    FUND,
    LOAN,
    OF_FUND,
    PARTICIPATION,
    PROJECT,
    REPLACES,
    WINDOW,
    Assertion,
    Declaration,
    Extend,
    Fault,
    Item,
    Journal,
    Keyed,
    Place,
    Reference,
    Revolving,
    StatusChange,
    Voucher,
    Word,
    alone,
)
from quipu.rules.journal.writing import content_hash, memo_hash, meta, number, texts
from quipu.rules.money import exponent
from quipu.rules.revolving import IN_THE_BOX, LENT, OF_A_LOAN, loan_code

FUND_OR_PROJECT = f"{FUND} or {PROJECT}"
EITHER = {FUND_OR_PROJECT: (FUND, PROJECT)}
LOAN_CODE = re.compile(r"[^/]+/[1-9][0-9]{0,5}")


def check(journal: Journal, known: Known = NOTHING, said: dict[str, Posted] | None = None) -> tuple[Fault, ...]:
    """All faults of the journal, those of its grammar among them, by line and column. None: it can be posted.

    `known` is what the ledger has: a journal may lean on it as on declarations and vouchers of its own. A code may be
    used above the line that declares it; a key may not be named above the voucher that has it. said: is filled with
    what each key stands for here.
    """
    faults = Faults(journal.name, list(journal.faults))
    books = Books(journal, known)
    _check_declarations(journal, books, known, faults)
    keys = _Keys(known, faults)
    for item in journal.items:
        _check_words(item, faults)
        _check_codes(item, books, faults)
        _check_amounts(item, books, faults)
        if isinstance(item, Keyed):
            keys.check(item)
    if said is not None:
        said |= keys.said
    return in_order(faults.noted)


def posted(item: Keyed) -> Posted:
    """What a voucher or directive leaves under its key. A line without a year belongs to its voucher's."""
    entries = None
    if isinstance(item, Voucher):
        entries = tuple((line.participation, line.year or item.on.year) for line in item.lines)
    community, back = (item.community, bool(item.reverses)) if isinstance(item, Revolving) else ("", False)
    return Posted(
        *(content_hash(item), entries),
        texts=texts(item),
        memo=meta(item, "memo"),
        community=community,
        takes_back=back,
    )


def says_the_same(one: Posted, other: Posted) -> bool:
    """Whether a key stands for the same on both sides; where texts were redacted, their sealed hash decides."""
    if one.content != other.content:
        return False
    if one.memo and other.memo:
        return one.memo == other.memo
    for sealed, open_ in ((one, other), (other, one)):
        if sealed.memo:
            return bool(open_.texts) and memo_hash(open_.texts, sealed.memo[1]) == sealed.memo[0]
    return one.texts == other.texts


def _note(faults: Faults, word: Word, part: str, expected: str, found: str) -> None:
    faults.note(word.line, word.columns.get(part, 1), expected, found)


# declarations


def _check_declarations(journal: Journal, books: Books, known: Known, faults: Faults) -> None:
    first: dict[tuple[str, ...], Declaration] = {}
    for item in journal.items:
        if not isinstance(item, Declaration) or not all(item.codes):
            continue
        form = FORMS[item.word]
        own = item.codes[:1] if form.own else item.codes
        what = " ".join((item.word, *own))
        namesakes = [first.setdefault((name, *own), item) for name in (item.word, form.codes[0])]
        before = next((before for before in namesakes if _contradicts(before, item)), None)
        if before:
            _note(faults, item, "code 0", f"{what} as line {before.line} declares it", "another declaration")
        elif _contradicts_ledger(item, known):
            _note(faults, item, "code 0", f"{what} as the ledger has it", "another declaration")
        if item.word == LOAN and not LOAN_CODE.fullmatch(item.codes[0]):
            _note(faults, item, "code 0", "the loan's community fund and number as FUND/7", item.codes[0])
        if item.word == PROJECT and not books.project_fund(item.codes[0]):
            _note(faults, item, "code 0", "a project with its fund: below", "a project without one")


def _contradicts(before: Declaration, item: Declaration) -> bool:
    """Whether a code was declared differently. One body may be contributor and organization, with settings for each."""
    if before.word == item.word:
        return (before.codes, before.title, _settings(before)) != (item.codes, item.title, _settings(item))
    one, other = dict(_settings(before)), dict(_settings(item))
    titles = {before.title, item.title} - {""}
    return len(titles) > 1 or any(one[key] != other[key] for key in one.keys() & other.keys())


def _settings(declaration: Declaration) -> list[tuple[str, list[str]]]:
    """Its settings by key, each with its values in order."""
    values: dict[str, list[str]] = {}
    for setting in declaration.settings:
        values.setdefault(setting.key, []).append(setting.value)
    return sorted(values.items())


def _contradicts_ledger(item: Declaration, known: Known) -> bool:
    """Whether it would change what entries of the ledger rest on."""
    code = item.codes[0]
    if item.word == AGREEMENT:
        return known.agreements.get(code, item.codes[1:]) != item.codes[1:]
    stands: dict[str, str] = {}
    if item.word == FUND and code in known.funds:
        stands = {"currency": known.funds[code]}
    if item.word == PROJECT and code in known.projects:
        stands = dict(zip(("fund", "kind"), known.projects[code], strict=True))
    if item.word == "community" and code in known.communities:
        project, currency = known.communities[code]
        if item.codes[1] != project:
            return True
        stands = {"currency": currency}
    said = ((key, item.setting(key)) for key in stands)
    return any(setting is not None and setting.first != stands[key] for key, setting in said)


# words: a reader has noted these already; what a verb says was read by nobody


def _check_words(item: Item, faults: Faults) -> None:
    if not isinstance(item, Keyed) or item.line:
        return
    if not KEY.fullmatch(f"^{item.key}") or len(item.key) > LONGEST_KEY:
        _note(faults, item, "key", f"a key as ^KEY of at most {LONGEST_KEY} characters", f"^{item.key}")
    if "\0" in texts(item):
        _note(faults, item, "", "text without the character NUL", "NUL")
    if isinstance(item, Revolving):
        _check_moved(item, faults)
    if not isinstance(item, Voucher):
        return
    for line in item.lines:
        kind = kinds.KINDS.get(line.movement)
        categorized = line.movement == BUDGET or (kind is not None and kind.categorized)
        for is_wrong, part, expected, found in (
            (kind is None and line.movement != BUDGET, "", "a movement or budget", line.movement),
            (categorized and line.category not in kinds.CATEGORIES, "category", "a category", line.category),
            (
                kind is not None and kind.categorized and line.standing not in kinds.STANDINGS,
                "standing",
                "a standing",
                line.standing,
            ),
            (line.amount < 0 and not (kind and kind.either_sign), "amount", "an amount from 0 up", f"{line.amount:f}"),
        ):
            if is_wrong:
                _note(faults, line, part, expected, found or "nothing")


def _check_moved(item: Revolving, faults: Faults) -> None:
    for line in item.lines:
        for is_wrong, part, expected, found in (
            (line.what not in IN_THE_BOX, "", "what moves in a box", line.what),
            ((line.loan is not None) != (line.what in OF_A_LOAN), "loan", "a loan where one is moved", str(line.loan)),
            ((line.terms is not None) != (line.what == LENT), "terms", "terms of what is lent", str(line.terms)),
        ):
            if is_wrong:
                _note(faults, line, part, expected, found or "nothing")


# codes


class _Use(NamedTuple):
    """A code that something names without declaring it."""

    namespace: str
    code: str
    line: int
    column: int


def _check_codes(item: Item, books: Books, faults: Faults) -> None:
    for use in _uses(item):
        if use.code and not any(
            books.has(namespace, use.code) for namespace in EITHER.get(use.namespace, [use.namespace])
        ):
            faults.note(use.line, use.column, f"a declared {use.namespace}", use.code)


def _uses(item: Item) -> Iterator[_Use]:
    match item:
        case Declaration():
            yield from _uses_of_declaration(item)
        case Voucher():
            for line in item.lines:
                yield from _uses_of_place(line.left, alone(line.movement, "left"), line, "left")
                if line.right:
                    yield from _uses_of_place(line.right, alone(line.movement, "right"), line, "right")
                yield _use(AGREEMENT, line.under, line, "under")
        case StatusChange():
            yield from _uses_of_place(item.place, FUND_OR_PROJECT, item, "place")
        case Extend():
            yield _use(PROJECT, item.project, item, "place")
        case Revolving():
            yield _use(COMMUNITY, item.community, item, "place")
            for moved in item.lines:
                yield _use(LOAN, loan_code(item.community, moved.loan) if moved.loan else "", moved, "loan")
        case _:
            yield _use(FUND, item.fund, item, "place")


def _use(namespace: str, code: str, word: Word, part: str, behind: int = 0) -> _Use:
    return _Use(namespace, code, word.line, word.columns.get(part, 1) + behind)


def _uses_of_declaration(item: Declaration) -> Iterator[_Use]:
    form = FORMS[item.word]
    for place, (namespace, code) in enumerate(zip(form.codes, item.codes, strict=False)):
        if place or not form.own:
            yield _use(namespace, code, item, f"code {place}")
    if item.word == LOAN:
        yield _use(COMMUNITY, item.codes[0].rpartition("/")[0], item, "code 0")
    for setting in item.settings:
        if setting.key in (FUND, WINDOW):
            yield _use(setting.key, setting.first, setting, "value 0")
        if (item.word, setting.key) == (PROJECT, "participant"):
            yield _use(BODY, setting.first, setting, "value 0")


def _uses_of_place(place: Place, namespace: str, word: Word, part: str) -> Iterator[_Use]:
    """namespace: what a code alone names there, "" where it may not stand alone."""
    if place.shape == ALONE and namespace:
        yield _use(namespace, place.code, word, part)
    elif place.shape == OF_FUND:
        yield _use(FUND, place.code, word, part)
    elif place.shape == PARTICIPATION:
        yield _use(PROJECT, place.code, word, part)
        yield _use(BODY, place.organization or "", word, part, behind=len(place.code) + 1)


# amounts


def _check_amounts(item: Item, books: Books, faults: Faults) -> None:
    match item:
        case Voucher():
            for line in item.lines:
                _check_amount(line.amount, books.line_currency(line), line, "amount", faults)
                if line.original:
                    _check_amount(line.original.amount, line.original.currency, line, "(", faults)
        case Declaration(word="agreement"):
            _check_agreed(item, faults)
        case Revolving():
            for moved in item.lines:
                _check_amount(moved.amount, books.community_currency(item.community), moved, "amount", faults)
                if moved.amount <= 0:
                    _note(faults, moved, "amount", "an amount above 0", number(moved.amount, None))
        case Assertion() if not item.is_percentage:
            _check_amount(item.amount, books.currency(item.fund), item, "amount", faults)


def _check_agreed(agreement: Declaration, faults: Faults) -> None:
    """The agreement's own amount, and its instalments in the same currency."""
    agreed = agreement.setting("amount")
    currency = agreed.parts[1] if agreed and len(agreed.parts) > 1 else None
    for setting in agreement.settings:
        place = {"amount": 0, "instalment": 1}.get(setting.key, len(setting.parts))
        amount = read_number(setting.parts[place]) if place < len(setting.parts) else None
        if amount is not None:
            _check_amount(amount, currency, setting, f"value {place}", faults)


def _check_amount(amount: Decimal, currency: str | None, word: Word, part: str, faults: Faults) -> None:
    if currency and minor_units(amount, currency) is None:
        is_fine = written_decimals(amount) <= exponent(currency)
        _note(faults, word, part, HELD if is_fine else digits_of(currency), number(amount, None))


# keys


class _Keys:
    """The posting keys in chain order: what stands under each, and which entries were reversed by which key."""

    def __init__(self, known: Known, faults: Faults) -> None:
        self._faults = faults
        self._ledger = known.posted
        self._under: dict[str, tuple[Posted, int]] = {}  # with the line it was first used in
        self._reversed: dict[tuple[str, int], str] = {}

    @property
    def said(self) -> dict[str, Posted]:
        """What each new key stands for."""
        return {key: new for key, (new, _) in self._under.items()}

    def check(self, item: Keyed) -> None:
        """The key is new, or says what it said before: then nothing of the item is posted again."""
        if not item.key:
            return
        new = posted(item)
        here, line = self._under.get(item.key, (None, 0))
        before = here or self._ledger.get(item.key)
        if before is None:
            for reference in item.references if isinstance(item, Voucher) else ():
                self._reverse(reference, item.key, new)
            if isinstance(item, Revolving):
                self._take_back(item)
            self._under[item.key] = (new, item.line)
        elif not says_the_same(before, new):
            where = f"line {line}" if here else "the ledger"
            expected = f"a new key, or what ^{item.key} says in {where}"
            _note(self._faults, item, "key", expected, f"^{item.key} with other content")

    def _reverse(self, reference: Reference, by: str, new: Posted) -> None:
        if not reference.key:
            return
        here, _ = self._under.get(reference.key, (None, 0))
        stands = here or self._ledger.get(reference.key)
        if stands is None:
            _note(self._faults, reference, "", "a key that was posted before", f"^{reference.key}")
        elif stands.entries is None:
            _note(self._faults, reference, "", "the key of a voucher", f"^{reference.key}, a directive's")
        elif reference.entry and reference.entry > len(stands.entries):
            expected = f"an entry of ^{reference.key}, which has {len(stands.entries)}"
            _note(self._faults, reference, "", expected, f"^{reference.key}#{reference.entry}")
        else:
            self._reverse_entries(reference, by, stands, new)

    def _take_back(self, item: Revolving) -> None:
        """A posting of a community fund moves something, or takes back another one as a whole: never both, never twice."""
        if not item.reverses:
            if not item.lines:
                _note(self._faults, item, "", "a line under it, or what it reverses", "nothing")
            return
        here, _ = self._under.get(item.reverses, (None, 0))
        stands = here or self._ledger.get(item.reverses)
        earlier = self._reversed.get((item.reverses, 0))
        expected = ""
        if item.lines:
            expected = "no line under a reversal"
        elif stands is None:
            expected = "a key that was posted before"
        elif stands.community != item.community:
            expected = f"the key of what moved in {item.community}"
        elif stands.takes_back:
            expected = "a key that reverses nothing itself"
        elif earlier or 0 in stands.reversed:
            expected = "a key that is not reversed yet"
        if expected:
            _note(self._faults, item, "reverses", expected, f"^{item.reverses}")
        self._reversed[item.reverses, 0] = item.key

    def _reverse_entries(self, reference: Reference, by: str, stands: Posted, new: Posted) -> None:
        """Replacing reverses the entries of the participations and years that occur in the new voucher."""
        entries = stands.entries or ()
        chosen = [reference.entry] if reference.entry else range(len(entries) + 1)
        if reference.word == REPLACES:
            occurring = {entry for entry in new.entries or () if entry[0]}
            chosen = [number for number in chosen if number and entries[number - 1] in occurring]
        for entry in chosen:
            earlier = self._reversed.get((reference.key, entry))
            if earlier or entry in stands.reversed:
                found = f"^{reference.key}#{entry}" if entry else f"^{reference.key}"
                found += f", reversed by ^{earlier}" if earlier else ", reversed in the ledger"
                _note(self._faults, reference, "", "an entry that is not reversed yet", found)
                return
        self._reversed |= {(reference.key, entry): by for entry in chosen}
