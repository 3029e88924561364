"""What an office says of a document that it publishes: the keys beside it, types, forms of files, and what is wrong with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from quipu.rules.findings import Finding

# What stands in the file beside a document: texts, lists and mappings of them, as they were written.
Value = str | list["Value"] | dict[str, "Value"]

# What a document is, in the field's words.
TYPES = {
    "terms-of-reference": "Terms of reference",
    "mou": "Memorandum of understanding",
    "agreement": "Agreement",
    "project-document": "Project document",
    "revision": "Revision",
    "transfer-request": "Transfer request",
    "minutes": "Minutes",
    "work-plan": "Work plan",
    "narrative": "Narrative report",
    "financial-report": "Financial report",
    "final-report": "Final report",
    "evaluation": "Evaluation",
    "management-response": "Management response",
    "audit": "Audit",
    "study": "Study",
    "popular-version": "Popular version",
    "guide": "Guide",
    "press": "Press",
    "picture": "Picture",
    "template": "Template",
}


@dataclass(frozen=True, slots=True)
class Form:
    """A form of file: its media type, whether a browser may show it in place, whether words can be read out of it."""

    media: str
    is_shown: bool = False
    has_words: bool = False


_OFFICE, _OPEN = "application/vnd.openxmlformats-officedocument", "application/vnd.oasis.opendocument"
FORMS = {  # by the end of a file's name
    "pdf": Form("application/pdf", is_shown=True, has_words=True),
    "docx": Form(f"{_OFFICE}.wordprocessingml.document", has_words=True),
    "xlsx": Form(f"{_OFFICE}.spreadsheetml.sheet", has_words=True),
    "pptx": Form(f"{_OFFICE}.presentationml.presentation"),
    "odt": Form(f"{_OPEN}.text"),
    "ods": Form(f"{_OPEN}.spreadsheet"),
    "txt": Form("text/plain", is_shown=True, has_words=True),
    "csv": Form("text/csv", has_words=True),
    "png": Form("image/png", is_shown=True),
    "jpg": Form("image/jpeg", is_shown=True),
    "jpeg": Form("image/jpeg", is_shown=True),
    "webp": Form("image/webp", is_shown=True),
}
KEYS = ("title", "type", "date", "language", "about", "visibility", "version", "supersedes", "description")
SUBJECTS = ("fund", "project", "voucher")  # what a document may be about
PUBLIC, INTERNAL = "public", "internal"
_ALSO = {"languages": "language"}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_DAY = re.compile(r"(\d{4})(-\d\d)?(-\d\d)?")


@dataclass(slots=True)
class Said:
    """What is said of a document. titles and descriptions: by language, "" where none is stated."""

    titles: dict[str, str] = field(default_factory=dict)
    type: str = ""
    on: str = ""  # a year, a month or a day
    languages: list[str] = field(default_factory=list)
    about: list[tuple[str, str]] = field(default_factory=list)  # (kind of subject, its identifier, code or key)
    is_public: bool = False
    version: str = ""
    supersedes: str = ""  # as written: a file's name, or a hash
    descriptions: dict[str, str] = field(default_factory=dict)


def form_of(name: str) -> str:
    """The end of a file's name that says its form; "" for one that is not taken."""
    end = name.rpartition(".")[2].lower()
    return end if "." in name and end in FORMS else ""


def form_named(media: str) -> str:
    """What people call a form of file by its media type: PDF, DOCX; else the type's own last word."""
    ends = [end for end, form in FORMS.items() if form.media == media.lower()]
    return (ends[0] if ends else media.rpartition("/")[2].rpartition(".")[2]).upper()


def read(keys: Mapping[str, Value], lines: Mapping[str, int], file: str) -> tuple[Said, list[Finding]]:
    """Reads the keys beside a document. lines: where each stands in the file; every finding names file, line and key."""
    reading = _Reading(keys, lines, file)
    return reading.said(), reading.findings


def place(file: str, line: int = 0, key: str = "") -> str:
    """Where something is wrong: file, line, key, as far as they are known."""
    at = f"{file}:{line}" if line else file
    return f"{at}: {key}" if key else at


