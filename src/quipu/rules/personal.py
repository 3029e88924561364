"""Details of people in a text: addresses, telephones, numbers of identity, lists of who took part; told masked.

A number counts when its check digits are right, or when a word before it says what it is: a report is full of numbers,
and a warning at every amount would be read by nobody.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

MAIL, TELEPHONE, ACCOUNT, IDENTITY, PARTICIPANTS = "mail", "telephone", "account", "identity", "participants"
KINDS = {
    MAIL: "E-mail address",
    TELEPHONE: "Telephone number",
    ACCOUNT: "Bank account",
    IDENTITY: "Identity number",
    PARTICIPANTS: "List of participants",
}
NAMES = 5  # lines of names that make a list
WINDOW = 40  # lines behind a heading in which they stand
MOST = 200  # findings of one text: whoever reads them has understood long before


@dataclass(frozen=True, slots=True)
class Found:
    """One detail. piece: the page or paragraph it stands on, from 1; shown: masked."""

    kind: str
    piece: int
    shown: str


def look(pieces: Iterable[str]) -> list[Found]:
    """What stands in the pages or paragraphs of a text, each detail once, in their order."""
    found: dict[tuple[str, str], Found] = {}
    pieces = list(pieces)
    for number, piece in enumerate(pieces, 1):
        for kind, hit in _in(piece):
            if len(found) < MOST:
                found.setdefault((kind, hit), Found(kind, number, masked(kind, hit)))
    for number, count in _lists(pieces):
        found.setdefault((PARTICIPANTS, str(number)), Found(PARTICIPANTS, number, str(count)))
    return sorted(found.values(), key=lambda one: one.piece)


def masked(kind: str, hit: str) -> str:
    """As much of it as somebody needs who looks for the place."""
    if kind == MAIL:
        name, _, house = hit.partition("@")
        return f"{name[0]}…@{house[0]}….{house.rpartition('.')[2]}"
    signs = [place for place, sign in enumerate(hit) if sign.isalnum()]
    kept = {*signs[:2], *signs[-2:]}
    return "".join(sign if place in kept or not sign.isalnum() else "•" for place, sign in enumerate(hit))


_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,5}[A-Za-z]{2,24}\b")
_ABROAD = re.compile(
    r"(?<![\w.,+])(?:\+\d|00 ?[1-9]\d{0,2}[ ()./-])[\d ()./-]{6,18}\d(?!\w)"
)  # projects begin with 00, too
_CALLED = re.compile(
    r"\b(?:tel[eé]?fono|t[eé]l[eé]phone|telephone|phone|tel|cel|celular|m[oó]vil|mobile|portable|fax|whatsapp)\b"
    r"[.:\s]{0,4}(?:n[ºo°.]{0,2}\s?)?([(\d][\d ()./-]{5,18}\d)(?!\w)",
    re.I,
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_SPANISH = re.compile(r"\b[XYZ\d]\d{7}[ -]?[A-Z]\b")
_CHILEAN = re.compile(r"\b\d{1,2}\.?\d{3}\.?\d{3}-[\dkK]\b")
_BRAZILIAN = re.compile(r"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b")
_FRENCH = re.compile(r"\b[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d[\dAB] ?\d{3} ?\d{3} ?\d{2}\b")
_MACHINE = re.compile(r"\bP[<A-Z][A-Z]{3}[A-Z<]{20,}")
_NAMED = re.compile(
    r"\b(?:passport|pasaporte|passeport|d\.?n\.?i\.?|c[eé]dula|c\.c\.|carn[eé] de identidad|documento de identidad"
    r"|identity card|national id|id no|carte d.identit[eé]|c\.?u\.?i\.?|d\.?u\.?i\.?|curp|nif|nie)"
    r"(?:\s|n[ºo°]?\.?|num(?:ber|[eé]ro)?\.?|:|#|de identidad|de ciudadan[ií]a){0,6}\s*"
    r"((?=[A-Z\d.-]*\d{3})[A-Z\d][A-Z\d.-]{4,19}[A-Z\d])\b",
    re.I,
)


def _in(piece: str) -> Iterator[tuple[str, str]]:
    yield from ((MAIL, hit[0].lower()) for hit in _MAIL.finditer(piece))
    for pattern, group in ((_ABROAD, 0), (_CALLED, 1)):
        for hit in pattern.finditer(piece):
            if 6 <= sum(sign.isdigit() for sign in hit[group]) <= 15:
                yield TELEPHONE, " ".join(hit[group].split())
    yield from ((ACCOUNT, hit[0]) for hit in _IBAN.finditer(piece) if _is_iban(hit[0]))
    checked: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
        (_SPANISH, _is_spanish),
        (_CHILEAN, _is_chilean),
        (_BRAZILIAN, _is_brazilian),
        (_FRENCH, _is_french),
    )
    for pattern, is_right in checked:
        yield from ((IDENTITY, hit[0]) for hit in pattern.finditer(piece) if is_right(hit[0]))
    yield from ((IDENTITY, hit[1]) for hit in _NAMED.finditer(piece))
    yield from ((IDENTITY, hit[0]) for hit in _MACHINE.finditer(piece))


# Check digits, as the issuing houses define them


def _is_iban(text: str) -> bool:
    """ISO 13616: the first four signs moved to the end, letters as numbers, leave 1 when divided by 97."""
    plain = text.replace(" ", "")
    moved = plain[4:] + plain[:4]
    return 15 <= len(plain) <= 34 and int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def _is_spanish(text: str) -> bool:
    """Spain, DNI and NIE: the letter is the number's remainder by 23."""
    plain = text.replace(" ", "").replace("-", "")
    number = int(plain[:-1].translate(str.maketrans("XYZ", "012")))
    return plain[-1] == "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23]


