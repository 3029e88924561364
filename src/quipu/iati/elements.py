"""Small readings that every element needs: its words, its organization, its codes of any version."""

import re
from typing import TypeAlias

from lxml import etree

from quipu.rules.identity import organization
from quipu.rules.record import LONGEST_TEXT

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
STRAY_LANG = "{xml}lang"  # what a re-serialiser made of xml:lang

Element: TypeAlias = etree._Element

DATE_TYPES = {"start-planned": "1", "start-actual": "2", "end-planned": "3", "end-actual": "4"}
ROLES = {"funding": "1", "accountable": "2", "extending": "3", "implementing": "4"}
VOCABULARIES = {
    **{"DAC": "1", "DAC-3": "2", "COFOG": "3", "NACE": "4", "NTEE": "5", "ADT": "6", "RO": "99", "RO2": "98"},
}
STATUSES = {"1", "2", "3", "4", "5", "6"}
CURRENCY = re.compile(r"[A-Z]{3}")


def attribute(element: Element, name: str) -> str:
    """An attribute without the white space around it; "" where it is absent."""
    return (element.get(name) or "").strip()


def words(element: Element) -> str:
    """All text of an element, markup inside it left out."""
    text = element.text if len(element) == 0 else "".join(element.itertext())
    return text.strip() if text else ""


def language(element: Element) -> str:
    """xml:lang as written."""
    found = element.get(XML_LANG)
    return found if found is not None else (element.get(STRAY_LANG) or "")


def narratives(element: Element) -> list[tuple[str, str]]:
    """(language, text) of each narrative that is not empty: 2.x children, or the element's own text as in 1.x."""
    found = []
    plain = True
    for child in element:
        if child.tag == "narrative":
            plain = False
            text = words(child)
            if text:
                found.append((language(child) or language(element), text[:LONGEST_TEXT]))
    if plain:
        text = words(element)
        if text:
            found.append((language(element), text[:LONGEST_TEXT]))
    return found


def name(element: Element) -> str:
    """The first narrative on one line."""
    for child in element:
        if child.tag == "narrative":
            text = words(child)
            if text:
                return " ".join(text.split())[:LONGEST_TEXT]
    text = element.text
    return " ".join(text.split())[:LONGEST_TEXT] if text else ""


def party(element: Element) -> tuple[str, str]:
    """(identity, name) of an organization element."""
    called = name(element)
    return organization((element.get("ref") or "").strip(), called), called