class _Reading:
    def __init__(self, keys: Mapping[str, Value], lines: Mapping[str, int], file: str) -> None:
        self.lines, self.file = lines, file
        self.findings: list[Finding] = []
        self.keys: dict[str, Value] = {}
        for key, value in keys.items():
            known = _ALSO.get(key, key)
            if known not in KEYS:
                self.find("document-key-unknown", key, f"keys are {', '.join(KEYS)}")
            elif value:  # a key without a value says nothing
                self.keys[known] = value

    def find(self, rule: str, key: str = "", detail: str = "") -> None:
        self.findings.append(Finding(rule, place(self.file, self.lines.get(key, 0), key), detail))

    def said(self) -> Said:
        languages = self._languages()
        alone = languages[0] if len(languages) == 1 else ""
        told = Said(
            titles=self._texts("title", alone),
            type=self._type(),
            on=self._day(),
            languages=languages,
            about=self._about(),
            is_public=self._is_public(),
            version=self._one("version"),
            supersedes=self._one("supersedes"),
            descriptions=self._texts("description", alone),
        )
        if not told.titles and "title" not in self.keys:
            self.find("document-key-missing", "title")
        return told

    def _wrong(self, key: str, wanted: str) -> None:
        self.find("document-value", key, wanted)

    def _one(self, key: str) -> str:
        value = self.keys.get(key, "")
        if isinstance(value, str):
            return folded(value)
        self._wrong(key, "one text")
        return ""

    def _many(self, key: str, value: Value) -> list[str]:
        """One text, or a list of them."""
        items = [value] if isinstance(value, str) else value
        if isinstance(items, list) and all(isinstance(item, str) for item in items):
            return list(dict.fromkeys(folded(str(item)) for item in items if item))
        self._wrong(key, "a text, or a list of texts")
        return []

    def _texts(self, key: str, language: str) -> dict[str, str]:
        value = self.keys.get(key, "")
        if isinstance(value, str):
            return {language: _kept(value)} if value.strip() else {}
        if not isinstance(value, dict):
            self._wrong(key, "a text, or one text for each language: en, es, fr")
            return {}
        for spoken, text in value.items():
            if not _LANGUAGE.fullmatch(spoken.lower()) or not isinstance(text, str):
                self._wrong(key, f"“{spoken}” is no language code with a text: en, es, fr")
                return {}
        return {spoken.lower(): _kept(text) for spoken, text in value.items() if isinstance(text, str) and text.strip()}

    def _type(self) -> str:
        if "type" not in self.keys:
            self.find("document-key-missing", "type", f"types are {', '.join(TYPES)}")
            return ""
        word = re.sub(r"[\s_-]+", "-", self._one("type").lower())
        if word and word not in TYPES:
            self.find("document-type-unknown", "type", f"“{word}”; types are {', '.join(TYPES)}")
            return ""
        return word

    def _day(self) -> str:
        text = self._one("date")
        if "date" not in self.keys:
            self.find("document-date-missing")
        elif text and not is_day(text):
            self._wrong("date", f"“{text}” is no YYYY-MM-DD, YYYY-MM or YYYY")
            return ""
        return text

    def _languages(self) -> list[str]:
        codes = [code.lower() for code in self._many("language", self.keys.get("language", []))]
        for code in codes:
            if not _LANGUAGE.fullmatch(code):
                self._wrong("language", f"“{code}” is no language code: en, es, fr")
        return codes

    def _about(self) -> list[tuple[str, str]]:
        value = self.keys.get("about")
        if value is None:
            self.find("document-about-nothing")
            return []
        found: list[tuple[str, str]] = []
        for item in value if isinstance(value, list) else [value]:
            if not isinstance(item, dict) or not set(item) <= set(SUBJECTS):
                self._wrong("about", f"one or several of {', '.join(SUBJECTS)}, each with what it is called")
                return []
            found += [(kind, name) for kind, names in item.items() for name in self._many("about", names)]
        return list(dict.fromkeys(found))

    def _is_public(self) -> bool:
        if "visibility" not in self.keys:
            self.find("document-internal")
            return False
        word = self._one("visibility").lower()
        if word not in (PUBLIC, INTERNAL):
            self._wrong("visibility", f"“{word}”; it is {PUBLIC} or {INTERNAL}")
        return word == PUBLIC


def is_later(said: Said, today: date) -> bool:
    """Whether a document is dated after today."""
    return said.on > today.isoformat()[: len(said.on)]


def is_day(text: str) -> bool:
    """Whether it is a year, a month or a day that there is, as YYYY, YYYY-MM or YYYY-MM-DD."""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def folded(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def _kept(text: str) -> str:
    """Each line folded; what a person wrote on lines stays on lines."""
    return "\n".join(folded(line) for line in text.strip().splitlines())
