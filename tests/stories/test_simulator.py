"""Random stories are told to the ledger and to a model of a few integers; the two never disagree, and nothing breaks.

A ledger holds several stories. One that fails is written down in seeds.txt, and played first from then on. `--long`
plays ten thousand.
"""

import random
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests import ledgers

from .model import CASH, DIMENSIONS, EXPONENTS, FIGURES, Model, figure, statement
from .simulator import Step, Story

SEEDS = Path(__file__).with_name("seeds.txt")
PER_LEDGER = 20
QUICK = {"sqlite": range(0, 100, PER_LEDGER), "postgresql": range(100, 120, PER_LEDGER)}
LONG = {"sqlite": range(1_000, 10_000, PER_LEDGER), "postgresql": range(10_000, 11_000, PER_LEDGER)}
STEPS = 9  # files of a story
BEAN_CHECK = 100  # every hundredth story, and those that share its ledger


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    plan = LONG if metafunc.config.getoption("--long") else QUICK
    if "first_on_sqlite" in metafunc.fixturenames:
        metafunc.parametrize("first_on_sqlite", plan["sqlite"])
    if "first_on_postgresql" in metafunc.fixturenames:
        metafunc.parametrize("first_on_postgresql", plan["postgresql"])


def test_stories_that_failed_once_are_played_again(request, tmp_path, worker_id):
    template = request.getfixturevalue("_books_template")
    for line in SEEDS.read_text().splitlines():
        numbers, _, engine = line.partition(" ")
        if numbers.startswith("#") or not numbers:
            continue
        home = tmp_path / f"{numbers}-{engine}"
        if engine == "postgresql":
            ledger = ledgers.postgresql(request.getfixturevalue("postgres_folder"), home, worker_id)
        else:
            ledger = ledgers.sqlite(template, home)
        first, _, last = numbers.partition("-")
        play(ledger, range(int(first), int(last) + 1), tmp_path)


def test_the_ledger_on_sqlite_agrees_with_the_model(sqlite_ledger, first_on_sqlite, tmp_path):
    play(sqlite_ledger, range(first_on_sqlite, first_on_sqlite + PER_LEDGER), tmp_path)


@pytest.mark.parametrize("ledger", ["postgresql"], indirect=True)
def test_the_ledger_on_postgresql_agrees_with_the_model(ledger, first_on_postgresql, tmp_path):
    play(ledger, range(first_on_postgresql, first_on_postgresql + PER_LEDGER), tmp_path)


def test_bean_check_says_no_to_a_changed_balance_and_to_a_changed_amount(sqlite_ledger, tmp_path):
    from quipu.books import beancount

    model = Model()
    play_story(sqlite_ledger, Story(7, model), model)
    told = beancount.journal()
    assert bean_check(told, tmp_path) == ""
    balances = [line for line in told.splitlines() if re.match(r"\S+ balance ", line)]
    amounts = [line for line in told.splitlines() if re.match(r"  [A-Z]\S*  -?[1-9]", line)]
    for line, complaint in ((balances[0], "Balance failed"), (amounts[0], "does not balance")):
        changed = re.sub(r"  (-?)([0-9])", lambda found: f"  {found[1]}1{found[2]}", line)
        assert complaint in bean_check(told.replace(line, changed, 1), tmp_path)


# Hostile texts

