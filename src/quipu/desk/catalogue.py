"""The desk's catalogues of translations: what it says beside what the gateway says already.

`python -m quipu.desk.catalogue` brings locale/*.po up to date: new texts empty, old ones dropped, translations kept.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from quipu.desk.registers.words import TYPES as TYPES_OF_FIELDS
from quipu.edition import quality
from quipu.portal import catalogue
from quipu.portal.catalogue import Message, of_python, of_templates
from quipu.rules import consent, filing, mandates, monitoring, personal, plans, revolving, tranches
from quipu.rules.calendar import DUTIES
from quipu.rules.drafts import TRANSITIONS, State
from quipu.rules.findings import DESK_RULES, DOCUMENT_RULES, LEDGER_RULES
from quipu.rules.kinds import OF_OLD
from quipu.rules.mandates import VERBS, Role
from quipu.rules.registers import counting
from quipu.rules.results import beneficiaries, rolling
from quipu.rules.results import kinds as result_kinds
from quipu.rules.results import states as readings
from quipu.rules.returns import states
from quipu.rules.returns.obligations import BY_HAND, STEPS
from quipu.rules.returns.registry import CHECKS
from quipu.rules.voucher_kinds import KINDS

HERE = Path(__file__).parent
ROOT = HERE.parent
# Tables of words that code shows by their keys.
TABLES = (
    *("HEADINGS", "OFTEN", "KINDS", "MARKS", "HELD", "STANDINGS", "UNUSUAL", "STATES", "SHOWN", "WANTED", "DECISIONS"),
    *("ACTS", "KIND_LABELS", "APART", "SUBJECTS", "TEXTS", "LACKING", "EXPLAINED", "ENDING"),
)
# Names of mails' subjects and texts, in tables or by themselves.
MAILS = ("ASKED", "EXTENDED", "WAIVED", "REFUSED", "NEAR", "LATE", "WORDS", "SUBJECT", "TEXT", "SUBJECTS", "TEXTS")
FORMS = (
    *(
        "text",
        "day",
        "choice",
        "amount",
        "number",
        "CharField",
        "EmailField",
        "BooleanField",
        "DecimalField",
        "FileField",
        "Place",
    ),
    *("IntegerField", "MoneyField", "FilesField", "ChoiceField"),
    *("MultipleChoiceField", "Several"),
)
RECORDS = ("kept", "flow", "_flow", "_moved", "typed")  # functions that draw the page of a form
# What history calls acts, things and fields, and other words that stand in data of ours.
LOOSE = [
    word.strip()
    for word in """
create | invite | hand out | confirm | withdraw | end work | everything | publish | take down | review | publish
anyway | ask for answers | edition | takedown | finding | quality | document | text | activity | voucher | name |
begins | reading | sources | activities | shares | money | figures | organizations | pages | indexes | A document | A
text of a fund or a project | A whole fund, programme or project | The texts of a voucher | A name, wherever it stands
| Title | Description | Contact | Results | Transactions | Places | Links to documents | hand in | replace | scan |
amend | release | make internal | throw away | type | titles | descriptions | languages | on | fund | project | also |
supersedes | person | mandate | invitation | role | scope | since | until | mandates | left_on | successor | draft |
change | pass on | unfinished | Available to allocate | new | changed | as it was | wrong | run again | verify | take
in | hand over | forward | answer | close | make | revoke | settle | mails | job | house | letter | token | taken_by |
outcome | published | verbs | sweep | digests | mail | publish | waiting | handed over | sent | unsure | dropped
| write | merge | undo merger | put aside | agree | disagree | end | change status | extend | close year | reopen year
| window | agreement | memorandum | participation | section | contact | upload | apply | mapping | keep | ask | grant |
refuse | remind | sign | tell | begin | dispensation | obligation | report | duty | state | due | people | digest | head
| reminders | year | version | return | hand over | submit | give back | take back | certify | recall | take up | send
back | accept | reopen | restate | restated | waive | withdraw waiver | comment | commented | waived | confirmed
| disputed | being prepared | in force | community fund | loan | district | opened_on
| yearly narrative | yearly narratives | review | recommendation | action | risk | lesson | respond | report | return
| approve | take back | lacks | answer | texts | body | number | kind | by_whom | summary | link | is_public | role |
organization | done_on | note | likelihood | impact | answers | reviewed_on | source | parts
| work | plan | plan lines | quarter | tranche | transfer request | fill in | close quarter
| open quarter | approve plan | receive | mend | withdraw | decision | decided_on | planned_on | amount | condition
| met_on | evidence | note | place | organization | output | missing | Planned | Committed | Spent
| outcome | output | indicator | cycle | list | beneficiaries | measure | set target | choose | lock | open | number
| unit | kind | direction | gathers | is_of_people | breaks | counted | method | verification | assumptions | baseline
| baseline_on | baseline_source | is_public | value | cells | source | link | note | choice | is_reported | choices
| smallest | locked_at | locked_by | ended_at | parent | theme | code | instead of
""".replace("\n", " ").split("|")
]

# The same of registers.
OF_REGISTERS = (
    *(
        "row",
        "register",
        "resource",
        "register of people",
        "enter",
        "amend",
        "read",
        "give consent",
        "withdraw consent",
    ),
    *(
        "define count",
        "counted",
        "values",
        "consent",
        "consent_until",
        "consent_by",
        "consent_withdrawn",
        "withdrawn_at",
    ),
)

# Texts in code that count: their two forms.
COUNTED = (
    ("%(count)s deposit without a name", "%(count)s deposits without a name"),
    ("%(count)s draft is kept.", "%(count)s drafts are kept."),
)
# What is said of a file that is handed in, beside the desk's own rules.
OF_FILES = (
    *("document-form", "document-broken", "document-too-large", "document-words", "document-no-words"),
    *("document-type-unknown", "document-value"),
)


def messages() -> Iterator[Message]:
    """Every text that somebody at the desk may be shown and the gateway's catalogues do not hold."""
    theirs = set(catalogue.messages())
    yield from (one for one in _own() if one not in theirs)


