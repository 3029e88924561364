"""What is asked before a document becomes public: of pictures with people, and of what communities know.

The questions are a list, each with the types and forms of documents that it is asked of, and with the answer to
another question that it depends on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quipu.rules.filing import TYPES
from quipu.rules.findings import Finding

YES, NO = "yes", "no"
CHOICE, TEXT, DAY = "choice", "text", "day"
PICTURES = ("png", "jpg", "webp")
# What is decided in rooms and written in offices; all else may hold what a community told.
OF_OFFICES = (
    "mou",
    "agreement",
    "transfer-request",
    "minutes",
    "financial-report",
    "audit",
    "template",
    "terms-of-reference",
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question. types: of documents; forms: of files, none for all; after: the answers it depends on, key and value."""

    key: str
    sentence: str
    kind: str = CHOICE
    types: tuple[str, ...] = tuple(TYPES)
    forms: tuple[str, ...] = ()
    after: tuple[tuple[str, str], ...] = ()
    hint: str = ""


_KNOWING = tuple(one for one in TYPES if one not in OF_OFFICES)
_KNOWN = (("knowledge", YES),)
QUESTIONS = (
    Question("people", "Can people be recognized in it?", forms=PICTURES),
    Question("consent", "Is their consent on file?", forms=PICTURES, after=(("people", YES),)),
    Question("consent_since", "Consent given on", DAY, forms=PICTURES, after=(("people", YES), ("consent", YES))),
    Question("knowledge", "Does it hold knowledge of an indigenous community?", types=_KNOWING),
    Question("agreed", "Has the community agreed that the file is public?", types=_KNOWING, after=_KNOWN,
             hint="Without its agreement the document can be listed without its file."),
    Question("agreed_by", "Which body agreed?", TEXT, types=_KNOWING, after=(*_KNOWN, ("agreed", YES)),
             hint="Its name, as it calls itself."),
    Question("agreed_on", "Agreed on", DAY, types=_KNOWING, after=(*_KNOWN, ("agreed", YES))),
    Question("agreed_in", "Document of the agreement", TEXT, types=_KNOWING, after=(*_KNOWN, ("agreed", YES)),
             hint="Where it is written: minutes, a letter, their date."),
)  # fmt: skip


def asked(type_: str, form: str) -> list[Question]:
    """The questions for a document of that type, in a file of that form."""
    return [one for one in QUESTIONS if type_ in one.types and (not one.forms or form in one.forms)]


def faults(type_: str, form: str, answers: Mapping[str, str], *, without_file: bool = False) -> Iterator[Finding]:
    """What is not answered, or answered so that the file cannot be public. without_file: it is only listed."""
    for question in asked(type_, form):
        depends = all(answers.get(key) == value for key, value in question.after)
        if depends and not answers.get(question.key, "").strip():
            yield Finding("document-question", question.key)
    if without_file:
        return
    if answers.get("people") == YES and answers.get("consent") == NO:
        yield Finding("document-consent", "consent")
    if answers.get("knowledge") == YES and answers.get("agreed") == NO:
        yield Finding("document-community", "agreed")


def kept(type_: str, form: str, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers to what was asked, without those to questions that did not come up."""
    return {
        one.key: answers[one.key].strip()
        for one in asked(type_, form)
        if answers.get(one.key, "").strip() and all(answers.get(key) == value for key, value in one.after)
    }