DECLARED = "fund F1\nfund F2\nfund F3\n    currency: JPY\ncontributor CL\norganization O\nproject P\n    fund: F1\n"
CHARGE = "2012-01-01 charges ^a\n{}    bank-charge F1 1\n"
HOSTILE = {
    "zero in a string": '2012-01-01 deposit ^a "a\0b"\n    deposit F1 < CL 1\n',
    "letters of no line": '2012-01-01 charges ^a "\U0001f600\u202e\ufffe\x0b\x85\u2028"\n    bank-charge F1 1 "\x1f"\n',
    "first day": "0001-01-01 charges ^a\n    bank-charge F1 1\n",
    "last day": "9999-12-31 charges ^a\n    bank-charge F1 1\n",
    "recorded first": CHARGE.format("    recorded: 0001-01-01T00:00:00Z\n"),
    "recorded before": CHARGE.format("    recorded: 0001-01-01T00:00:00+10:00\n"),
    "recorded last": CHARGE.format("    recorded: 9999-12-31T23:59:59-10:00\n"),
    "the most there is": "2012-01-01 charges ^a\n" + "    bank-charge F1 1000000000000000\n" * 50,
    "to itself": "2012-01-01 fund-transfer ^a\n    fund-transfer F1 > F1 5\n",
    "reverses itself": "2012-01-01 reversal ^a reverses ^a\n",
    "reverses twice": CHARGE.format("") + "2012-01-01 reversal ^b reverses ^a reverses ^a\n",
    "agreed above what is kept": "agreement A F1 CL\n    amount: 999999999999999.99 USD\n",
    "a minimum in words": "fund F9\n    minimum-balance: lots\n",
    "signed in words": "mou F1 O\n    signed: yesterday\n",
    "one document twice": CHARGE.format(f'    document: sha256-{"a" * 64} "x"\n    document: sha256-{"a" * 64} "y"\n'),
    "an organization in two names": 'contributor Z "a"\norganization Z "b"\n',
    "nothing of nothing": "2012-01-01 deposit ^a\n    deposit F1 < CL 0 (0 SEK @ 0)\n",
}
# These break the program with another error than a refusal, on PostgreSQL at least.
BREAKING = {
    "a rate in words": "mou F1 O\n    indirect-cost: lots\n2012-12-31 return ^a\n    expenditure P/O travel interim 9\n"
    "    expenditure P/O indirect interim 1\n",
    "a participant nobody declared": "project P7\n    fund: F1\n    participant: NOBODY 12\n",
    "a participant without a name": 'project P7\n    fund: F1\n    participant: ""\n',
    "long code": f"fund {'x' * 65}\n",
    "long title": f'fund F9 "{"t" * 501}"\n',
    "long key": f"2012-01-01 charges ^{'k' * 201}\n    bank-charge F1 1\n",
    "long rate": f"2012-01-01 deposit ^a\n    deposit F1 < CL 1 (1 SEK @ 1.{'0' * 60})\n",
    "long name of a clerk": CHARGE.format(f"    by: {'k' * 600}\n"),
    "long memo": CHARGE.format(f"    memo: {'k' * 200} {'s' * 200}\n"),
    "many approvers": CHARGE.format("".join(f"    approved: person-number-{n}\n" for n in range(40))),
    "long kind": f"project P9\n    fund: F1\n    kind: {'k' * 33}\n",
    "long group": f"organization O9\n    group: {'k' * 501}\n",
    "long alias": f"organization O9\n    alias: {'k' * 501}\n",
    "long category": f"fund F9\n    category: {'k' * 65}\n",
    "long fee": f"fund F9\n    agent-fee: {'k' * 65}\n",
    "long earmark": f"agreement A F1 CL\n    earmark: {'k' * 501}\n",
    "zero in a title": 'fund F9 "a\0b"\n',
    "zero in a setting": 'fund F9\n    overview: "a\0b"\n',
}


def broken_by(ledger: ledgers.Ledger, texts: dict[str, str]) -> dict[str, str]:
    """The texts that are neither posted nor refused."""
    from quipu.rules.findings import Refused

    found = {}
    ledger.post(DECLARED)
    for name, text in texts.items():
        try:
            ledger.post(re.sub(r"\^([ab])\b", rf"^{name.replace(' ', '-')}-\1", text))
        except Refused:
            pass
        except Exception as error:
            found[name] = type(error).__name__
    return found


def test_hostile_texts_are_posted_or_refused(ledger):
    assert broken_by(ledger, HOSTILE) == {}
    is_whole()


def test_what_a_column_cannot_hold_is_refused(ledger):
    assert broken_by(ledger, BREAKING) == {}


# Faults that stories found, each told shortly; those that stand are in simulator.UNMENDED


def test_two_equal_transfers_are_reversed_one_after_the_other(sqlite_ledger):
    line = "    fund-transfer F1 > F2 5\n"
    sqlite_ledger.post(f"{DECLARED}2012-01-01 fund-transfer ^a\n{line}{line}")
    for n in (1, 2):
        sqlite_ledger.post(f"2012-01-02 reversal ^b{n} reverses ^a#{n}\n")
    assert of_fund("F2") == {"fund_receipt": 0}


def test_a_receipt_abroad_that_is_written_down_is_posted_once(sqlite_ledger):
    lines = "    fund-transfer F1 > F3 5.00 (400 JPY)\n    fund-receipt F3 < F1 400\n"
    sqlite_ledger.post(f"{DECLARED}2012-01-01 fund-transfer ^a\n{lines}")
    assert of_fund("F3") == {"fund_receipt": 400}


