"""The desk's catalogues of translations: what it says beside what the gateway says already.

`python -m quipu.desk.catalogue` brings locale/*.po up to date: new texts empty, old ones dropped, translations kept.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from quipu.portal import catalogue
from quipu.portal.catalogue import Message, of_python, of_templates
from quipu.rules import mandates
from quipu.rules.drafts import TRANSITIONS, State
from quipu.rules.findings import DESK_RULES, LEDGER_RULES
from quipu.rules.mandates import VERBS, Role
from quipu.rules.voucher_kinds import KINDS

HERE = Path(__file__).parent
FORMS = (
    *("text", "day", "choice", "CharField", "EmailField", "BooleanField", "DecimalField", "FileField", "Place"),
    *("IntegerField", "MoneyField", "FilesField"),
)
# What history calls acts, things and fields, and other words that stand in data of ours.
LOOSE = (
    *("create", "invite", "hand out", "confirm", "withdraw", "end work", "everything"),
    *("person", "mandate", "invitation", "role", "scope", "since", "until", "mandates", "left_on", "successor"),
    *("voucher", "draft", "change", "pass on", "unfinished", "Available to allocate"),
    *("new", "changed", "as it was", "wrong"),
    *("make", "change", "write", "release", "merge", "undo merger", "put aside", "agree", "disagree", "end"),
    *("change status", "extend", "close year", "reopen year", "window", "agreement", "memorandum", "participation"),
    *("section", "contact", "document"),
)

# Texts in code that count: their two forms.
COUNTED = (
    ("%(count)s deposit without a name", "%(count)s deposits without a name"),
    ("%(count)s draft is kept.", "%(count)s drafts are kept."),
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
    yield from (rule.sentence for rule in (*DESK_RULES.values(), *LEDGER_RULES.values()))
    yield from (verb.sentence for verb in VERBS.values())
    yield from (role.value for role in Role)
    yield from (mandates.NO_ROLE, mandates.ELSEWHERE, mandates.NOT_NOW, mandates.AUTHOR)
    yield from _of_vouchers()
    yield from LOOSE


def _of_vouchers() -> Iterator[Message]:
    yield from ((one, many) for one, many in COUNTED)
    for kind in KINDS.values():
        yield from (kind.label, kind.told, kind.titled)
    yield from (*(state.value for state in State), *TRANSITIONS)
    yield from (one.told for one in TRANSITIONS.values())


def _of_records(tree: ast.Module) -> Iterator[str]:
    """What pages that keep a record or take a decision are called, say when it is done, and are done by."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("kept", "flow"):
            for word in node.keywords:
                if word.arg in ("title", "done", "does") and isinstance(word.value, ast.Constant):
                    yield str(word.value.value)


def _of_forms(tree: ast.Module) -> Iterator[str]:
    """Labels and hints of fields, and of the bar's places."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in FORMS:
            continue
        given = [*node.args, *(word.value for word in node.keywords if word.arg in ("label", "hint", "help_text"))]
        for one in given:
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value[:1].isupper():
                yield one.value


if __name__ == "__main__":
    catalogue.write(HERE / "locale", messages(), "the desk")
