"""Whom letters are forwarded to: HOME/contacts.toml, read with a finding for everything in it that is wrong; and

HOME/contacts.json, which the desk writes: its contacts, and who maintains documents and agreed to be named.

Addresses stay here and with the office; a name is told only where `public = true`, or while a consent is in force.
"""

import json
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from quipu.letters.letter import ADDRESS, LONGEST, is_one_line
from quipu.rules.findings import Finding

NAME = "contacts.toml"
DESK_NAME = "contacts.json"
WORDS = {"role", "of", "reply_to", "name", "public"}


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who answers for a fund or a project."""

    of: tuple[str, ...]  # identifiers of funds and projects
    roles: dict[str, str]  # by language; "" for every other one
    reply_to: str = ""
    public_name: str = ""
    telephone: str = ""  # where it is public

    @property
    def role(self) -> str:
        """The role as the office writes it first: what a letter names, in whatever language it was written."""
        return next(iter(self.roles.values()))

    def said(self, language: str) -> str:
        """The role in a language, with the name where it is public."""
        role = self.roles.get(language) or self.roles.get("") or self.roles.get("en") or self.role
        return f"{role} ({self.public_name})" if self.public_name else role


@dataclass(slots=True)
class Contacts:
    """The file as far as it could be read, and what is wrong with the rest."""

    office: str = ""  # where letters go that nobody else is named for
    listed: list[Contact] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    maintainers: list[tuple[tuple[str, ...], str]] = field(default_factory=list)  # identifiers, name

    def maintaining(self, *identifiers: str) -> list[str]:
        """Who may upload and maintain documents of a fund or a project, as far as they agreed to be named."""
        names = (name for of, name in self.maintainers if set(of) & set(identifiers))
        return sorted(dict.fromkeys(names))

    def of(self, identifier: str) -> list[Contact]:
        """The contacts of one fund or project."""
        return [contact for contact in self.listed if identifier in contact.of]

    def address(self, of: str, role: str) -> str:
        """Where a letter to a role is forwarded: to it, else to the office; "" where neither is named."""
        return next((c.reply_to for c in self.of(of) if c.role == role and c.reply_to), self.office)


def read(home: Path) -> Contacts:
    """The contacts of a home; none where there is no file."""
    found = Contacts()
    _from_desk(found, home)
    try:
        stated = tomllib.loads((home / NAME).read_text("utf-8"))
    except FileNotFoundError:
        return found
    except (OSError, ValueError) as error:
        found.findings.append(Finding("contacts-unreadable", NAME, str(error)))
        return found
    entries = stated.pop("contact", [])
    found.office = _address(found, f"{NAME}: office", stated.pop("office", ""))
    _unread(found, NAME, stated)
    if not isinstance(entries, list):
        _unread(found, NAME, {"contact": entries})
        entries = []
    for nth, entry in enumerate(entries, 1):
        _contact(found, f"{NAME}: contact {nth}", entry if isinstance(entry, dict) else {})
    return found


def stamp(home: Path) -> str:
    """What changes whenever something else is to be read here: a consent may end with its day, too."""
    marks = [str(_today())]
    for name in (NAME, DESK_NAME):
        try:
            told = (home / name).stat()
        except OSError:
            continue
        marks.append(f"{told.st_mtime_ns}-{told.st_size}")
    return " ".join(marks)


def _today() -> date:
    return datetime.now(UTC).date()


def _from_desk(found: Contacts, home: Path) -> None:
    """The desk writes only what is right; a file that somebody else damaged is a finding and not a crash."""
    try:
        stated = json.loads((home / DESK_NAME).read_text("utf-8"))
        for entry in stated["contact"]:
            shows = _is_in_force(entry)
            name, telephone = (str(entry.get(word, "")) if shows else "" for word in ("name", "telephone"))
            found.listed.append(Contact(tuple(entry["of"]), dict(entry["role"]), entry["reply_to"], name, telephone))
        found.maintainers += [(tuple(one["of"]), one["name"]) for one in stated["maintainer"] if _is_in_force(one)]
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        found.findings.append(Finding("contacts-unreadable", DESK_NAME, str(error)))


def _is_in_force(entry: dict[str, Any]) -> bool:
    today = str(_today())
    return bool(entry.get("since")) and str(entry["since"]) <= today <= str(entry.get("until") or "9999-12-31")


def _contact(found: Contacts, place: str, entry: dict[str, Any]) -> None:
    _unread(found, place, {word: value for word, value in entry.items() if word not in WORDS})
    role, of, name, public = entry.get("role"), entry.get("of"), entry.get("name", ""), entry.get("public", False)
    roles = {"": role} if isinstance(role, str) else role if isinstance(role, dict) else {}
    roles = {language: said.strip() for language, said in roles.items() if isinstance(said, str) and _fits(said)}
    identifiers = [of] if isinstance(of, str) else of if isinstance(of, list) else []
    identifiers = [one.strip() for one in identifiers if isinstance(one, str) and one.strip()]
    if not roles:
        found.findings.append(Finding("contact-role", place))
    if not identifiers:
        found.findings.append(Finding("contact-of", place))
    if not isinstance(public, bool):
        found.findings.append(Finding("contact-public", place, str(public)))
    reply_to = _address(found, place, entry.get("reply_to", ""), needed=True)
    if not roles or not identifiers:
        return
    shown = name.strip() if public is True and isinstance(name, str) and is_one_line(name) else ""
    contact = Contact(tuple(identifiers), roles, reply_to, shown)
    twice = [one for one in identifiers if any(other.role == contact.role for other in found.of(one))]
    if twice:
        found.findings.append(Finding("contact-twice", place, f"{contact.role}, {', '.join(twice)}"))
    found.listed.append(contact)


def _fits(said: str) -> bool:
    return bool(said.strip()) and is_one_line(said.strip()) and len(said) <= LONGEST["to"]


def _address(found: Contacts, place: str, stated: object, *, needed: bool = False) -> str:
    if isinstance(stated, str) and ADDRESS.fullmatch(stated):
        return stated
    if needed or stated:
        found.findings.append(Finding("contact-reply-to", place, str(stated)))
    return ""


def _unread(found: Contacts, place: str, words: dict[str, Any]) -> None:
    found.findings.extend(Finding("contact-word", place, word) for word in words)