def test_one_receipt_that_is_written_down_stands_for_one_transfer(sqlite_ledger):
    line = "    fund-transfer F1 > F2 5\n"
    sqlite_ledger.post(f"{DECLARED}2012-01-01 fund-transfer ^a\n{line}{line}    fund-receipt F2 < F1 5\n")
    assert of_fund("F2") == {"fund_receipt": 10}


def test_there_is_no_year_0(sqlite_ledger):
    from quipu.rules.findings import Refused

    with pytest.raises(Refused, match="a year"):
        sqlite_ledger.post(f"{DECLARED}2012-01-01 charges ^a\n    bank-charge F1 1 year 0000\n")


def of_fund(fund: str) -> dict[str, Decimal]:
    from quipu.books import totals

    return totals.of_fund(fund)


# Playing


def play(ledger: ledgers.Ledger, numbers: range, folder: Path) -> None:
    """All stories in one ledger, then everything that is checked of a ledger as a whole. A failure is written down."""
    model, number = Model(), numbers.start
    try:
        for number in numbers:
            play_story(ledger, Story(number, model), model)
        agree(model, tuple(model.currencies), random.Random(number))
        is_whole()
        if any(n % BEAN_CHECK == 0 for n in numbers):
            assert bean_check(with_balances(model), folder) == ""
    except Exception as error:
        seed = f"{numbers.start}-{number} {ledger.engine}"
        if seed not in SEEDS.read_text().splitlines():
            with SEEDS.open("a") as seeds:
                seeds.write(f"{seed}\n")
        raise AssertionError(f"story {number} fails; seed “{seed}”: {error}") from error


def play_story(ledger: ledgers.Ledger, story: Story, model: Model) -> None:
    """One story from its first file to its last, with looks at the books on the way."""
    rng = random.Random(-story.number - 1)
    funds = tuple(story.funds)
    send(ledger, story, story.first())
    reversal, spoiling = rng.randrange(STEPS), rng.randrange(STEPS)
    for number in range(STEPS):
        if number == reversal:
            a_whole_reversal_restores_every_sum(ledger, story)
        if number == spoiling and story.told:
            a_spoilt_file_is_posted_or_refused(ledger, spoilt(rng, story.told[-1][1]), sealed=story.number % 4 == 0)
        mark = model.mark()
        step = story.next()
        before = standing() if step.wrong else []
        if not send(ledger, story, step):
            model.back(mark)
            story.refused(step)
            assert standing() == (before or standing()), f"a refused file changed something:\n{step.text}"
        assert head() == model.position, f"the chain has another length than the model:\n{step.text}"
        if rng.random() < 0.15:
            agree(model, funds, rng)
    agree(model, funds, rng, now=True)
    agree(model, funds, rng)


def send(ledger: ledgers.Ledger, story: Story, step: Step) -> bool:
    """Whether the file is posted. One at which something is wrong is refused, any other one unless it is strict."""
    from quipu.rules.findings import Finding

    before = standing() if step.strict else []
    refused = posted(ledger, step, strict=step.strict)
    if refused is None:
        assert not step.wrong, f"{step.wrong}: not refused\n{step.text}"
        return True
    by_rules = all(isinstance(found, Finding) for found in refused.findings)
    assert refused.findings, "refused for no reason"
    if step.wrong:
        assert not by_rules, f"{step.wrong} is no fault of the file: {refused}\n{step.text}"
        return False
    assert step.strict, f"refused: {refused}\n{step.text}"
    assert by_rules, f"refused: {refused}\n{step.text}"
    assert standing() == before, f"a refused file changed something:\n{step.text}"
    if story.random.random() < 0.5:  # what the desk refuses, a journal may tell
        assert posted(ledger, step, strict=False) is None
        return True
    return False


def posted(ledger: ledgers.Ledger, step: Step, *, strict: bool) -> Any:
    """None where the file is posted, else the refusal. Nothing else may happen."""
    from quipu.rules.findings import Refused

    try:
        answer = ledger.post(step.text, strict=strict)
    except Refused as refused:
        return refused
    except Exception as error:
        raise AssertionError(f"{type(error).__name__} instead of a refusal: {error}\n{step.text}") from error
    assert [receipt.key for receipt in answer.receipts] == [action.key for action in step.actions]
    return None


def a_whole_reversal_restores_every_sum(ledger: ledgers.Ledger, story: Story) -> None:
    before = everything(story)
    voucher, reversal = story.whole_reversal()
    ledger.post(voucher)
    ledger.post(reversal)
    assert everything(story) == before, f"not restored:\n{voucher}{reversal}"