def _is_chilean(text: str) -> bool:
    """Chile, RUT: modulo 11, weights 2 to 7 from the right."""
    number, _, digit = text.replace(".", "").partition("-")
    rest = 11 - sum(int(sign) * (2 + place % 6) for place, sign in enumerate(reversed(number))) % 11
    return digit.upper() == {11: "0", 10: "K"}.get(rest, str(rest))


def _is_brazilian(text: str) -> bool:
    """Brazil, CPF: two digits, each modulo 11 of those before it."""
    digits = [int(sign) for sign in text if sign.isdigit()]
    if len(set(digits)) == 1:
        return False
    for known in (9, 10):
        rest = sum(digit * (known + 1 - place) for place, digit in enumerate(digits[:known])) * 10 % 11 % 10
        if rest != digits[known]:
            return False
    return True


def _is_french(text: str) -> bool:
    """France, NIR: 97 less the number's remainder by 97; Corsica's letters stand for 19 and 18."""
    plain = text.replace(" ", "").replace("2A", "19", 1).replace("2B", "18", 1)
    return plain.isdigit() and len(plain) == 15 and int(plain[13:]) == 97 - int(plain[:13]) % 97


# Lists of who took part

_HEADING = re.compile(
    r"(lists? of participants|participants.? list|attendance (list|sheet)|list of beneficiaries|lista de (participantes|asist\w+"
    r"|beneficiari\w+)|registro de (asistencia|participantes)|planilla de asistencia|liste (des|de) (participant\w*|pr[eé]sence"
    r"|b[eé]n[eé]ficiaires)|feuille de pr[eé]sence)",
    re.I,
)
_CAPITAL = r"[A-ZÁÉÍÓÚÜÑÀÂÇÈÊËÎÏÔÛ]"
_PARTICLE = r"(?:de|del|la|las|los|y|da|do|dos|du|des|van|von|bin|al)"
_NAME = re.compile(
    rf"^\W*(?:\d{{1,4}}[.)\s-]+)?((?:{_CAPITAL}[\w'’.-]+|{_PARTICLE})(?:,?\s+(?:{_CAPITAL}[\w'’.-]*|{_PARTICLE})){{1,6}})"
)


def _lists(pieces: list[str]) -> Iterator[tuple[int, int]]:
    """(the page or paragraph where it begins, how many names) of each list."""
    lines = [(number, line) for number, piece in enumerate(pieces, 1) for line in piece.splitlines() if line.strip()]
    ends = 0
    for place, (number, line) in enumerate(lines):
        if place < ends:
            continue
        if _HEADING.search(line):
            count = sum(_is_name(one) for _, one in lines[place + 1 : place + 1 + WINDOW])
            if count >= NAMES:
                yield number, count
                ends = place + WINDOW
        elif _is_reached(line):
            run = 0
            while place + run < len(lines) and _is_reached(lines[place + run][1]):
                run += 1
            if run >= NAMES:
                yield number, run
            ends = place + run


def _is_name(line: str) -> bool:
    """Whether a line, or the first words of a row, is how a person is called."""
    first = next(filter(str.strip, line.split("\t")), "")
    words = line if first.strip(" .").isdigit() else first
    words = line.replace("\t", " ") if words == line else words
    hit = _NAME.match(words)
    return bool(hit) and len(words.split()) <= 14


def _is_reached(line: str) -> bool:
    """A row with a name and how that person is reached or identified."""
    return _is_name(line) and any(kind in (MAIL, TELEPHONE, IDENTITY) for kind, _ in _in(line))