def templates() -> list[Path]:
    """All of them."""
    return sorted((HERE / "templates").rglob("*.html"))


def _own() -> Iterator[Message]:
    yield from of_templates(templates())
    for source in sorted(HERE.rglob("*.py")):
        tree = ast.parse(source.read_text("utf-8"))
        yield from of_python(tree)
        yield from _of_forms(tree)
        yield from _of_records(tree)
        yield from _of_tables(tree)
        yield from _of_counts(tree)
    rules = (*DESK_RULES.values(), *LEDGER_RULES.values(), *(DOCUMENT_RULES[name] for name in OF_FILES))
    yield from (rule.sentence for rule in (*rules, *CHECKS.values()))
    yield from (text for question in consent.QUESTIONS for text in (question.sentence, question.hint) if text)
    yield from personal.KINDS.values()
    yield from filing.STANDINGS.values()
    yield from (verb.sentence for verb in VERBS.values())
    yield from (role.value for role in Role)
    yield from (mandates.NO_ROLE, mandates.ELSEWHERE, mandates.NOT_NOW, mandates.AUTHOR)
    yield from _of_vouchers()
    yield from (mandates.NOT_MADE_FOR_IT, mandates.NEVER, mandates.NO_SECOND)
    yield from (text for duty in DUTIES.values() for text in (duty.label, duty.sentence))
    for source in sorted((ROOT / "actions").rglob("*.py")):
        tree = ast.parse(source.read_text("utf-8"))
        yield from _of_mails(tree)
        yield from _of_tables(tree)
        if source.parent.name == "returns":
            yield from _of_mail_tables(tree)
    yield from (step.name for step in STEPS)
    yield BY_HAND
    yield from _of_returns()
    yield from _of_monitoring()
    yield from _of_plans()
    yield from _of_results()
    yield from LOOSE
    yield from revolving.SENTENCES.values()
    yield from (*OF_REGISTERS, *counting.OPS.values(), *TYPES_OF_FIELDS.values())
    yield ("%(count)s finding of the quality list", "%(count)s findings of the quality list")
    for label, remedy, _ in quality.MISSING.values():
        yield from (label, remedy)


def _of_returns() -> Iterator[Message]:
    yield from (*(state.value for state in states.State), *states.KINDS.values())
    for step in states.TRANSITIONS.values():
        yield from (step.will, step.told)
    for check in CHECKS.values():
        yield from (check.sentence, check.why)
    yield OF_OLD