def a_spoilt_file_is_posted_or_refused(ledger: ledgers.Ledger, text: str, *, sealed: bool) -> None:
    """Whatever it says by now: it is refused, or posted once, and (sealed) read back as sealed. Then it is forgotten."""
    from django.db import transaction

    from quipu.books import verify
    from quipu.rules.findings import Refused

    try:
        with transaction.atomic():
            ledger.post(text)
            assert not any(receipt.is_new for receipt in ledger.post(text).receipts), f"posted twice:\n{text}"
            faults = verify.verify(replay=False).faults if sealed else []
            assert not faults, f"{faults}\n{text}"
            raise Forgotten
    except (Forgotten, Refused):
        pass
    except Exception as error:
        raise AssertionError(f"{type(error).__name__} instead of a refusal: {error}\n{text}") from error


class Forgotten(Exception):
    """Takes back what was only tried."""


def spoilt(rng: random.Random, text: str) -> str:
    """The text under another key, with a few accidents."""
    text = text.replace("^", "^spoilt-", 1)
    for _ in range(rng.choice((1, 1, 2, 3))):
        words = re.split(r"(\s+)", text)
        one, other = rng.randrange(len(words)), rng.randrange(len(words))
        at = rng.randrange(len(text))
        text = rng.choice(
            (
                text[:at] + text[at + 1 :],
                text[:at] + rng.choice('^#"<>()@;,.-/0123456789?\n\\ä') + text[at + 1 :],
                text[:at] + rng.choice('^#"<>()@;,.-/0123456789?\n\\ä') + text[at:],
                "".join([*words[:one], words[other], *words[one + 1 :]]),
                "".join([*words[:one], *words[one + 2 :]]),
                "\n".join(sorted(text.split("\n"), key=lambda _: rng.random())),
            )
        )
    return text


# Looking


def agree(model: Model, funds: tuple[str, ...], rng: random.Random, *, now: bool = False) -> None:
    """The ledger's sums are the model's, as of a day and as known at a place in the chain."""
    until = (
        None if now or rng.random() < 0.3 else date(rng.randint(2003, 2026), *rng.choice(((12, 31), (6, 15), (1, 1))))
    )
    known = None if now or rng.random() < 0.4 else rng.randint(0, model.position)
    statements_agree(model, funds, until, known)
    answers_agree(model, funds, until, known)
    if now:
        what_the_rules_see_agrees(model, funds)


def what_the_rules_see_agrees(model: Model, funds: tuple[str, ...]) -> None:
    """The sums that a posting is judged by are remembered by the process; they are those of the books all the same."""
    from quipu.books import post
    from quipu.books.standing import Standing

    last = post.head()
    seen = Standing((last.position, last.hash))
    for fund in funds:
        assert seen.of_fund(fund) == model.of_fund(fund)
    for places, sums in model.sums(("project", "participating_organization"), tuple(model.currencies)).items():
        if all(places):
            assert seen.of_participation(places) == sums


def statements_agree(model: Model, funds: tuple[str, ...], until: date | None, known: int | None) -> None:
    from quipu.books import totals
    from quipu.rules.statements import funding_status

    for fund in funds:
        exponent = EXPONENTS[model.currencies[fund]]
        sums = totals.of_fund(fund, until=until, known=known)
        told = model.of_fund(fund, until=until, known=known)
        assert units_of(sums, exponent) == {name: units for name, units in told.items() if name in CASH}, fund
        for layout in funding_status.LAYOUTS:
            rows = statement(told, layout, exponent)
            drawn = {row["key"]: row for row in funding_status.drawn(sums, layout)}
            for key, row in drawn.items():
                places = 1 if str(key).endswith("_percent") else exponent
                amount = row["amount"]
                units = None if amount is None else whole(Decimal(amount).scaleb(places))
                assert (units, row["printed"]) == rows[str(key)], f"{fund} {layout} {key} until {until}, known {known}"
            assert drawn.keys() == rows.keys()


def answers_agree(model: Model, funds: tuple[str, ...], until: date | None, known: int | None) -> None:
    """By every dimension; and what is cut adds up to what is not."""
    whole_sum = cut((), funds, until, known)
    assert whole_sum == of_model(model, (), funds, until, known)
    for dimension in DIMENSIONS:
        parts = cut((dimension,), funds, until, known)
        assert parts == of_model(model, (dimension,), funds, until, known), (
            f"by {dimension} until {until}, known {known}"
        )
        added: dict[tuple[str, ...], dict[str, int]] = {}
        for key, amounts in parts.items():
            into = added.setdefault(key[-1:], {})
            for name, units in amounts.items():
                into[name] = into.get(name, 0) + units
        assert added == whole_sum, f"the parts by {dimension} do not add up"


