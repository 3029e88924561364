"""Random stories of pooled funds from a seed: what happens in them, told to the model and written as a journal."""

import random
import string
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from .model import EXPONENTS, Directive, Line, Model, Reference, Voucher

Action = Voucher | Directive

ARROWS = {
    **dict.fromkeys(("pledge", "commitment", "commitment_change", "deposit", "organization_interest"), "<"),
    **dict.fromkeys(("refund", "direct_cost_refund", "fund_receipt"), "<"),
    **dict.fromkeys(("allocation", "transfer", "fund_transfer", "contributor_refund", "direct_cost"), ">"),
}
# Faults of the program that stories found and that stand: left out, so that stories find more. test_simulator.py tells each.
UNMENDED: frozenset[str] = frozenset()
EITHER_SIGN = ("commitment_change", "fund_interest", "organization_interest", "other_income", "allocation")
EITHER_SIGN += ("agent_fee", "bank_charge", "expenditure")
CATEGORIES = ("staff", "supplies", "equipment", "contractual", "travel", "grants", "operating", "indirect")
OLD_CATEGORIES = ("old-supplies", "old-personnel", "old-training", "old-contracts", "old-other", "old-indirect")
STATUSES = ("pipeline", "approved", "ongoing", "operationally-closed", "financially-closed")
STATUSES += ("suspended", "cancelled", "terminated-early")
WORDS = (
    *("Steering committee, minute 4", "amendment 1", "Ñandú «agua»", 'said "so"', "a; no comment", "back\\slash"),
    *("two\\nlines", "水", "-", "x" * 300, "tab\there", "{braces} %s ?", "'); DROP TABLE books_entry; --"),
)


@dataclass
class Step:
    """One file on its way to the ledger. wrong: what is wrong with it, "" where nothing is."""

    text: str
    strict: bool
    wrong: str
    actions: list[Action]
    kinds: list[str]