def _of_monitoring() -> Iterator[Message]:
    yield from (*monitoring.PARTS.values(), *monitoring.KINDS.values(), *monitoring.ANSWERS.values())
    yield from (*monitoring.PROGRESS.values(), *monitoring.RISK_KINDS.values(), *monitoring.DEGREES.values())
    yield from (*monitoring.RISK_STATES.values(), *monitoring.LESSON_KINDS.values())
    for step in (*monitoring.OF_NARRATIVES.values(), *monitoring.OF_LESSONS.values()):
        yield from (step.will, step.told)


def _of_plans() -> Iterator[Message]:
    yield from (*map(str, plans.State), *map(str, tranches.State), tranches.REVERSED)
    for step in tranches.TRANSITIONS.values():
        yield from (step.will, step.told)


def _of_results() -> Iterator[Message]:
    """Kinds of indicators, lists they are told apart by, roll-ups, beneficiaries, and the steps of readings."""
    yield from (word for kind in result_kinds.Kind for word in (kind.value, result_kinds.SENTENCES[kind]))
    yield from (*result_kinds.DIRECTIONS.values(), *result_kinds.GATHERS.values(), *result_kinds.MILESTONES)
    for one in result_kinds.BREAKS.values():
        yield from (one.label, *one.choices.values())
    yield from (*rolling.WAYS.values(), *rolling.REASONS.values())
    yield from (*beneficiaries.WAYS.values(), *beneficiaries.ASPECTS.values(), *beneficiaries.WHO.values())
    yield from (state.value for state in readings.State)
    for step in readings.TRANSITIONS.values():
        yield from (step.will, step.told)


def _of_vouchers() -> Iterator[Message]:
    yield from ((one, many) for one, many in COUNTED)
    for kind in KINDS.values():
        yield from (kind.label, kind.told, kind.titled)
    yield from (*(state.value for state in State), *TRANSITIONS)
    yield from (one.told for one in TRANSITIONS.values())


def _named(tree: ast.Module) -> dict[str, ast.expr]:
    """What a file gives a name to."""
    found: dict[str, ast.expr] = {
        one.target.id: one.value
        for one in tree.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.value is not None
    }
    for node in (one for one in tree.body if isinstance(one, ast.Assign)):
        for target in node.targets:
            match (target, node.value):
                case (ast.Tuple(elts=names), ast.Tuple(elts=values)):
                    pairs = list(zip(names, values, strict=True))
                case _:
                    pairs = [(target, node.value)]
            found |= {name.id: value for name, value in pairs if isinstance(name, ast.Name)}
    return found


def _of_tables(tree: ast.Module) -> Iterator[str]:
    """Words in tables."""
    for name, value in _named(tree).items():
        if name in TABLES and isinstance(value, ast.Dict):
            yield from (str(one.value) for one in value.values if isinstance(one, ast.Constant))


def _of_counts(tree: ast.Module) -> Iterator[Message]:
    """What is said of one thing and of many."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="ngettext"),
                args=[ast.Constant(value=str(one)), ast.Constant(value=str(many)), *_],
            ):
                yield one, many


def _of_mails(tree: ast.Module) -> Iterator[str]:
    """Subjects and texts of mails."""
    named = _named(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in ("tell", "write"):
            continue
        for word in node.keywords:
            said = named.get(word.value.id) if isinstance(word.value, ast.Name) else word.value
            if word.arg in ("subject", "text") and isinstance(said, ast.Constant) and " " in str(said.value):
                yield str(said.value)


def _of_mail_tables(tree: ast.Module) -> Iterator[str]:
    """The same where they stand in tables."""
    for name, value in _named(tree).items():
        if name in MAILS:
            for node in ast.walk(value):
                if isinstance(node, ast.Constant) and " " in str(node.value):
                    yield str(node.value)


def _of_records(tree: ast.Module) -> Iterator[str]:
    """What pages that keep a record or take a decision are called, say when it is done, and are done by."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in RECORDS:
            for word in node.keywords:
                if word.arg in ("title", "done", "does", "lead") and isinstance(word.value, ast.Constant):
                    yield str(word.value.value)


def _of_forms(tree: ast.Module) -> Iterator[str]:
    """Labels and hints of fields, and of the bar's places."""
    named = _named(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in FORMS:
            continue
        given = [*node.args, *(word.value for word in node.keywords if word.arg in ("label", "hint", "help_text"))]
        for word in given:
            one = named.get(word.id) if isinstance(word, ast.Name) else word
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value[:1].isupper():
                yield one.value


if __name__ == "__main__":
    catalogue.write(HERE / "locale", messages(), "the desk")