def cut(by: tuple[str, ...], funds: tuple[str, ...], until: date | None, known: int | None) -> dict:
    """What the ledger answers, in minor units: figures by the cut, the currency last."""
    from quipu.books import totals
    from quipu.rules.asking import Filter, Question

    by = (*(name for name in by if name != "currency"), "currency")
    question = Question(tuple(FIGURES), by, (Filter("fund", funds),), until=until, known=known)
    found = {}
    for row in totals.ask(question).rows:
        key, cells = tuple(str(cell.value or "") for cell in row[: len(by)]), row[len(by) :]
        exponent = EXPONENTS[key[-1]]
        found[key] = units_of(dict(zip(FIGURES, (cell.value for cell in cells), strict=True)), exponent)
    return found


def of_model(model: Model, by: tuple[str, ...], funds: tuple[str, ...], until: date | None, known: int | None) -> dict:
    by = (*(name for name in by if name != "currency"), "currency")
    answered = {}
    for key, sums in model.sums(by, funds, until=until, known=known).items():
        amounts = {name: figure(name, sums) for name in FIGURES}
        answered[key] = {name: units for name, units in amounts.items() if units is not None}
    return {key: amounts for key, amounts in answered.items() if amounts}


def units_of(amounts: dict[str, Decimal | None], exponent: int) -> dict[str, int]:
    return {name: whole(value.scaleb(exponent)) for name, value in amounts.items() if value is not None}


def whole(value: Decimal) -> int:
    assert value == int(value), f"{value} minor units"
    return int(value)


def everything(story: Story) -> list[tuple]:
    """What the story's funds hold now, cut by everything but the year; what is nothing left out."""
    from quipu.books.standing import rows

    funds = tuple(story.funds)
    named = "fund_id, project_id, organization_id, contributor_id, agreement_id, category, standing, movement"
    marks = ", ".join(["%s"] * len(funds))
    asked = (
        f"SELECT {named}, CAST(sum(amount) AS BIGINT) FROM books_entry WHERE fund_id IN ({marks}) GROUP BY {named}"
        " HAVING sum(amount) <> 0"
    )
    return sorted(rows(asked, funds), key=str)


TABLES = ("posting", "entry", "reference", "attachment", "event", "memo")
TABLES += ("fund", "organization", "project", "participation", "agreement", "mou")


def standing() -> list[tuple]:
    """How many rows each table has, how the funds are declared, and where the chain stands."""
    from quipu.books.standing import rows

    counted = ", ".join(f"(SELECT count(*) FROM books_{table})" for table in TABLES)
    return [
        *rows(f"SELECT {counted}"),
        *rows("SELECT code, title, currency FROM books_fund ORDER BY code"),
        *rows("SELECT code, title, fund_id, kind FROM books_project ORDER BY code"),
        *rows("SELECT hash FROM books_posting ORDER BY position DESC LIMIT 1"),
    ]


def head() -> int:
    from quipu.books import post

    return post.head().position


def is_whole() -> None:
    from quipu.books import post, verify

    verdict = verify.verify()
    assert verdict.faults == []
    assert verdict.is_whole
    assert verdict.replayed_head == verdict.head == post.head().hash


# Beancount


def with_balances(model: Model) -> str:
    """The export, with the model's balances asserted behind our own."""
    from quipu.books import beancount

    told = beancount.journal()
    return "\n".join((told, *balances_of(model, told))) + "\n"


def balances_of(model: Model, told: str) -> Iterator[str]:
    from quipu.rules.beancount import agent

    for fund, currency in model.currencies.items():
        if f" open {agent(fund)}\n" in told:
            units = figure("balance_agent", model.of_fund(fund)) or 0
            amount = Decimal(units).scaleb(-EXPONENTS[currency])
            yield f"2999-01-01 balance {agent(fund)}  {amount:f} ~ 0 {currency}"


def bean_check(journal: str, folder: Path) -> str:
    """What bean-check complains of, run as a program; "" where it accepts the journal."""
    file = folder / "books.beancount"
    file.write_text(journal)
    program = Path(sys.executable).with_name("bean-check")
    done = subprocess.run([program, "--no-cache", file], capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert (done.returncode == 0) == (said == ""), said
    return said