class Story:
    """One story: the codes of its world, and one file after the other."""

    def __init__(self, number: int, model: Model) -> None:
        self.random = random.Random(number)
        self.number, self.model = number, model
        self.count = 0
        self.kinds: Counter[str] = Counter()
        self.told: list[tuple[Action, str]] = []  # what stands in the ledger, with its text
        self.year = self.random.randint(2004, 2020)
        self._world()

    # the world

    def _world(self) -> None:
        rng = self.random
        style = rng.choice(("{0}{1}{2}", "{1}-{0}.{2}", "{0}_{1}{2}", "-{1}{0}--{2}", "{1}{0}x{2}", "{1}{0}-2D-{2}"))
        names = rng.choice((str.upper, str.lower))

        def code(word: str, n: int) -> str:
            return style.format(self.number, names(word), n)

        currencies = ["USD", "JPY", "KWD", "EUR"]
        rng.shuffle(currencies)
        count = rng.choice((1, 2, 2, 3))
        self.funds = {code("F", n): rng.choice(currencies[:2]) if n else currencies[0] for n in range(count)}
        self.contributors = [code("C", n) for n in range(rng.randint(1, 3))]
        self.organizations = [code("O", n) + rng.choice(("", "", "/UNDP")) for n in range(rng.randint(1, 3))]
        self.projects = {
            code("P", n): (rng.choice(list(self.funds)), rng.random() < 0.25) for n in range(rng.randint(1, 4))
        }
        self.agreements = {
            code("A", n): (rng.choice(list(self.funds)), rng.choice(self.contributors))
            for n in range(rng.randint(1, 3))
        }
        self.mous = [(f, o) for f in self.funds for o in self.organizations if rng.random() < 0.7]
        self.model.currencies |= self.funds
        self.model.projects |= self.projects

    def declarations(self) -> str:
        """The codes of the world as a journal declares them, in any order."""
        rng = self.random
        said = [
            *(
                f"fund {code}{self._quoted(self.text())}\n    currency: {currency}\n    agent-fee: 1%"
                for code, currency in self.funds.items()
            ),
            *(f'contributor {code} "Contributor {n}"' for n, code in enumerate(self.contributors)),
            *(f'organization {code} "Organization {n}"\n    group: UNDP' for n, code in enumerate(self.organizations)),
            *(
                f"project {code}\n    fund: {fund}" + ("\n    kind: direct-cost" if direct else "")
                for code, (fund, direct) in self.projects.items()
            ),
            *(f"agreement {code} {fund} {body}" for code, (fund, body) in self.agreements.items()),
            *(f"mou {fund} {body}\n    indirect-cost: 7%" for fund, body in self.mous),
        ]
        rng.shuffle(said)
        return "\n".join(said) + "\n"

    # files

    def first(self) -> Step:
        """The declarations, alone."""
        return Step(self.declarations(), False, "", [], [])

    def next(self) -> Step:
        """The next file; what it tells, the model has been told."""
        rng = self.random
        wrong = rng.random() < 0.2
        count = rng.choice((0, 1, 1, 2)) if wrong else rng.choice((1, 1, 1, 1, 2, 3, 5))
        actions, parts, kinds = [], [], []
        for _ in range(count):
            kind, action, text = self._action()
            self.model.post(action)
            actions.append(action)
            self.told.append((action, text))
            kinds.append(kind)
            parts.append(text)
        name = ""
        if wrong:
            name = rng.choice([name for name in WRONG if name not in UNMENDED])
            parts.insert(rng.randint(0, len(parts)), WRONG[name](self))
        text = "".join(parts)
        if rng.random() < 0.1:
            text = text.replace("\n", "\r\n")
        self.kinds.update(kinds)
        if name:
            self.kinds[f"wrong: {name}"] += 1
        return Step(text, rng.random() < 0.3, name, actions, kinds)

    def refused(self, step: Step) -> None:
        """What the file told did not happen."""
        if step.actions:
            del self.told[-len(step.actions) :]

    def whole_reversal(self) -> tuple[str, str]:
        """A voucher, and its reversal as a whole; the model has been told of both."""
        _, action, text = self._new(only_vouchers=True)
        self.model.post(action)
        back = Voucher(self.day(), "reversal", self.key(), (), (Reference("reverses", action.key),), self.text())
        self.model.post(back)
        self.told += [(action, text), (back, self.written(back))]
        self.kinds["reversal, of the one before it"] += 1
        return text, self.told[-1][1]

    # what happens

    def _action(self) -> tuple[str, Action, str]:
        """The next thing to happen, often in one of the usual ways, sometimes told again."""
        if self.told and self.random.random() < 0.08:
            action, text = self.random.choice(self.told)
            again = text if self.random.random() < 0.5 else self.written(action)
            return "told again", action, again
        return self._new()

    def _new(self, *, only_vouchers: bool = False) -> tuple[str, Action, str]:
        rng = self.random
        while True:
            name = rng.choices(list(TOLD), weights=[weight for weight, _ in TOLD.values()])[0]
            action = TOLD[name][1](self)
            if action is not None and not (only_vouchers and (isinstance(action, Directive) or not action.lines)):
                return name, action, self.written(action)

    def key(self) -> str:
        self.count += 1
        return self.random.choice(("{0}-{1}", "K{1}/{0}", "{0}.k_{1}")).format(self.number, self.count)

    def day(self) -> date:
        rng = self.random
        year = self.year + rng.randint(0, 4)
        if rng.random() < 0.3:
            return rng.choice((date(year, 12, 31), date(year, 1, 1), date(year, 12, 30)))
        return date(year, 1, 1) + timedelta(days=rng.randrange(365))

    def text(self) -> str:
        return self.random.choice(WORDS) if self.random.random() < 0.6 else ""

    def units(self, movement: str = "") -> int:
        rng = self.random
        most = rng.choice((10, 1_000, 10**5, 10**7, 10**7, 10**9, 10**13))
        units = 0 if rng.random() < 0.02 else rng.randint(1, most)
        return -units if movement in EITHER_SIGN and rng.random() < 0.25 else units

    def fund(self) -> str:
        return self.random.choice(list(self.funds))

    def participation(self, *, direct: bool | None = None) -> tuple[str, str, str] | None:
        """Fund, project and organization."""
        rng = self.random
        some = [p for p, (_, is_direct) in self.projects.items() if direct is None or is_direct == direct]
        if not some:
            return None
        project = rng.choice(some)
        return self.projects[project][0], project, rng.choice(self.organizations)

    def line(self, movement: str, fund: str, **more: object) -> Line:
        """A line with whatever may stand on any: a year, an original amount, a note."""
        rng = self.random
        more.setdefault("units", self.units(movement))
        if "original" not in more and rng.random() < 0.1:
            more["original"] = self.original(movement)
        if rng.random() < 0.1:
            more["note"] = self.text()
        return Line(movement, fund, **more)  # type: ignore[arg-type]

    def original(self, movement: str = "", currency: str = "") -> tuple[int, str, str]:
        rng = self.random
        rate = rng.choice(("", "7.25", "1.0780", "0.000001", "80"))
        return self.units(movement), currency or rng.choice(list(EXPONENTS)), rate

    def voucher(
        self, kind: str, *lines: Line, references: tuple[Reference, ...] = (), on: date | None = None
    ) -> Voucher:
        return Voucher(on or self.day(), kind, self.key(), lines, references, self.text())

    def towards(self, movement: str, direct: bool | None = None) -> Line:
        """A line between a fund and a participation, sometimes one that the source does not name."""
        rng = self.random
        found = self.participation(direct=direct)
        if found is None or rng.random() < 0.12:
            return self.line(movement, self.fund(), unstated=rng.choice(("?", "fund")))
        fund, project, organization = found
        if rng.random() < 0.05:
            fund = self.fund()  # several funds may pay for a project
        return self.line(movement, fund, project=project, organization=organization)

    def spent(self, standing: str, organization: tuple[str, str, str] | None = None, **more: object) -> Line:
        rng = self.random
        category = rng.choice((*CATEGORIES, *CATEGORIES, *OLD_CATEGORIES, "uncategorized"))
        if rng.random() < 0.5:
            more.setdefault("year", self.year + rng.randint(0, 4))
        if rng.random() < 0.1:
            more["adjusts"] = self.year
        found = organization or self.participation()
        if found is None or (organization is None and rng.random() < 0.05):
            return self.line("expenditure", self.fund(), category=category, standing=standing, unstated="fund", **more)
        fund, project, body = found
        return self.line(
            "expenditure", fund, project=project, organization=body, category=category, standing=standing, **more
        )

    # text

    def written(self, action: Action) -> str:
        """The action as one of the texts that say it."""
        rng = self.random
        if isinstance(action, Directive):
            return f"{action.on} {' '.join(action.words)} ^{action.key}{self._quoted(action.note)}\n"
        references = "".join(f" {r.word} ^{r.key}{f'#{r.entry}' if r.entry else ''}" for r in action.references)
        head = f"{action.on} {action.kind} ^{action.key}{references}{self._quoted(action.title)}"
        metas = [
            *(["    by: clerk-7"] if rng.random() < 0.1 else []),
            *(["    approved: ana", "    approved: ben"] if rng.random() < 0.1 else []),
            *(["    recorded: 2015-01-02T03:04:05.678Z"] if rng.random() < 0.1 else []),
        ]
        lines = [rng.choice(("    ", "\t", "  ")) + self.written_line(line) for line in action.lines]
        comments = ["; a comment"] if rng.random() < 0.1 else []
        return "\n".join([*comments, head, *metas, *lines]) + "\n"

    def written_line(self, line: Line) -> str:
        rng = self.random
        participation = f"{line.project}/{line.organization}"
        missing = f"{line.fund}/?" if line.unstated == "fund" else "?"
        words = [line.movement.replace("_", "-")]
        if line.movement in ("expenditure", "write_off", "budget"):
            words.append(missing if line.unstated else participation)
        else:
            other = line.contributor or line.other or (participation if line.project else line.organization)
            words.append(line.fund)
            if line.movement in ARROWS:
                words += [ARROWS[line.movement], missing if line.unstated else other]
        said = [word for word in (line.category, line.standing) if word]
        rng.shuffle(said)
        tail = [f"year {line.year}"] if line.year else []
        tail += [f"adjusts {line.adjusts}"] if line.adjusts else []
        tail += [f"under {line.agreement}"] if line.agreement else []
        if line.original:
            units, currency, rate = line.original
            tail.append(f"({self.number_of(units, currency)} {currency}{f' @ {rate}' if rate else ''})")
        rng.shuffle(tail)
        amount = self.number_of(line.units, self.funds[line.fund])
        return " ".join([*words, *said, amount, *tail]) + self._quoted(line.note)

    def number_of(self, units: int, currency: str) -> str:
        """An amount in one of the ways it may be written."""
        exponent, rng = EXPONENTS[currency], self.random
        whole, rest = divmod(abs(units), 10**exponent)
        text = f"{whole:,}" if rng.random() < 0.5 else str(whole)
        digits = f"{rest:0{exponent}}" if exponent else ""
        if rng.random() < 0.3:
            digits = digits.rstrip("0")
        return ("-" if units < 0 else "") + text + (f".{digits}" if digits else "")

    @staticmethod
    def _quoted(text: str) -> str:
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return f' "{escaped}"' if text else ""

    def vouchers(self) -> Iterator[Voucher]:
        """Those that stand, the last one first."""
        for action, _ in reversed(self.told):
            if isinstance(action, Voucher):
                yield action


