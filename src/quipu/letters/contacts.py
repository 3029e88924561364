"""Whom letters are forwarded to: HOME/contacts.toml, read with a finding for everything in it that is wrong.

Addresses stay here and with the office; a name is told only where `public = true`.
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quipu.letters.letter import ADDRESS, LONGEST, is_one_line
from quipu.rules.findings import Finding

NAME = "contacts.toml"
WORDS = {"role", "of", "reply_to", "name", "public"}


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who answers for a fund or a project."""

    of: tuple[str, ...]  # identifiers of funds and projects
    roles: dict[str, str]  # by language; "" for every other one
    reply_to: str = ""
    public_name: str = ""

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

    def of(self, identifier: str) -> list[Contact]:
        """The contacts of one fund or project."""
        return [contact for contact in self.listed if identifier in contact.of]

    def address(self, of: str, role: str) -> str:
        """Where a letter to a role is forwarded: to it, else to the office; "" where neither is named."""
        return next((c.reply_to for c in self.of(of) if c.role == role and c.reply_to), self.office)


def read(home: Path) -> Contacts:
    """The contacts of a home; none where there is no file."""
    found = Contacts()
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