# What happens, by name: how often, and how


def _promise(movement: str) -> Callable[[Story], Action | None]:
    def told(story: Story) -> Action | None:
        code, (fund, body) = story.random.choice(list(story.agreements.items()))
        under = code if movement != "pledge" else ""
        return story.voucher("agreement", story.line(movement, fund, contributor=body, agreement=under))

    return told


def _deposit(story: Story) -> Action:
    rng = story.random
    code, (fund, body) = rng.choice(list(story.agreements.items()))
    if rng.random() < 0.4:
        fund, body, code = story.fund(), rng.choice(story.contributors), ""
    who = {"unstated": "?"} if rng.random() < 0.15 else {"contributor": body}
    line = story.line("deposit", fund, agreement=code, **who)
    if rng.random() < 0.3:
        line = replace(line, original=story.original())
    lines = [line]
    if rng.random() < 0.7:
        lines.append(story.line("agent_fee", fund, units=line.units // 100))
    return story.voucher("deposit", *lines)


def _towards(kind: str, movement: str, direct: bool | None = None) -> Callable[[Story], Action | None]:
    def told(story: Story) -> Action | None:
        lines = [story.towards(movement, direct) for _ in range(story.random.choice((1, 1, 2, 4)))]
        return story.voucher(kind, *lines)

    return told


def _alone(movement: str) -> Callable[[Story], Action | None]:
    return lambda story: story.voucher("charges", story.line(movement, story.fund()))


def _organization_interest(story: Story) -> Action:
    line = story.towards("organization_interest")
    if line.organization and "/" not in line.organization and story.random.random() < 0.3:
        line = replace(line, project="")  # the organization alone: with a "/" it would be read as a participation
    return story.voucher("charges", line)


def _to_another_funds_cost(story: Story) -> Action:
    return story.voucher("charges", story.line("direct_cost", story.fund(), other=story.fund()))


def _fund_transfer(story: Story) -> Action | None:
    rng = story.random
    if len(story.funds) < 2:
        return None
    lines: list[Line] = []
    for _ in range(rng.choice((1, 1, 2))):
        one, other = rng.sample(list(story.funds), 2)
        again = [line for line in lines if line.movement == "fund_transfer"]
        if again and rng.random() < 0.5 and "the same transfer twice" not in UNMENDED:
            lines.append(again[0])  # twice the same: two receipts of the same amount
            continue
        is_abroad = story.funds[one] != story.funds[other]
        more = {"original": story.original(currency=story.funds[other])} if is_abroad else {}
        line = story.line("fund_transfer", one, other=other, **more)
        lines.append(line)
        if rng.random() < 0.2 and not (is_abroad and "a receipt abroad written down" in UNMENDED):  # both sides are
            units = line.original[0] if is_abroad and line.original else line.units
            lines.append(Line("fund_receipt", other, units, other=one))
    return story.voucher("fund-transfer", *lines)


def _fund_receipt(story: Story) -> Action | None:
    if len(story.funds) < 2:
        return None
    one, other = story.random.sample(list(story.funds), 2)
    return story.voucher("fund-transfer", story.line("fund_receipt", one, other=other))


def _contributor_refund(story: Story) -> Action:
    rng = story.random
    who = {"unstated": "?"} if rng.random() < 0.15 else {"contributor": rng.choice(story.contributors)}
    return story.voucher("contributor-refund", story.line("contributor_refund", story.fund(), **who))


def _of_participation(kind: str, movement: str) -> Callable[[Story], Action | None]:
    def told(story: Story) -> Action | None:
        found = story.participation()
        if found is None:
            return None
        fund, project, body = found
        more = {"category": story.random.choice(CATEGORIES)} if movement == "budget" else {}
        if story.random.random() < 0.1:
            return story.voucher(kind, story.line(movement, fund, unstated="fund", **more))
        return story.voucher(kind, story.line(movement, fund, project=project, organization=body, **more))

    return told


def _return(standing: str) -> Callable[[Story], Action | None]:
    def told(story: Story) -> Action | None:
        return story.voucher("return", *(story.spent(standing) for _ in range(story.random.choice((1, 2, 3, 6)))))

    return told


def _replacing(story: Story) -> Action | None:
    """A certified return in the place of an earlier one, or of some of its lines."""
    rng = story.random
    for before in story.vouchers():
        spent = [line for line in before.lines if line.movement == "expenditure" and line.project]
        if not spent or rng.random() < 0.4:
            continue
        whose = {(e.fund, e.project, e.organization, e.year or before.on.year) for e in spent}
        some = rng.sample(sorted(whose), rng.randint(1, len(whose)))
        lines = [story.spent("certified", (f, p, o), year=year) for f, p, o, year in some]
        if rng.random() < 0.2:
            lines.append(story.spent("certified"))
        entry = rng.randint(1, len(before.lines)) if rng.random() < 0.15 else None
        reference, on = Reference("replaces", before.key, entry), story.day()
        if story.model.may_take_back(reference, tuple(lines), on):
            return story.voucher("return", *lines, references=(reference,), on=on)
    return None


def _reversal(*, of_one: bool) -> Callable[[Story], Action | None]:
    def told(story: Story) -> Action | None:
        rng = story.random
        kind = "reversal" if rng.random() < 0.8 else "correction"
        lines = (story.spent("certified"),) if kind == "correction" else ()
        references: list[Reference] = []
        for before in story.vouchers():
            if rng.random() < 0.3 or before.key in {r.key for r in references} or (of_one and not before.lines):
                continue
            reference = Reference("reverses", before.key, rng.randint(1, len(before.lines)) if of_one else None)
            if story.model.may_take_back(reference, lines, story.day()):
                references.append(reference)
                if rng.random() < 0.85:
                    break
        return story.voucher(kind, *lines, references=tuple(references)) if references else None

    return told


def _yearly(kind: str) -> Callable[[Story], Action | None]:
    """A year's totals without vouchers."""

    def told(story: Story) -> Action | None:
        rng = story.random
        year = story.year - rng.randint(0, 3)
        lines = []
        for movement in rng.sample(("deposit", "agent_fee", "transfer", "fund_interest", "refund"), rng.randint(1, 3)):
            more = {"unstated": "?"} if movement in ("deposit", "transfer", "refund") else {}
            lines.append(story.line(movement, story.fund(), year=year, **more))
        if rng.random() < 0.5:
            lines.append(story.spent("certified", year=year))
        return story.voucher(kind, *lines)

    return told


def _directive(*words: str) -> Callable[[Story], Action | None]:
    def told(story: Story) -> Action | None:
        rng = story.random
        year = str(story.year + rng.randint(0, 4))
        fund, project, body = story.participation() or (story.fund(), "", "")
        said: tuple[str, ...] = (*words, fund, year)
        if words == ("status",):
            place = rng.choice((fund, project, f"{project}/{body}"))
            said = (*words, place, rng.choice(STATUSES))
        elif words == ("extend",):
            said = (*words, project, str(story.day()))
        return Directive(story.day(), said, story.key(), story.text())

    return told


TOLD: dict[str, tuple[int, Callable[[Story], Action | None]]] = {
    "pledge": (2, _promise("pledge")),
    "commitment": (3, _promise("commitment")),
    "commitment change": (2, _promise("commitment_change")),
    "deposit": (8, _deposit),
    "agent fee": (1, _alone("agent_fee")),
    "allocation": (5, _towards("allocation", "allocation")),
    "transfer": (8, _towards("transfer", "transfer")),
    "refund": (4, _towards("refund", "refund")),
    "fund interest": (2, _alone("fund_interest")),
    "organization interest": (3, _organization_interest),
    "other income": (1, _alone("other_income")),
    "bank charge": (1, _alone("bank_charge")),
    "direct cost": (3, _towards("charges", "direct_cost", True)),
    "direct cost of another fund": (1, _to_another_funds_cost),
    "direct cost refund": (2, _towards("charges", "direct_cost_refund", True)),
    "fund transfer": (5, _fund_transfer),
    "fund receipt": (1, _fund_receipt),
    "budget": (3, _of_participation("budget", "budget")),
    "interim return": (6, _return("interim")),
    "certified return": (4, _return("certified")),
    "replacing return": (6, _replacing),
    "reversal": (4, _reversal(of_one=False)),
    "reversal of entries": (4, _reversal(of_one=True)),
    "write-off": (2, _of_participation("write-off", "write_off")),
    "contributor refund": (2, _contributor_refund),
    "opening": (2, _yearly("opening")),
    "carried": (2, _yearly("carried")),
    "close year": (2, _directive("close-year")),
    "reopen year": (1, _directive("reopen-year")),
    "status": (3, _directive("status")),
    "extend": (1, _directive("extend")),
}


# What is wrong, by name: each refuses its whole file


def _line(text: str, kind: str = "charges") -> Callable[[Story], str]:
    """A voucher with one line. F: a fund, C: a contributor, P: a participation, A: an agreement, D: digits too many."""

    def wrong(story: Story) -> str:
        project = story.random.choice(list(story.projects))
        fund = story.projects[project][0]
        codes = {
            "F": fund,
            "C": story.contributors[0],
            "P": f"{project}/{story.organizations[0]}",
            "A": next(iter(story.agreements)),
            "D": f"1.{'0' * EXPONENTS[story.funds[fund]]}1",
        }
        return f"{story.day()} {kind} ^{story.key()}\n    {string.Template(text).substitute(codes)}\n"

    return wrong


def _head(text: str) -> Callable[[Story], str]:
    def wrong(story: Story) -> str:
        fund, project = story.fund(), next(iter(story.projects))
        codes = {"K": story.key(), "DAY": str(story.day()), "F": fund, "P": project}
        return string.Template(text).substitute(codes) + "\n"

    return wrong


def _reversed_twice(story: Story) -> str:
    """An entry that was taken back before, or once more in the same file."""
    rng = story.random
    undone = [r for voucher in story.vouchers() for r in voucher.references if r.word == "reverses"]
    if undone:
        one = rng.choice(undone)
        number = f"#{one.entry}" if one.entry else ""
        return f"{story.day()} reversal ^{story.key()} reverses ^{one.key}{number}\n"
    key = story.key()
    made = f"{story.day()} charges ^{key}\n    bank-charge {story.fund()} 1\n"
    return made + "".join(f"{story.day()} reversal ^{story.key()} reverses ^{key}\n" for _ in range(2))


def _other_content(story: Story) -> str:
    """A key that stands, with something else under it."""
    stands = [(action, text) for action, text in story.told if isinstance(action, Voucher) and action.lines]
    if not stands:
        key, fund = story.key(), story.fund()
        return "".join(f"{story.day()} charges ^{key}\n    bank-charge {fund} {n}\n" for n in (1, 2))
    action, _ = story.random.choice(stands)
    assert isinstance(action, Voucher)
    other = story.random.choice(
        (
            replace(action, on=action.on + timedelta(days=1)),
            replace(action, title=f"{action.title}, said otherwise"),
            replace(action, lines=(*action.lines[:-1], replace(action.lines[-1], units=action.lines[-1].units + 1))),
            replace(action, lines=(*action.lines, action.lines[0])),
        )
    )
    return story.written(other)


def _of_a_directive(story: Story) -> str:
    key = story.key()
    return (
        f"{story.day()} close-year {story.fund()} 2012 ^{key}\n{story.day()} reversal ^{story.key()} reverses ^{key}\n"
    )


def _beyond_its_lines(story: Story) -> str:
    key = story.key()
    made = f"{story.day()} charges ^{key}\n    bank-charge {story.fund()} 1\n"
    return made + f"{story.day()} reversal ^{story.key()} reverses ^{key}#2\n"


def _other_currency(story: Story) -> str:
    fund = story.fund()
    other = next(currency for currency in EXPONENTS if currency != story.funds[fund])
    return f"fund {fund}\n    currency: {other}\n"


def _arrives_in_another_currency(story: Story) -> str:
    fund = story.fund()
    other = next(currency for currency in EXPONENTS if currency != story.funds[fund])
    new = f"{story.number}new{story.count}"
    said = f"fund {new}\n    currency: {other}\n"
    return said + f"{story.day()} fund-transfer ^{story.key()}\n    fund-transfer {fund} > {new} 100\n"


def _garbage(story: Story) -> str:
    letters = string.punctuation + string.ascii_letters + "äß水\t\x0b\u2028\ufeff"
    return "%" + "".join(story.random.choice(letters) for _ in range(story.random.randint(0, 80))) + "\n"


WRONG: dict[str, Callable[[Story], str]] = {
    "undeclared fund": _line("bank-charge NOWHERE 1"),
    "undeclared project": _line("transfer $F > NOTHING/NOBODY 1", "transfer"),
    "undeclared contributor": _line("deposit $F < NOBODY 1", "deposit"),
    "undeclared agreement": _line("deposit $F < $C 1 under NOTHING", "deposit"),
    "too many decimals": _line("deposit $F < $C $D", "deposit"),
    "too large": _line("deposit $F < $C 1000000000000001", "deposit"),
    "negative deposit": _line("deposit $F < $C -1", "deposit"),
    "negative transfer": _line("transfer $F > $P -1", "transfer"),
    "negative refund": _line("refund $F < $P -1", "refund"),
    "negative budget": _line("budget $P travel -1", "budget"),
    "negative write-off": _line("write-off $P -1", "write-off"),
    "unknown movement": _line("gift $F < $C 1"),
    "unknown category": _line("expenditure $P lunch interim 1", "return"),
    "unknown currency": _line("deposit $F < $C 1 (2 XYZ)", "deposit"),
    "unknown kind": _head("$DAY gift ^$K"),
    "unknown status": _head("$DAY status $P finished ^$K"),
    "no standing": _line("expenditure $P travel 1", "return"),
    "no amount": _line("deposit $F < $C", "deposit"),
    "no agreement": _line("commitment $F < $C 1", "agreement"),
    "no key": _head("$DAY charges\n    bank-charge $F 1"),
    "no such day": _head("2013-02-29 charges ^$K\n    bank-charge $F 1"),
    "no such year": _line("bank-charge $F 1 year 0000"),
    "wrong arrow": _line("transfer $F < $P 1", "transfer"),
    "no arrow": _line("deposit $F $C 1", "deposit"),
    "reverses nothing": _head("$DAY reversal ^$K reverses ^nothing-$K"),
    "reverses a directive": _of_a_directive,
    "reverses beyond its lines": _beyond_its_lines,
    "reversed twice": _reversed_twice,
    "key with other content": _other_content,
    "fund of another currency": _other_currency,
    "transfer abroad without the amount there": _arrives_in_another_currency,
    "unclosed quotation": _line('bank-charge $F 1 "never ends'),
    "garbage": _garbage,
}
